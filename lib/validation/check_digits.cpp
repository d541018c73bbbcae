// Lists of numbers, read in blocks, segments side by side; a line that spans blocks is carried
// over.

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <tsunagi/checkdigit.hpp>

#include "csv/row_reader.hpp"
#include "csv/segments.hpp"
#include "digest/wipe.hpp"
#include "file/input.hpp"

namespace tsunagi {

namespace {

constexpr std::size_t block_size_bytes = std::size_t{256} * 1024;
// Small, since what fails in it is held until its turn.
constexpr std::uint64_t segment_size_bytes = std::uint64_t{2} * 1024 * 1024;
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

// A line that fails: where it stands among the results of its part, and which line of the part.
struct Failure {
    std::uint32_t results_before = 0;
    std::uint32_t line = 0;
    NumberVerdict verdict{};
};

// What the lines leave behind that begin in one segment of a list.
struct Part {
    NumberTally tally;
    std::string results;
    std::vector<Failure> failures;
};

template <class Work>
class Lines {
public:
    Lines(Work work, std::size_t usual_length) : work_(work), usual_length_(usual_length) {}

    // The lines that begin in [begin, end); `begin` is where a line begins.
    Expected<Part, Diagnostic> read(const file::Input& input, std::uint64_t begin,
                                    std::uint64_t end) {
        std::string buffer(block_size_bytes + carried_length_bytes_max, '\0');
        auto done = read_blocks(input, begin, end, buffer);
        digest::wipe(buffer);
        if (!done) return Unexpected{std::move(done).error()};
        return std::move(part_);
    }

private:
    Expected<void, Diagnostic> read_blocks(const file::Input& input, std::uint64_t offset,
                                           std::uint64_t end, std::string& buffer) {
        std::size_t filled = 0;
        while (offset < end || is_overlong_) {
            // Not much is read beyond the end: only the last line may reach over it.
            const std::uint64_t at = offset + filled;
            const std::uint64_t useful = (at < end ? end - at : 0) + carried_length_bytes_max;
            const auto room =
                static_cast<std::size_t>(std::min<std::uint64_t>(block_size_bytes, useful));
            const auto got = input.read_at(at, std::span{buffer}.subspan(filled, room));
            if (!got) return Unexpected{got.error()};
            filled += *got;
            const char* const from = buffer.data();
            const auto mine = static_cast<std::size_t>(
                std::min<std::uint64_t>(filled, end > offset ? end - offset : 0));
            const char* const rest = take_lines(from, from + filled, from + mine);
            const auto taken = static_cast<std::size_t>(rest - from);
            if (offset + filled >= input.size_bytes()) {
                if (is_overlong_ || taken < mine) take_line({rest, filled - taken});
                return {};
            }
            offset += taken;
            filled -= taken;
            if (filled > carried_length_bytes_max) {
                is_overlong_ = true;
                offset += filled;
                filled = 0;
            }
            std::memmove(buffer.data(), rest, filled);
        }
        return {};
    }

    // The lines that begin before `limit`; the rest that has no line end, or was not asked for.
    const char* take_lines(const char* at, const char* end, const char* limit) {
        while (at < limit || (is_overlong_ && at != end)) {
            // Most lines are as long as the one before: no need to look for the line end.
            if (static_cast<std::size_t>(end - at) > usual_length_ && at[usual_length_] == '\n' &&
                !is_overlong_) {
                const NumberVerdict verdict = work_({at, usual_length_}, part_.results);
                if (verdict != NumberVerdict::shape) {  // else a line end may stand inside
                    record(verdict);
                    at += usual_length_ + 1;
                    continue;
                }
            }
            const auto* line_end =
                static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
            if (line_end == nullptr) return is_overlong_ ? end : at;
            const bool has_return = line_end != at && line_end[-1] == '\r';
            take_line({at, static_cast<std::size_t>(line_end - at) - (has_return ? 1U : 0U)});
            at = line_end + 1;
        }
        return at;
    }

