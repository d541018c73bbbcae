#pragma once
// What cannot be read twice, block by block: a pipe, FIFO or terminal. Nothing of it is kept.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "file/descriptor.hpp"
#include "file/input.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::file {

// Memory   a block and what is left of it, twice the longest line up to the limit.
class Stream {
public:
    // A longer line is too long for whoever reads lines. Of what is beyond only a control byte is
    // kept, since that would be told first.
    static constexpr std::size_t line_limit_bytes = std::size_t{8} << 20U;

    // "-" is standard input. SYS001.
    static Expected<Stream, Diagnostic> open(const std::string& path, std::size_t block_size_bytes);

    // The next whole lines, as an input of its own; the last line of the last block may lack its
    // line feed. Nothing at the end. SYS001.
    Expected<std::optional<Input>, Diagnostic> next();

private:
    Stream(std::string path, Descriptor opened, std::size_t block_size_bytes)
        : path_(std::move(path)), opened_(std::move(opened)), block_size_bytes_(block_size_bytes) {}

    struct Block {
        std::unique_ptr<char[]> bytes;
        std::size_t capacity = 0;
        std::size_t filled = 0;
    };
    Expected<void, Diagnostic> fill(Block& block);
    // Makes room behind a line that has not ended.
    void make_room(Block& block) const;

    std::string path_;
    Descriptor opened_;
    std::size_t block_size_bytes_;
    bool at_end_ = false;
    std::string rest_;  // of the last block: a line that has not ended
};

}  // namespace tsunagi::file
