#pragma once
// File systems on which neither a lock nor an SQLite file can be trusted.

#include <cstdint>
#include <string>

namespace tsunagi::file {

// By the number that statfs(2) tells: NFS, SMB, AFS, Ceph, 9P, FUSE and their like. FUSE may be
// local, but nothing says so, and sshfs is FUSE.
bool is_network_file_system(std::uint64_t statfs_type) noexcept;

// Whether a path, or where it is absent its folder, is on one. False where nothing can be told:
// whoever opens it finds that out.
bool is_on_network(const std::string& path) noexcept;

}  // namespace tsunagi::file
