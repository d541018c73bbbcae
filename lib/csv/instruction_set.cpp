// The choice of the instruction set, made once for all scanners.

#include <tsunagi/instruction_set.hpp>

#include <array>
#include <utility>

namespace tsunagi {

namespace {

// Best first.
constexpr std::array<std::pair<std::string_view, InstructionSet>, 4> sets = {
    {{"avx512", InstructionSet::avx512},
     {"avx2", InstructionSet::avx2},
     {"sse2", InstructionSet::sse2},
     {"scalar", InstructionSet::scalar}}};

InstructionSet limit = InstructionSet::avx512;

}  // namespace

std::optional<InstructionSet> find_instruction_set(std::string_view name) noexcept {
    for (const auto& [set_name, set] : sets)
        if (set_name == name) return set;
    return std::nullopt;
}

bool has_instruction_set(InstructionSet set) noexcept {
    switch (set) {
        case InstructionSet::avx512:
            return __builtin_cpu_supports("avx512f") != 0 &&
                   __builtin_cpu_supports("pclmul") != 0 &&
                   __builtin_cpu_supports("avx512bw") != 0 &&
                   __builtin_cpu_supports("avx512vbmi") != 0 &&
                   __builtin_cpu_supports("avx512vbmi2") != 0 &&
                   __builtin_cpu_supports("popcnt") != 0 && __builtin_cpu_supports("bmi") != 0 &&
                   __builtin_cpu_supports("bmi2") != 0;
        case InstructionSet::avx2:
            return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("pclmul") != 0 &&
                   __builtin_cpu_supports("popcnt") != 0 && __builtin_cpu_supports("bmi") != 0 &&
                   __builtin_cpu_supports("bmi2") != 0;
        case InstructionSet::sse2:
        case InstructionSet::scalar: break;
    }
    return true;
}

InstructionSet instruction_set() noexcept {
    for (const auto& [name, set] : sets)
        if (set <= limit && has_instruction_set(set)) return set;
    return InstructionSet::scalar;
}

void limit_instruction_set(InstructionSet set) noexcept { limit = set; }

}  // namespace tsunagi
