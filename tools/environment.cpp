#include "environment.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>

#include <tsunagi/instruction_set.hpp>

namespace tool {

using tsunagi::Language;

void harden() noexcept {
    // A core file or another process of the same user would see members; nobody needs either.
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    umask(077);
    // A tool started with a closed stream must not write its talk into the first file it opens.
    for (int descriptor = 0; descriptor <= 2; ++descriptor)
        if (fcntl(descriptor, F_GETFD) == -1) static_cast<void>(open("/dev/null", O_RDWR));
}

void keep_freed_memory() noexcept {
    constexpr int kept_bytes = 64 << 20;       // at the end of the heap
    constexpr int from_heap_bytes = 16 << 20;  // more at once comes from the system
    mallopt(M_TRIM_THRESHOLD, kept_bytes);
    mallopt(M_MMAP_THRESHOLD, from_heap_bytes);
}

Language language_of(int argc, char** argv) {
    const auto from = [](std::string_view value) {
        return value.starts_with("ja") ? Language::japanese : Language::english;
    };
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--") break;
        if (argument.starts_with("--lang=")) return from(argument.substr(7));
        if (argument == "--lang" && i + 1 < argc) return from(argv[i + 1]);
    }
    for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(variable);
        if (value != nullptr && *value != '\0') return from(value);
    }
    return Language::english;
}

std::vector<std::string> data_folders(const char* variable, std::string_view name) {
    std::vector<std::string> folders;
    if (const char* value = std::getenv(variable); value != nullptr && *value != '\0')
        folders.emplace_back(value);
    std::array<char, PATH_MAX> path{};
    const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
    if (length > 0) {
        std::string here(path.data(), static_cast<std::size_t>(length));
        here.erase(here.rfind('/'));
        folders.push_back(here + "/" + std::string(name));
        folders.push_back(here + "/../" + std::string(name));
        folders.push_back(here + "/../" TSUNAGI_DATA_FOLDER "/" + std::string(name));
    }
    return folders;
}

tsunagi::Expected<void, tsunagi::Diagnostic> choose_instruction_set() {
    const char* name = std::getenv("TSUNAGI_INSTRUCTION_SET");
    if (name == nullptr || *name == '\0') return {};
    const auto set = tsunagi::find_instruction_set(name);
    if (!set || !tsunagi::has_instruction_set(*set))
        return tsunagi::Unexpected{
            tsunagi::trouble(tsunagi::Code::SYS004, "", 0,
                             {"TSUNAGI_INSTRUCTION_SET wants avx512, avx2, sse2 or scalar, and a "
                              "processor that has it",
                              "TSUNAGI_INSTRUCTION_SET は、この処理装置が備える avx512, avx2, "
                              "sse2, scalar のいずれかです"})};
    limit_instruction_set(*set);
    return {};
}

}  // namespace tool
