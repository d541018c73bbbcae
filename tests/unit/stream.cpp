// What cannot be read twice: blocks of whole lines, and copies of it.
// Method: a pipe that a thread fills with made-up lines.

#include "file/stream.hpp"

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.hpp"

using namespace tsunagi;
using file::Input;
using file::Stream;

namespace {

// Writes into a pipe while it lives; `path` reads it.
class Pipe {
public:
    explicit Pipe(std::string bytes) : bytes_(std::move(bytes)) {
        REQUIRE(::pipe(ends_) == 0);
        path = fmt::format("/dev/fd/{}", ends_[0]);
        writer_ = std::jthread([this] {
            std::string_view rest = bytes_;
            while (!rest.empty()) {
                const ssize_t size = ::write(ends_[1], rest.data(), rest.size());
                if (size <= 0) break;
                rest.remove_prefix(static_cast<std::size_t>(size));
            }
            ::close(ends_[1]);
        });
    }
    ~Pipe() {
        writer_.join();
        ::close(ends_[0]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    std::string path;

private:
    std::string bytes_;
    int ends_[2] = {-1, -1};
    std::jthread writer_;
};

std::string text_of(const Input& input) {
    std::string text(static_cast<std::size_t>(input.size_bytes()), '\0');
    const auto got = input.read_at(0, text);
    REQUIRE(got.has_value());
    CHECK(*got == text.size());
    return text;
}

std::vector<std::string> blocks_of(const std::string& bytes, std::size_t block_size_bytes) {
    const Pipe pipe(bytes);
    auto stream = Stream::open(pipe.path, block_size_bytes);
    REQUIRE(stream.has_value());
    std::vector<std::string> blocks;
    while (true) {
        const auto block = stream->next();
        REQUIRE(block.has_value());
        if (!*block) return blocks;
        CHECK((*block)->path() == pipe.path);
        blocks.push_back(text_of(**block));
    }
}

}  // namespace

TEST_CASE("a stream comes in blocks of whole lines, and nothing of it is lost") {
    std::mt19937_64 random(7);
    std::string lines;
    for (int i = 0; i < 3000; ++i)
        lines.append(random() % 200, static_cast<char>('a' + random() % 26)) += '\n';
    for (const std::string& text :
         {std::string(), std::string("\n"), std::string("no end"), std::string("a\nb"), lines,
          lines + "rest", std::string(100'000, '\n')}) {
        for (const std::size_t size :
             {std::size_t{1}, std::size_t{64}, std::size_t{4096}, std::size_t{10} << 20U}) {
            std::string joined;
            const auto blocks = blocks_of(text, size);
            for (std::size_t i = 0; i < blocks.size(); ++i) {
                CHECK_FALSE(blocks[i].empty());
                if (i + 1 < blocks.size()) CHECK(blocks[i].back() == '\n');
                joined += blocks[i];
            }
            CHECK(joined == text);
        }
    }
}

TEST_CASE("of a line beyond the limit its length, its end and a control byte remain") {
    constexpr std::size_t limit = Stream::line_limit_bytes;
    const auto shortened = [](const std::string& line) {
        const auto blocks = blocks_of("first\n" + line + "last", 1000);
        std::string joined;
        for (const std::string& block : blocks) joined += block;
        REQUIRE(joined.starts_with("first\n"));
        REQUIRE(joined.ends_with("last"));
        return joined.substr(6, joined.size() - 10);
    };
    const auto is_control = [](char c) { return c == '\t' || c == '\r'; };
    const std::string plain = shortened(std::string(5 * limit, 'x') + "\r\n");
    CHECK(plain.size() > limit);
    CHECK(plain.size() < 3 * limit);
    CHECK(plain.ends_with("x\r\n"));
    CHECK(plain.find('\n') == plain.size() - 2 + 1);
    CHECK(std::ranges::count_if(plain, is_control) == 1);
    std::string spoilt(5 * limit, 'x');
    for (const std::size_t place : {std::size_t{10}, 2 * limit - 1, 2 * limit, 3 * limit + 5}) {
        std::string line = spoilt;
        line[place] = '\t';
        const std::string kept = shortened(line + "\n");
        CHECK(std::ranges::count_if(kept, is_control) == 1);
        CHECK(kept.ends_with("x\n"));
    }
    // A CR that stands just before the place where bytes are dropped.
    for (std::size_t at = 2 * limit - 3; at < 2 * limit + 3; ++at) {
        const std::string kept = shortened(std::string(at, 'x') + "\r\n");
        CHECK(kept.ends_with("x\r\n"));
        CHECK(std::ranges::count_if(kept, is_control) == 1);
    }
}

TEST_CASE("a pipe that is read twice is copied, into memory or into the work folder") {
    const unit::Folder folder;
    std::mt19937_64 random(11);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 18U,
                                   (std::size_t{1} << 18U) + 1, std::size_t{3'000'000}}) {
        std::string bytes(size, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        for (const bool spills : {false, true}) {
            const Pipe pipe(bytes);
            const std::string work = folder.path() + "/work";
            const auto input = Input::open(pipe.path, spills ? work : std::string());
            REQUIRE(input.has_value());
            CHECK_FALSE(input->is_stream());
            CHECK(text_of(*input) == bytes);
            for (int i = 0; i < 50 && size != 0; ++i) {
                const std::size_t begin = random() % size;
                std::string part(1 + random() % 300'000, '\0');
                const auto got = input->read_at(begin, part);
                REQUIRE(got.has_value());
                CHECK(part.substr(0, *got) == bytes.substr(begin, part.size()));
            }
            if (spills) CHECK(std::filesystem::is_empty(work));
        }
    }
}

TEST_CASE("a stream that is read once is not opened before its turn") {
    const unit::Folder folder;
    const std::string fifo = folder.path() + "/fifo";
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    const auto input = Input::open_file(fifo);  // nobody writes: opening it would wait for ever
    REQUIRE(input.has_value());
    CHECK(input->is_stream());
    CHECK(input->size_bytes() == 0);
    CHECK_FALSE(Input::open_file(folder.path() + "/missing").has_value());
    CHECK_FALSE(Input::open_file(folder.path()).has_value());
    CHECK_FALSE(Stream::open(folder.path(), 100).has_value());
}