    void take_line(std::string_view line) {
        record(is_overlong_ ? NumberVerdict::shape : work_(line, part_.results));
        is_overlong_ = false;
    }

    void record(NumberVerdict verdict) {
        count(part_.tally, verdict);
        if (verdict == NumberVerdict::good) return;
        part_.failures.push_back({static_cast<std::uint32_t>(part_.results.size()),
                                  static_cast<std::uint32_t>(part_.tally.lines), verdict});
    }

    Work work_;
    std::size_t usual_length_;
    bool is_overlong_ = false;  // the line that is being read began in a block that is gone
    Part part_;
};

// Parts into one list of results, in input order; lines are numbered through.
class Results {
public:
    explicit Results(const ResultLines& lines) : lines_(lines) {}

    void take(const Part& part) {
        text_.clear();
        std::size_t done = 0;
        for (const Failure& failure : part.failures) {
            text_.append(part.results, done, failure.results_before - done);
            done = failure.results_before;
            fmt::format_to(std::back_inserter(text_), "{}\t{}\n", tally_.lines + failure.line,
                           name_of(failure.verdict));
        }
        text_.append(part.results, done);
        if (!text_.empty()) lines_(text_);
        tally_.lines += part.tally.lines;
        tally_.good += part.tally.good;
        tally_.shape += part.tally.shape;
        tally_.check_digit += part.tally.check_digit;
        tally_.zeros += part.tally.zeros;
        tally_.placeholder += part.tally.placeholder;
    }
    const NumberTally& tally() const noexcept { return tally_; }

private:
    const ResultLines& lines_;
    NumberTally tally_;
    std::string text_;
};

// Where the first line of a segment begins, behind a byte order mark.
Expected<std::uint64_t, Diagnostic> begin_of_lines(const file::Input& input,
                                                   const csv::Segment& segment) {
    if (!segment.first_of_file)
        return segment.block ? std::uint64_t{0}
                             : csv::RowReader::next_row_begin(input, segment.begin, segment.end);
    std::array<char, byte_order_mark.size()> start{};
    const auto got = input.read_at(0, start);
    if (!got) return Unexpected{got.error()};
    const bool marked = std::string_view{start.data(), *got} == byte_order_mark;
    return marked ? std::uint64_t{start.size()} : std::uint64_t{0};
}

template <class Work>
Expected<NumberTally, Diagnostic> read_list(Work work, std::size_t usual_length,
                                            const std::string& path, const ResultLines& lines,
                                            unsigned threads) {
    auto opened = file::Input::open_file(path);
    if (!opened) return Unexpected{std::move(opened).error()};
    const std::span<const file::Input> inputs(&*opened, 1);
    csv::SegmentSource source(inputs, segment_size_bytes);
    Results results(lines);
    auto done =
        csv::run_each<Part>([&source] { return source.next(); }, threads,
                            [&](const csv::Segment& segment) -> Expected<Part, Diagnostic> {
                                const file::Input& input = segment.input(inputs);
                                const auto begin = begin_of_lines(input, segment);
                                if (!begin) return Unexpected{begin.error()};
                                return Lines{work, usual_length}.read(input, *begin, segment.end);
                            },
                            [&](const csv::Segment&, Part&& part) -> Expected<void, Diagnostic> {
                                results.take(part);
                                return {};
                            });
    if (!done) return Unexpected{std::move(done).error()};
    return results.tally();
}

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
                                                const ResultLines& results, unsigned threads) {
    return read_list(Judge{kind}, usual_length_digits(kind, false), path, results, threads);
}

Expected<NumberTally, Diagnostic> complete_numbers(const std::string& path, NumberKind kind,
                                                   const ResultLines& results, unsigned threads) {
    if (kind == NumberKind::individual)
        return Unexpected{
            trouble(Code::SYS004, "", 0,
                    {"individual numbers are not computed", "個人番号の検査用数字は計算しません"})};
    return read_list(Complete{kind}, usual_length_digits(kind, true), path, results, threads);
}

}  // namespace tsunagi
