#include "file/network.hpp"

#include <algorithm>
#include <array>

#include <sys/vfs.h>

#include "file/descriptor.hpp"

namespace tsunagi::file {

namespace {

// Values of linux/magic.h and of the file systems' own sources.
constexpr std::array<std::uint64_t, 13> network_types{
    0x6969,      // NFS
    0x517B,      // SMB
    0xFF534D42,  // CIFS
    0xFE534D42,  // SMB2
    0x564C,      // NCP
    0x5346414F,  // AFS
    0x6B414653,  // kAFS
    0x73757245,  // Coda
    0x00C36400,  // Ceph
    0x01021997,  // 9P
    0x65735546,  // FUSE
    0x0BD00BD0,  // Lustre
    0x786F4256,  // VirtualBox shared folder
};

}  // namespace

bool is_network_file_system(std::uint64_t statfs_type) noexcept {
    return std::ranges::find(network_types, statfs_type) != network_types.end();
}

bool is_on_network(const std::string& path) noexcept {
    struct statfs facts {};
    if (::statfs(path.c_str(), &facts) != 0 && ::statfs(place_of(path).folder.c_str(), &facts) != 0)
        return false;
    return is_network_file_system(static_cast<std::uint64_t>(facts.f_type) & 0xFFFF'FFFFU);
}

}  // namespace tsunagi::file
