#pragma once
// A copy of a shipped profile to change cells in, and what is found wrong with it then.

#include <tsunagi/schema.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace profile_copy {

using namespace tsunagi;

inline const std::string shipped = std::string(TSUNAGI_SOURCE_FOLDER) + "/schemas";

// A copy of a shipped profile that goes away with the test.
class Copy {
public:
    explicit Copy(const std::string& profile = "briefing-2017") {
        std::string name = (std::filesystem::temp_directory_path() / "schema-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
        std::filesystem::copy(shipped + "/" + profile, folder_ + "/own",
                              std::filesystem::copy_options::recursive);
    }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    ~Copy() { std::filesystem::remove_all(folder_); }

    std::string folder() const { return folder_ + "/own"; }
    std::string path(const std::string& file) const { return folder() + "/" + file; }

    std::string read(const std::string& file) const {
        std::ostringstream out;
        out << std::ifstream(path(file), std::ios::binary).rdbuf();
        return out.str();
    }
    void write(const std::string& file, const std::string& bytes) const {
        std::ofstream(path(file), std::ios::binary) << bytes;
    }
    // Replaces the one place where `from` stands.
    void edit(const std::string& file, const std::string& from, const std::string& to) const {
        auto bytes = read(file);
        const auto at = bytes.find(from);
        CAPTURE(file);
        CAPTURE(from);
        REQUIRE(at != std::string::npos);
        REQUIRE(bytes.find(from, at + 1) == std::string::npos);
        write(file, bytes.replace(at, from.size(), to));
    }

private:
    std::string folder_;
};

class Collector final : public DiagnosticSink {
public:
    void emit(const Diagnostic& diagnostic) override { all.push_back(diagnostic); }
    void count(Code, Severity, std::uint64_t) override {}
    std::vector<Diagnostic> all;
};

inline std::vector<Diagnostic> faults_of(const std::string& folder) {
    Collector sink;
    const auto checked = Schema::check(folder, sink);
    REQUIRE(checked.has_value());
    CHECK(*checked == sink.all.empty());
    return sink.all;
}

inline Schema load(const std::string& folder) {
    auto schema = Schema::load(folder);
    if (!schema) {
        MESSAGE(schema.error().path);
        MESSAGE(schema.error().at.line_number);
        MESSAGE(std::string(schema.error().detail.text(Language::english)));
    }
    REQUIRE(schema.has_value());
    return *std::move(schema);
}

}  // namespace profile_copy
