#include "text/walk.hpp"

#include "text/ascii.hpp"

namespace tsunagi::text {

namespace {

// Spaces are few: the walk stops at each and asks whether it stands at an end or behind another.
class Spaces {
public:
    explicit Spaces(const char* begin) noexcept : end_of_last_(begin) {}
    void add(const char* begin, const char* end, Walk& walk) noexcept {
        walk.stray_space |= begin == end_of_last_;
        end_of_last_ = end;
    }
    void finish(const char* end, Walk& walk) const noexcept {
        walk.stray_space |= end == end_of_last_;
    }

private:
    const char* end_of_last_;
};

constexpr unsigned byte_of(char c) noexcept { return static_cast<unsigned char>(c); }

}  // namespace

Walker::Walker(Encoding encoding, AcceptedSet accepted, bool glances) : encoding_(encoding) {
    if (encoding == Encoding::utf8) {
        code_points_ = code_point_properties().data();
        return;
    }
    double_byte_ = double_byte_properties().data();
    single_byte_ = single_byte_properties().data();
    // The glance decides on the bytes, which say nothing of JIS X 0213.
    if (glances) find_doubt_ = find_doubt_finder();
    if (glances && accepted != AcceptedSet::jisx0213) glance_ = find_glance();
}

Walk Walker::walk_closely(std::string_view bytes) const noexcept {
    return encoding_ == Encoding::cp932 ? walk_cp932(bytes) : walk_utf8(bytes);
}

std::size_t Walker::find_doubt_closely(std::string_view bytes) const noexcept {
    const char* p = bytes.data();
    const char* const end = p + bytes.size();
    while (p < end) {
        if (byte_of(*p) < 0x80) {
            p = ascii::skip(p, end);
            continue;
        }
        std::size_t length = 0;
        if (encoding_ == Encoding::utf8)
            length = decode_utf8(p, end).length_bytes;
        else if ((single_byte_[byte_of(*p)] & assigned) != 0)
            length = 1;
        else if (p + 1 != end && (double_byte_[byte_of(*p) << 8 | byte_of(p[1])] & assigned) != 0)
            length = 2;
        if (length == 0) break;
        p += length;
    }
    return static_cast<std::size_t>(p - bytes.data());
}

Walk Walker::walk_cp932(std::string_view bytes) const noexcept {
    Walk walk;
    const char* p = bytes.data();
    const char* const end = p + bytes.size();
    Spaces spaces(p);
    while (p < end) {
        const unsigned lead = byte_of(*p);
        // A byte that is no character by itself begins one of two, or is invalid either way.
        if (const std::uint8_t properties = single_byte_[lead]; properties != 0) {
            walk.add(properties);
            ++p;
            if (lead == ' ') {
                walk.ascii_space = true;
                spaces.add(p - 1, p, walk);
            }
            continue;
        }
        if (p + 1 == end) {  // cut in the middle of a character
            walk.add(0);
            break;
        }
        const unsigned code = lead << 8 | byte_of(p[1]);
        walk.add(double_byte_[code]);
        p += 2;
        if (code == 0x8140) {
            ++walk.full_width_spaces;
            spaces.add(p - 2, p, walk);
        }
    }
    walk.invalid = !walk.has_all(assigned);
    spaces.finish(end, walk);
    return walk;
}

Walk Walker::walk_utf8(std::string_view bytes) const noexcept {
    Walk walk;
    const char* p = bytes.data();
    const char* const end = p + bytes.size();
    Spaces spaces(p);
    const auto add_space = [&](std::size_t length_bytes) { spaces.add(p - length_bytes, p, walk); };
    while (p < end) {
        const unsigned lead = byte_of(*p);
        if (lead < 0x80) {
            walk.add(code_points_[lead]);
            ++p;
            if (lead != ' ') continue;
            walk.ascii_space = true;
            add_space(1);
            continue;
        }
        // Of these first bytes every pair of trails is a character: kana, kanji, full-width forms.
        if (((lead >= 0xE3 && lead <= 0xE9) || lead == 0xEF) && end - p >= 3 &&
            (byte_of(p[1]) & 0xC0) == 0x80 && (byte_of(p[2]) & 0xC0) == 0x80) {
            const unsigned code_point =
                (lead & 0x0F) << 12 | (byte_of(p[1]) & 0x3F) << 6 | (byte_of(p[2]) & 0x3F);
            walk.add(code_points_[code_point]);
            p += 3;
            if (code_point != 0x3000) continue;
            ++walk.full_width_spaces;
            add_space(3);
            continue;
        }
        const Decoded decoded = decode_utf8(p, end);
        if (decoded.length_bytes == 0) {
            walk.add(0);
            walk.invalid = true;
            ++p;
            continue;
        }
        // A code point that Unicode has not assigned is decoded all right; no accepted set has it.
        walk.add(properties_of(decoded.code_point));
        p += decoded.length_bytes;
    }
    spaces.finish(end, walk);
    return walk;
}

}  // namespace tsunagi::text
