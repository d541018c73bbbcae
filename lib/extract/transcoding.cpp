#include "extract/transcoding.hpp"

#include <utility>

#include "extract/rows.hpp"
#include "file/memory.hpp"
#include "text/characters.hpp"

namespace tsunagi::extract {

namespace {

constexpr std::size_t look_bytes = std::size_t{256} << 10;

Unexpected<Diagnostic> no_converter(const std::string& path) {
    return Unexpected{
        trouble(Code::SYS001, path, 0,
                {"ICU has no converter for the encoding", "ICUに文字コードの変換表がありません"})};
}

// The rows of a block, each ended by LF where it was ended.
void append_rows(text::Decoder& decoder, text::RowFeed feed, std::string_view rows,
                 std::vector<text::Character>& characters, std::string& out) {
    while (!rows.empty()) {
        const std::size_t behind = feed.find_behind(rows);
        const bool is_ended = behind != std::string_view::npos;
        characters.clear();
        decoder.decode(is_ended ? rows.substr(0, behind - feed.unit_bytes()) : rows, characters);
        for (const text::Character& character : characters) {
            if (character.code_point == text::invalid_bytes)
                out += '\xFF';
            else
                text::append_utf8(character.code_point, out);
        }
        if (is_ended) out += '\n';
        rows.remove_prefix(is_ended ? behind : rows.size());
    }
}

}  // namespace

Expected<Transcoded, Diagnostic> to_utf8(const file::Input& input, Encoding encoding) {
    std::string start(look_bytes, '\0');
    const auto got = input.read_at(0, start);
    if (!got) return Unexpected{got.error()};
    start.resize(*got);
    const text::RowFeed feed = text::find_row_feed(encoding, start);
    auto decoder = text::Decoder::open(feed);
    if (!decoder) return no_converter(input.path());
    auto memory = file::Memory::create(input.path());
    if (!memory) return Unexpected{std::move(memory).error()};

    const std::string_view mark = text::byte_order_mark(encoding);
    const bool is_marked = !mark.empty() && start.starts_with(mark);
    Bytes buffer;
    std::vector<text::Character> characters;
    std::string out;
    for (const csv::Segment& segment : cut(input, is_marked ? mark.size() : 0)) {
        const auto rows = read_rows(input, feed, segment, buffer);
        if (!rows) return Unexpected{rows.error()};
        out.clear();
        append_rows(*decoder, feed, *rows, characters, out);
        if (auto written = memory->write(out); !written)
            return Unexpected{std::move(written).error()};
    }
    return Transcoded{std::move(*memory).finish(), feed, is_marked};
}

WriteBack::WriteBack(text::RowFeed origin, text::Encoder encoder)
    : origin_(origin), encoder_(std::move(encoder)) {}

std::optional<WriteBack> WriteBack::open(text::RowFeed origin) {
    auto encoder = text::Encoder::open(origin);
    if (!encoder) return std::nullopt;
    return WriteBack(origin, std::move(*encoder));
}

bool WriteBack::append(std::string_view utf8_row, std::string& out) {
    const bool is_ended = utf8_row.ends_with('\n');
    if (is_ended) utf8_row.remove_suffix(1);
    characters_.clear();
    const char* at = utf8_row.data();
    const char* const end = at + utf8_row.size();
    while (at != end) {
        const text::Decoded decoded = text::decode_utf8(at, end);
        if (decoded.length_bytes == 0) return false;
        characters_.push_back(decoded.code_point);
        at += decoded.length_bytes;
    }
    const std::size_t begin = out.size();
    misfits_.clear();
    encoder_.encode(characters_, out, misfits_);
    if (!misfits_.empty()) {
        out.resize(begin);
        return false;
    }
    if (is_ended) out += origin_.bytes();
    return true;
}

}  // namespace tsunagi::extract
