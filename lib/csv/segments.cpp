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

}  // namespace tsunagi::csv
