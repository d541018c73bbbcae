#pragma once
// A folder that goes away with the test.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <stdlib.h>

#include <doctest/doctest.h>

namespace unit {

class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "tsunagi-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }

    const std::string& path() const noexcept { return path_; }
    std::string operator/(std::string_view name) const {
        return std::string(path_).append("/").append(name);
    }
    // The path of the file that was written.
    std::string put(std::string_view name, std::string_view bytes) const {
        std::string path = *this / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    std::string read(std::string_view name) const {
        std::ifstream in(*this / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

private:
    std::string path_;
};

}  // namespace unit
