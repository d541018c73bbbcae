#pragma once
// A temporary file in the folder where its contents are to appear.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "file/descriptor.hpp"

namespace tsunagi::file {

// `.tsunagi-HASH-RANDOM.tmp`: says whose it is, and nothing about what is in it. HASH is of the
// name it will take, so that a run that was killed is cleaned up by the next one that writes there.
bool is_temporary_name(std::string_view name) noexcept;

// Held under a kernel lock as long as its descriptor is open: one that nobody holds was left by a
// killed run. All functions return 0 or errno.
class Temporary {
public:
    Temporary() = default;
    Temporary(Temporary&& other) noexcept;
    Temporary& operator=(Temporary&& other) noexcept;
    ~Temporary();  // removed, unless it was renamed

    // `folder` must outlive this.
    const std::string& name() const noexcept { return name_; }
    int create(int folder, std::string_view final_name, unsigned mode = 0600);
    int write(std::string_view bytes) noexcept { return write_all(opened_.number(), bytes); }
    // Asks the system to begin to put these bytes on the disk, for finish() to wait the less. What
    // goes wrong is told there.
    void begin_write_back(std::uint64_t offset, std::uint64_t size_bytes) noexcept;
    // fsync and close, both checked. With `keep_lock` a second descriptor is what is closed, so
    // that nobody takes the file for abandoned before it is renamed.
    int finish(bool keep_lock) noexcept;
    // What finish(false) would make durable and close, for somebody else to do it.
    Descriptor release() noexcept { return std::move(opened_); }
    // Appears under its final name. Without `replace`, EEXIST where that name is taken.
    int rename(bool replace) noexcept;

private:
    void remove() noexcept;
    Descriptor opened_;
    int folder_ = -1;
    std::string name_;  // empty: nothing to remove
    std::string final_name_;
};

// Removes what a killed run left: temporary files for `final_name` (any, where empty) without a
// holder.
void remove_abandoned(int folder, std::string_view final_name);

// The names in a folder, without `.` and `..`.
int list_folder(int folder, std::vector<std::string>& names);

}  // namespace tsunagi::file
