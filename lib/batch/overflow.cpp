#include "batch/overflow.hpp"

namespace tsunagi::batch {

Expected<bool, Diagnostic> Overflow::may_stay(std::uint64_t size_bytes) {
    if (limit_.bytes == 0 || kept_bytes_ + size_bytes <= limit_.bytes / 2) {
        kept_bytes_ += size_bytes;
        return true;
    }
    if (spill_) return false;
    if (limit_.work_folder.empty())
        return Unexpected{trouble(
            Code::SYS004, "", 0,
            {"the rules over many rows need more than --memory; --work names a folder for the rest",
             "複数行の検査に --memory を超えるメモリが必要です。--work で作業フォルダーを指定して"
             "ください"})};
    auto opened = file::Spill::open(limit_.work_folder);
    if (!opened) return Unexpected{std::move(opened).error()};
    spill_.emplace(std::move(*opened));
    return false;
}

Expected<file::Spill::Piece, Diagnostic> Overflow::spill_words(std::vector<std::uint64_t>& words) {
    auto piece = spill_->write({reinterpret_cast<const char*>(words.data()), words.size() * 8});
    std::vector<std::uint64_t>().swap(words);
    return piece;
}

Expected<std::span<const std::uint64_t>, Diagnostic> Overflow::words(
    const file::Spill::Piece& piece, std::vector<std::uint64_t>& buffer) const {
    buffer.resize(static_cast<std::size_t>(piece.size_bytes / 8));
    auto read = spill_->read(piece, 0, {reinterpret_cast<char*>(buffer.data()), buffer.size() * 8});
    if (!read) return Unexpected{std::move(read).error()};
    return std::span<const std::uint64_t>(buffer);
}

}  // namespace tsunagi::batch
