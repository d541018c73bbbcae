#pragma once
/// Which vector instructions the scanners use: the best that the processor has, unless told less.
/// For tests and benchmarks; every set finds the same.

#include <cstdint>
#include <optional>
#include <string_view>

#include <tsunagi/export.hpp>

namespace tsunagi {

enum class InstructionSet : std::uint8_t { scalar, sse2, avx2, avx512 };

/// "scalar", "sse2", "avx2" or "avx512"; nothing for any other name.
TSUNAGI_EXPORT std::optional<InstructionSet> find_instruction_set(std::string_view name) noexcept;

TSUNAGI_EXPORT bool has_instruction_set(InstructionSet set) noexcept;

/// The one in use.
TSUNAGI_EXPORT InstructionSet instruction_set() noexcept;

/// No better than `set` from now on, for the whole process. Not thread-safe: before any work.
TSUNAGI_EXPORT void limit_instruction_set(InstructionSet set) noexcept;

}  // namespace tsunagi
