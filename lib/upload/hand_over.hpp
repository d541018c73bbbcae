#pragma once
// The hand-over sheet (送付票): what lies on the medium, to be printed, signed and stamped.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "file/output.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::upload {

inline constexpr std::string_view hand_over_name = "handover.html";

struct HandOver {
    const Layout& layout;
    std::string_view insurer_number;
    Moment as_of;
    std::span<const file::OutputFolder::Published> files;  // as they are handed over
    std::span<const std::uint64_t> rows;                   // of each
};

// A self-contained page in Japanese, A4, UTF-8: files, rows, bytes and SHA-256; the medium, names
// and stamps are left blank. The same facts give the same bytes.
std::string format_hand_over(const HandOver& facts);

}  // namespace tsunagi::upload
