#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <tsunagi/composition.hpp>

#include "file/output.hpp"

namespace tsunagi {
namespace {

std::string fault_list_of(const Composer& composer) {
    std::string list = "line,member_id,fault,codes\n";
    for (const PlacedFault& fault : composer.placed_faults())
        list += fmt::format("{},{},{},{}\n", fault.line_number, fault.member_id, fault.kind,
                            fault.codes);
    return list;
}

}  // namespace

Expected<void, Diagnostic> write_composition(Composer& composer, const CompositionFiles& files) {
    auto output = file::Output::create(files.output, files.overwrite);
    if (!output) return Unexpected{std::move(output).error()};
    std::optional<file::Output> list;
    if (!files.fault_list.empty()) {
        auto created = file::Output::create(files.fault_list, files.overwrite);
        if (!created) return Unexpected{std::move(created).error()};
        list.emplace(std::move(*created));
    }

    for (auto block = composer.next_block(); !block.empty(); block = composer.next_block())
        if (auto written = output->write(block); !written) return written;
    if (list) {
        if (auto written = list->write(fault_list_of(composer)); !written) return written;
        if (auto published = list->publish(); !published) return published;
    }
    return output->publish();
}

}  // namespace tsunagi
