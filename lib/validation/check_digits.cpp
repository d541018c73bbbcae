// Lists of numbers, read in blocks; a line that spans blocks is carried over.

#include <array>
#include <cstring>
#include <span>
#include <string>

#include <fmt/format.h>

#include <tsunagi/checkdigit.hpp>

#include "digest/wipe.hpp"
#include "file/input.hpp"

namespace tsunagi {

namespace {

constexpr std::size_t block_size_bytes = std::size_t{256} * 1024;
// A longer line cannot be a number; what of it spans blocks is not kept.
constexpr std::size_t carried_length_bytes_max = 4096;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// The usual length of a line: a number, without its check digit where that is to be computed.
std::size_t usual_length_digits(NumberKind kind, bool is_base) noexcept {
    const std::size_t base = is_base ? 1 : 0;
    switch (kind) {
        case NumberKind::individual: return 12 - base;
        case NumberKind::insurer: return 8 - base;
        case NumberKind::corporate: return 13 - base;
        case NumberKind::municipality: return 6 - base;
    }
    return 0;
}

void count(NumberTally& tally, NumberVerdict verdict) noexcept {
    ++tally.lines;
    switch (verdict) {
        case NumberVerdict::good: ++tally.good; break;
        case NumberVerdict::shape: ++tally.shape; break;
        case NumberVerdict::check_digit: ++tally.check_digit; break;
        case NumberVerdict::zeros: ++tally.zeros; break;
        case NumberVerdict::placeholder: ++tally.placeholder; break;
    }
}

// Tells the lines that fail.
class Judge {
public:
    explicit Judge(NumberKind kind) : kind_(kind) {}
    NumberVerdict operator()(std::string_view line, std::string&) const noexcept {
        return judge_number(kind_, FieldText{line});
    }

private:
    NumberKind kind_;
};

// Writes the whole number of a base.
class Complete {
public:
    explicit Complete(NumberKind kind) : kind_(kind) {}
    NumberVerdict operator()(std::string_view line, std::string& results) const {
        const std::optional<char> digit = check_digit(kind_, line);
        if (!digit) return NumberVerdict::shape;
        if (kind_ == NumberKind::corporate) results.push_back(*digit);
        results.append(line);
        if (kind_ != NumberKind::corporate) results.push_back(*digit);
        results.push_back('\n');
        return NumberVerdict::good;
    }

private:
    NumberKind kind_;
};

template <class Work>
class List {
public:
    List(Work work, std::size_t usual_length) : work_(work), usual_length_(usual_length) {}

    Expected<NumberTally, Diagnostic> read(const std::string& path, const ResultLines& results) {
        const auto input = file::Input::open(path);
        if (!input) return Unexpected{input.error()};
        std::string buffer(block_size_bytes + carried_length_bytes_max, '\0');
        auto tally = read_blocks(*input, buffer, results);
        digest::wipe(buffer);
        return tally;
    }

private:
    Expected<NumberTally, Diagnostic> read_blocks(const file::Input& input, std::string& buffer,
                                                  const ResultLines& results) {
        std::size_t carried = 0;
        for (std::uint64_t offset = 0;;) {
            const auto size =
                input.read_at(offset, std::span{buffer}.subspan(carried, block_size_bytes));
            if (!size) return Unexpected{size.error()};
            const char* begin = buffer.data();
            const char* const end = begin + carried + *size;
            if (offset == 0 && std::string_view{begin, *size}.starts_with(byte_order_mark))
                begin += byte_order_mark.size();
            offset += *size;
            const bool is_last = *size < block_size_bytes;
            const char* rest = take_lines(begin, end);
            if (is_last && (rest != end || is_overlong_)) {
                take_line({rest, static_cast<std::size_t>(end - rest)});
                rest = end;
            }
            if (!lines_.empty()) results(lines_);
            lines_.clear();
            if (is_last) return tally_;

            carried = static_cast<std::size_t>(end - rest);
            if (carried > carried_length_bytes_max) {
                is_overlong_ = true;
                carried = 0;
            }
            std::memmove(buffer.data(), rest, carried);
        }
    }

    // The rest that has no line end.
    const char* take_lines(const char* begin, const char* end) {
        const char* at = begin;
        while (at != end) {
            // Most lines are as long as the one before: no need to look for the line end.
            if (static_cast<std::size_t>(end - at) > usual_length_ && at[usual_length_] == '\n' &&
                !is_overlong_) {
                const NumberVerdict verdict = work_({at, usual_length_}, lines_);
                if (verdict != NumberVerdict::shape) {  // else a line end may stand inside
                    record(verdict);
                    at += usual_length_ + 1;
                    continue;
                }
            }
            const auto* line_end =
                static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
            if (line_end == nullptr) break;
            const bool has_return = line_end != at && line_end[-1] == '\r';
            take_line({at, static_cast<std::size_t>(line_end - at) - (has_return ? 1U : 0U)});
            at = line_end + 1;
        }
        return at;
    }

    void take_line(std::string_view line) {
        record(is_overlong_ ? NumberVerdict::shape : work_(line, lines_));
        is_overlong_ = false;
    }

    void record(NumberVerdict verdict) {
        count(tally_, verdict);
        if (verdict == NumberVerdict::good) return;
        fmt::format_to(std::back_inserter(lines_), "{}\t{}\n", tally_.lines, name_of(verdict));
    }

    Work work_;
    std::size_t usual_length_;
    bool is_overlong_ = false;  // the line that is being read began in a block that is gone
    NumberTally tally_;
    std::string lines_;
};

}  // namespace

std::string_view name_of(NumberVerdict verdict) noexcept {
    switch (verdict) {
        case NumberVerdict::good: return "good";
        case NumberVerdict::shape: return "shape";
        case NumberVerdict::check_digit: return "check-digit";
        case NumberVerdict::zeros: return "zeros";
        case NumberVerdict::placeholder: return "placeholder";
    }
    return "";
}

Expected<NumberTally, Diagnostic> check_numbers(const std::string& path, NumberKind kind,
                                                const ResultLines& results) {
    return List{Judge{kind}, usual_length_digits(kind, false)}.read(path, results);
}

Expected<NumberTally, Diagnostic> complete_numbers(const std::string& path, NumberKind kind,
                                                   const ResultLines& results) {
    if (kind == NumberKind::individual)
        return Unexpected{
            trouble(Code::SYS004, "", 0,
                    {"individual numbers are not computed", "個人番号の検査用数字は計算しません"})};
    return List{Complete{kind}, usual_length_digits(kind, true)}.read(path, results);
}

}  // namespace tsunagi
