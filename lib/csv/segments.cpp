#include "csv/segments.hpp"

namespace tsunagi::csv {

std::vector<Segment> cut_segments(std::span<const file::Input> inputs,
                                  std::uint64_t segment_bytes) {
    std::vector<Segment> segments;
    for (std::size_t index = 0; index < inputs.size(); ++index) {
        const std::uint64_t size = inputs[index].size_bytes();
        std::uint64_t begin = 0;
        do {
            const std::uint64_t end = std::min(size, begin + segment_bytes);
            segments.push_back({.file_index = index,
                                .begin = begin,
                                .end = end,
                                .first_of_file = begin == 0,
                                .last_of_file = end == size});
            begin = end;
        } while (begin < size);
    }
    return segments;
}

Expected<std::unique_ptr<const Segment>, Diagnostic> SegmentSource::next() {
    if (file_index_ == inputs_.size()) return std::unique_ptr<const Segment>();
    if (inputs_[file_index_].is_stream()) return next_of_stream();
    const std::uint64_t size = inputs_[file_index_].size_bytes();
    const std::uint64_t end = std::min(size, begin_ + segment_bytes_);
    auto segment = std::make_unique<const Segment>(Segment{.file_index = file_index_,
                                                           .begin = begin_,
                                                           .end = end,
                                                           .first_of_file = begin_ == 0,
                                                           .last_of_file = end == size});
    begin_ = end;
    if (end == size) {
        ++file_index_;
        begin_ = 0;
    }
    return segment;
}

Expected<std::unique_ptr<const Segment>, Diagnostic> SegmentSource::next_of_stream() {
    const bool is_first = !stream_;
    if (is_first) {
        auto opened = file::Stream::open(inputs_[file_index_].path(),
                                         static_cast<std::size_t>(segment_bytes_));
        if (!opened) return Unexpected{std::move(opened).error()};
        stream_.emplace(std::move(*opened));
    }
    auto block = stream_->next();
    if (!block) return Unexpected{std::move(block).error()};
    const bool is_last = !*block;
    if (is_last) *block = file::Input::of_bytes(inputs_[file_index_].path(), nullptr, 0);
    const std::uint64_t size = (*block)->size_bytes();
    auto segment = std::make_unique<const Segment>(
        Segment{.file_index = file_index_,
                .begin = 0,
                .end = size,
                .first_of_file = is_first,
                .last_of_file = is_last,
                .block = std::make_shared<const file::Input>(std::move(**block))});
    if (is_last) {
        stream_.reset();
        ++file_index_;
    }
    return segment;
}

}  // namespace tsunagi::csv
