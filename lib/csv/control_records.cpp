#include "csv/control_records.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "csv/row_reader.hpp"
#include "csv/writer.hpp"
#include "file/memory.hpp"

namespace tsunagi::csv {

namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 18U;
// What is longer is no control record, and CSV003 whatever stands before it.
constexpr std::size_t line_limit_bytes = row_limit_bytes + 64;
constexpr std::size_t header_items = 11;
constexpr std::size_t count_item = 3;
constexpr std::array<std::string_view, 3> marks{"\xEF\xBB\xBF", "\xFE\xFF", "\xFF\xFE"};

// Takes a number and what stands behind it off the text. Nothing where there is none.
std::optional<std::uint64_t> take_number(std::string_view& text) {
    constexpr std::size_t digits_max = 9;
    std::string_view rest = text;
    const bool is_quoted = rest.starts_with('"');
    if (is_quoted) rest.remove_prefix(1);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    const auto digits = static_cast<std::size_t>(end - rest.data());
    if (error != std::errc{} || digits > digits_max) return std::nullopt;
    rest.remove_prefix(digits);
    if (is_quoted && !rest.starts_with('"')) return std::nullopt;
    if (is_quoted) rest.remove_prefix(1);
    if (!rest.empty() && rest.front() != ',') return std::nullopt;
    text = rest.empty() ? rest : rest.substr(1);
    return number;
}

std::string_view without_line_end(std::string_view line) {
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

// The rows that the first record says there are.
std::optional<std::uint64_t> read_header(std::string_view line) {
    line = without_line_end(line);
    std::size_t items = 1;
    for (const char c : line) items += c == ',' ? 1U : 0U;
    if (items != header_items) return std::nullopt;
    if (take_number(line) != 1U || take_number(line) != 1U) return std::nullopt;
    for (std::size_t i = 2; i < count_item; ++i) line.remove_prefix(line.find(',') + 1);
    return take_number(line);
}

// Lines go in, rows come out.
class Unframing {
public:
    explicit Unframing(file::Memory& rows) : rows_(rows) {}

    Expected<void, Diagnostic> take(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto feed = bytes.find('\n');
            const bool is_whole = feed != std::string_view::npos;
            const std::string_view piece = is_whole ? bytes.substr(0, feed + 1) : bytes;
            bytes.remove_prefix(piece.size());
            line_ += piece;
            if (is_whole || line_.size() > line_limit_bytes)
                if (auto taken = take_line(is_whole); !taken) return taken;
        }
        return {};
    }

    // The last line of the file has come.
    Expected<void, Diagnostic> finish() {
        if (!line_.empty())
            if (auto taken = take_line(true); !taken) return taken;
        std::string_view last = without_line_end(held_);
        const auto kind = take_number(last);
        const bool is_trailer = kind == 3U && take_number(last) == found_ + 2 && last.empty();
        is_cut_ = kind == 3U && !held_.ends_with('\n');
        if (kind != 3U && !held_.empty())
            if (auto given = give(held_); !given) return given;
        agrees_ = agrees_ && is_trailer && wanted_ == found_;
        return {};
    }

    bool agrees() const noexcept { return agrees_; }
    bool is_cut() const noexcept { return is_cut_; }
    bool has_first_record() const noexcept { return wanted_.has_value(); }
    std::uint64_t wanted() const noexcept { return wanted_.value_or(0); }
    std::uint64_t found() const noexcept { return found_; }

private:
    // Not whole: what is left of it follows, and belongs to the same row.
    Expected<void, Diagnostic> take_line(bool is_whole) {
        if (is_first_) {
            is_first_ = false;
            for (const std::string_view mark : marks) {
                if (!line_.starts_with(mark)) continue;
                if (auto written = rows_.write(mark); !written) return written;
                line_.erase(0, mark.size());
            }
            wanted_ = is_whole ? read_header(line_) : std::nullopt;
            agrees_ = wanted_.has_value();
            if (agrees_) {
                line_.clear();
                return {};
            }
        }
        if (is_inside_) {
            if (auto written = rows_.write(line_); !written) return written;
        } else {
            if (!held_.empty())
                if (auto given = give(held_); !given) return given;
            held_.clear();
            if (is_whole)
                std::swap(held_, line_);
            else if (auto given = give(line_); !given)
                return given;
        }
        is_inside_ = !is_whole;
        line_.clear();
        return {};
    }

    Expected<void, Diagnostic> give(std::string_view line) {
        ++found_;
        std::string_view row = line;
        const auto kind = take_number(row);
        const auto number = take_number(row);
        const bool is_row = kind == 2U && number.has_value();
        agrees_ = agrees_ && is_row && *number == found_ + 1;
        return rows_.write(is_row ? row : line);
    }

    file::Memory& rows_;
    std::string line_;
    std::string held_;  // may be the last
    std::optional<std::uint64_t> wanted_;
    std::uint64_t found_ = 0;
    bool agrees_ = false;  // a file without a line has no control record
    bool is_cut_ = false;
    bool is_first_ = true;
    bool is_inside_ = false;  // a line that is too long
};

}  // namespace

Diagnostic Unframed::fault() const {
    Diagnostic fault{.code = Code::FIL010};
    if (wanted == found) return fault;
    fault.wanted = wanted;
    fault.found = found;
    return fault;
}

Expected<Unframed, Diagnostic> unframe(const file::Input& input) {
    auto rows = file::Memory::create(input.path());
    if (!rows) return Unexpected{std::move(rows).error()};
    Unframing unframing(*rows);
    std::string block(block_bytes, '\0');
    for (std::uint64_t at = 0; at < input.size_bytes();) {
        const auto got = input.read_at(at, block);
        if (!got) return Unexpected{got.error()};
        if (*got == 0) break;
        at += *got;
        if (auto taken = unframing.take(std::string_view(block).substr(0, *got)); !taken)
            return Unexpected{std::move(taken).error()};
    }
    if (auto finished = unframing.finish(); !finished)
        return Unexpected{std::move(finished).error()};
    return Unframed{.rows = std::move(*rows).finish(),
                    .agrees = unframing.agrees(),
                    .wanted = unframing.wanted(),
                    .found = unframing.found(),
                    .is_cut = unframing.is_cut(),
                    .lines_before = unframing.has_first_record() ? 1U : 0U};
}

Expected<Unframed, Diagnostic> unframe(file::Input&& input, bool has_frame) {
    if (has_frame) return unframe(input);
    return Unframed{.rows = std::move(input)};
}

void Frame::append(std::string& out, std::uint64_t number) const {
    append_field(out, std::to_string(number), quote_);
}

void Frame::begin(std::string& out, std::uint64_t volume, std::uint64_t rows, Date month) {
    record_number_ = 1;
    append(out, 1);
    for (const std::uint64_t number : {record_number_, volume, rows}) {
        out += ',';
        append(out, number);
    }
    constexpr std::size_t blank_items = 5;  // between the count and the month
    out.append(blank_items + 1, ',');
    constexpr std::size_t month_digits = 6;
    append_field(out, format_date8(month).substr(0, month_digits), quote_);
    out += ',';
    out += line_end_text(line_end_);
}

void Frame::begin_row(std::string& out) {
    append(out, 2);
    out += ',';
    append(out, ++record_number_);
    out += ',';
}

void Frame::end(std::string& out) {
    append(out, 3);
    out += ',';
    append(out, ++record_number_);
    out += line_end_text(line_end_);
}

}  // namespace tsunagi::csv
