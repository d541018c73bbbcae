#include <cerrno>

#include <sys/stat.h>

#include "file/output.hpp"

namespace tsunagi::file {

Expected<void, Diagnostic> leave_without_manifest(const std::string& folder,
                                                  std::initializer_list<LooseFile> files) {
    struct stat facts {};
    if (::lstat((folder + "/manifest.csv").c_str(), &facts) == 0)
        return Unexpected{trouble(Code::SYS002, folder, EEXIST,
                                  {"the folder holds the output of another run",
                                   "フォルダーに別の処理の出力があります"})};
    for (const LooseFile& file : files) {
        auto output = Output::create(folder + "/" + std::string(file.name), true);
        if (!output) return Unexpected{std::move(output).error()};
        if (auto written = output->write(file.bytes); !written) return written;
        if (auto published = output->publish(); !published) return published;
    }
    return {};
}

}  // namespace tsunagi::file
