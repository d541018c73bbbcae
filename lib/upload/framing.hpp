#pragma once
// Upload files between control records, where the profile has them.

#include "file/output.hpp"
#include "upload/upload_files.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::upload {

// Finishes the last file, and writes all once more with their control records, which say how many
// rows there are: before anything else is put into the folder. Nothing happens to them where the
// profile has none. SYS001, SYS002.
Expected<void, Diagnostic> frame_files(file::OutputFolder& folder, const Profile& profile,
                                       const UploadFiles& files, Date month);

}  // namespace tsunagi::upload
