#include "validation/samples.hpp"

#include <algorithm>
#include <tuple>

namespace tsunagi::validation {

void Samples::add(Sample sample) {
    count(sample.code);
    if (!has_room(sample.code)) return;
    ++kept_[tsunagi::index_of(sample.code)];
    samples_.push_back(std::move(sample));
}

void Samples::append(Samples&& later, std::uint64_t rows_before) {
    for (std::size_t i = 0; i < code_count; ++i) totals_[i] += later.totals_[i];
    for (Sample& sample : later.samples_) {
        if (!has_room(sample.code)) continue;
        ++kept_[tsunagi::index_of(sample.code)];
        if (sample.row_number != 0) sample.row_number += rows_before;
        samples_.push_back(std::move(sample));
    }
}

void Samples::emit(const Schema& schema, const Layout& layout,
                   std::span<const std::uint64_t> lines_before, DiagnosticSink& sink) {
    std::ranges::stable_sort(samples_, [](const Sample& a, const Sample& b) {
        return std::tie(a.file_index, a.row_number, a.column_number) <
               std::tie(b.file_index, b.row_number, b.column_number);
    });
    const auto line_of = [lines_before](std::uint32_t file_index, std::uint64_t row) {
        return row == 0 ? 0 : row + lines_before[file_index];
    };
    for (const Sample& sample : samples_) {
        Diagnostic diagnostic;
        diagnostic.code = sample.code;
        diagnostic.severity = schema.profile().severity_of(sample.code);
        diagnostic.at = {sample.file_index + 1, line_of(sample.file_index, sample.row_number),
                         sample.row_number, sample.column_number};
        if (sample.related_file != 0)
            diagnostic.related = {sample.related_file,
                                  line_of(sample.related_file - 1, sample.related_row),
                                  sample.related_row, 0};
        if (sample.wanted != 0 || sample.found != 0) {
            if (sample.wanted != 0) diagnostic.wanted = sample.wanted;
            diagnostic.found = sample.found;
        }
        if (sample.column_number != 0)
            name_item(diagnostic, layout.items[sample.column_number - 1]);
        diagnostic.record_id = sample.record_id;
        sink.emit(diagnostic);
    }
    for (std::size_t i = 0; i < code_count; ++i)
        if (totals_[i] > kept_[i])
            sink.count(static_cast<Code>(i), schema.profile().severity_of(static_cast<Code>(i)),
                       totals_[i] - kept_[i]);
}

}  // namespace tsunagi::validation
