// What is spilled comes back as it was, or not at all; nothing of it has a name.

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "digest/frame_cipher.hpp"
#include "file/spill.hpp"

using namespace tsunagi;

namespace {

struct Folder {
    Folder() { REQUIRE(mkdtemp(path) != nullptr); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }
    char path[32] = "/tmp/tsunagi-unit-XXXXXX";
};

std::string random_bytes(std::mt19937_64& random, std::size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    return bytes;
}

}  // namespace

TEST_CASE("a frame opens under its own number alone, and not with one bit changed") {
    std::mt19937_64 random(1);
    const auto cipher = digest::FrameCipher::make();
    const auto other = digest::FrameCipher::make();
    REQUIRE((cipher.has_value() && other.has_value()));
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{300}}) {
        const std::string plain = random_bytes(random, size);
        std::string sealed(size + digest::FrameCipher::tag_size_bytes, '\0');
        std::string opened(size, '\0');
        REQUIRE(cipher->seal(7, plain, sealed.data()));
        REQUIRE(cipher->unseal(7, sealed, opened.data()));
        CHECK((opened == plain));
        CHECK((size < 20 || sealed.find(plain.substr(0, 8)) == std::string::npos));
        CHECK_FALSE(cipher->unseal(8, sealed, opened.data()));
        CHECK_FALSE(other->unseal(7, sealed, opened.data()));
        CHECK_FALSE(cipher->unseal(7, std::string_view(sealed).substr(1), opened.data()));
        for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
            std::string changed = sealed;
            changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
            if (cipher->unseal(7, changed, opened.data())) FAIL("a changed bit went unnoticed");
        }
    }
}

TEST_CASE("pieces are read back from any place, and the folder stays empty") {
    std::mt19937_64 random(2);
    const Folder parent;
    const std::string folder = std::string(parent.path) + "/work";
    auto spill = file::Spill::open(folder);
    REQUIRE(spill.has_value());
    struct stat facts {};
    REQUIRE(stat(folder.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777U) == 0700);
    std::vector<std::pair<std::string, file::Spill::Piece>> pieces;
    for (const std::size_t size : {0U, 1U, 65'535U, 65'536U, 65'537U, 400'000U}) {
        std::string bytes = random_bytes(random, size);
        const auto piece = spill->write(bytes);
        REQUIRE(piece.has_value());
        pieces.emplace_back(std::move(bytes), *piece);
    }
    CHECK(std::filesystem::is_empty(folder));
    for (const auto& [bytes, piece] : pieces)
        for (int round = 0; round < 40; ++round) {
            const std::size_t begin = round == 0 ? 0 : random() % (bytes.size() + 1);
            const std::size_t size =
                round == 0 ? bytes.size() : random() % (bytes.size() - begin + 1);
            std::string found(size, '\0');
            REQUIRE(spill->read(piece, begin, found).has_value());
            CHECK((found == bytes.substr(begin, size)));
        }
}

TEST_CASE("a work folder that others may write to, or that is none, is refused") {
    const Folder parent;
    const std::string open_to_all = std::string(parent.path) + "/open";
    std::filesystem::create_directory(open_to_all);
    REQUIRE(chmod(open_to_all.c_str(), 0777) == 0);
    CHECK(file::Spill::open(open_to_all).error().code == Code::SYS002);
    CHECK(file::Spill::open(std::string(parent.path) + "/a/b").error().code == Code::SYS002);
    CHECK(file::Spill::open("/dev/null").error().code == Code::SYS002);
}
