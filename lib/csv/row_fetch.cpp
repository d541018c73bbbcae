#include "csv/row_fetch.hpp"

namespace tsunagi::csv {

namespace {

constexpr std::uint64_t near_bytes = 2048;         // nearer than a system call
constexpr std::uint64_t window_bytes = 64 * 1024;  // read in one go where rows stand close together

}  // namespace

Expected<const Row*, Diagnostic> RowFetch::find(std::uint64_t offset_bytes) {
    const bool is_near = offset_bytes >= next_ && offset_bytes - next_ < near_bytes;
    if (!is_near || offset_bytes >= end_) {
        end_ = offset_bytes + (is_near ? window_bytes : near_bytes);
        reader_.seek(offset_bytes, end_);
    }
    do {
        const auto more = reader_.next(row_);
        if (!more) return Unexpected{more.error()};
        if (!*more) return nullptr;
        next_ = row_.offset_bytes + row_.bytes.size() + 1;
    } while (row_.offset_bytes < offset_bytes);
    return row_.offset_bytes == offset_bytes ? &row_ : nullptr;
}

}  // namespace tsunagi::csv
