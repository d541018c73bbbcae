// How a file or a stream starts: what is to be known before its first row.

#include <array>

#include "validation/file_scan.hpp"

namespace tsunagi::validation {

namespace {

// Bytes of a byte order mark at the start of a file.
std::size_t mark_bytes(std::string_view start) noexcept {
    if (start.starts_with("\xEF\xBB\xBF")) return 3;
    if (start.starts_with("\xFE\xFF") || start.starts_with("\xFF\xFE")) return 2;
    return 0;
}

Expected<std::size_t, Diagnostic> mark_of(const file::Input& input) {
    std::array<char, 3> start{};
    const auto got = input.read_at(0, start);
    if (!got) return Unexpected{got.error()};
    return mark_bytes({start.data(), *got});
}

}  // namespace

Expected<void, Diagnostic> FileScan::open() {
    for (const std::string& path : options_.files) {
        auto input = reads_once() ? file::Input::open_file(path)
                                  : file::Input::open(path, options_.memory.work_folder);
        if (!input) return Unexpected{std::move(input).error()};
        has_stream_ |= input->is_stream();
        FileFacts& facts = facts_.emplace_back();
        lines_before_.push_back(schema_.profile().header ? 1U : 0U);
        if (auto looked = look_at_file(*input, facts); !looked) return looked;
        const auto mark = mark_of(*input);
        if (!mark) return Unexpected{mark.error()};
        begins_.push_back(*mark);
        result_.bytes += input->size_bytes();
        inputs_.push_back(std::move(*input));
    }
    return {};
}

// Whether no row is wanted again once it has passed, and nothing is to be known of a file before.
bool FileScan::reads_once() const {
    const bool looks_at_files = known_ != nullptr || schema_.profile().control_records;
    return !(layout_.kind == LayoutKind::upload && looks_at_files) &&
           (is_plain_list() || !batch::looks_at_rows(*rules_));
}

// What the rows do not tell: whether the file was sent, and its control records, which go.
Expected<void, Diagnostic> FileScan::look_at_file(file::Input& input, FileFacts& facts) {
    facts.is_blank = input.size_bytes() == 0;
    if (layout_.kind != LayoutKind::upload) return {};
    if (known_ != nullptr) {
        const auto was_sent = known_->has_sent(input);
        if (!was_sent) return Unexpected{was_sent.error()};
        facts.was_sent = *was_sent;
    }
    if (!schema_.profile().control_records) return {};
    auto unframed = csv::unframe(input);
    if (!unframed) return Unexpected{std::move(unframed).error()};
    facts.unterminated = unframed->is_cut;
    facts.wrong_count = !unframed->agrees;
    facts.rows_wanted = unframed->wanted;
    lines_before_.back() += unframed->lines_before;
    input = std::move(unframed->rows);
    return {};
}

Expected<std::uint64_t, Diagnostic> FileScan::first_row_begin(const csv::Segment& segment) {
    if (segment.block && segment.first_of_file) {
        const auto mark = mark_of(*segment.block);
        if (!mark) return Unexpected{mark.error()};
        begins_[segment.file_index] = *mark;  // the first segment's worker alone writes it
    }
    if (segment.first_of_file) return begins_[segment.file_index];
    if (segment.block) return std::uint64_t{0};
    return csv::RowReader::next_row_begin(inputs_[segment.file_index], segment.begin, segment.end);
}

}  // namespace tsunagi::validation
