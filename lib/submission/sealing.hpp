#pragma once
// The upload files of a run as they were made, and as they are handed over.

#include <optional>
#include <string>
#include <vector>

#include "digest/envelope.hpp"
#include "file/output.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::submission {

inline constexpr std::string_view sealed_suffix = ".p7m";

// Made before the lists are begun: the finished files of the folder are the upload files.
struct PlainFiles {
    std::vector<file::OutputFolder::Published> files;
    std::optional<file::OutputFolder::Draft> draft{};  // where the folder has sealed ones instead

    Expected<file::Input, Diagnostic> read(const file::OutputFolder& folder,
                                           std::size_t index) const {
        return draft ? draft->read(index) : folder.read(index);
    }
};

// SYS004 where the file is not a certificate that can receive. SYS001.
Expected<digest::Recipient, Diagnostic> read_recipient(const std::string& path);

// Finishes the upload files; with a recipient the folder gets them sealed, under their names with a
// suffix, and the plain ones are gone with the result.
Expected<PlainFiles, Diagnostic> seal_files(file::OutputFolder& folder,
                                            const std::optional<digest::Recipient>& recipient);

}  // namespace tsunagi::submission
