// Plain lists of numbers. Method: random and hostile lists against the plainest reading of the
// rules; any number of threads gives the same; parts of a list meet inside lines.

#include <doctest/doctest.h>

#include <unistd.h>

#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "batch/number_census.hpp"
#include "csv/number_lines.hpp"

#include <tsunagi/checkdigit.hpp>
#include <tsunagi/duplicates.hpp>

using namespace tsunagi;

namespace {

// A file that goes away with the test.
class Scratch {
public:
    explicit Scratch(const std::string& bytes) {
        const int descriptor = mkstemp(path);
        REQUIRE(descriptor >= 0);
        close(descriptor);
        std::ofstream(path, std::ios::binary) << bytes;
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { unlink(path); }
    char path[32] = "/tmp/tsunagi-unit-XXXXXX";
};

// Numbers with a right check digit, some of them again, and what else may stand on a line. Line
// ends of both kinds; now and then none at all, so that two lines are one.
std::string compose_list(std::mt19937_64& random, std::size_t lines, unsigned faults_in_1000) {
    std::string list;
    for (std::size_t i = 0; i < lines; ++i) {
        char base[24];
        std::snprintf(base, sizeof base, "%011llu",
                      static_cast<unsigned long long>(random() % 3 == 0 ? random() % 500
                                                                        : random() % 99999999999));
        std::string number = base;
        number += *check_digit(NumberKind::individual, number);
        if (random() % 1000 < faults_in_1000) {
            switch (random() % 7) {
                case 0: number.clear(); break;
                case 1: number.pop_back(); break;
                case 2: number[random() % 12] = 'x'; break;
                case 3: number[11] = static_cast<char>('0' + (number[11] - '0' + 1) % 10); break;
                case 4: number.append(random() % 3000, '1'); break;
                case 5: number[3] = '\n'; break;
                default: number = "000000000000"; break;
            }
        }
        list += number;
        const auto ending = random() % 1000;
        if (ending >= faults_in_1000 / 8) list += i % 5000 < 2500 ? "\n" : "\r\n";
    }
    return list;
}

std::vector<std::string> lines_of(const std::string& list) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = list.find('\n', at);
        std::string line = list.substr(at, end == std::string::npos ? end : end - at);
        if (end != std::string::npos && !line.empty() && line.back() == '\r') line.pop_back();
        lines.push_back(std::move(line));
        at = end == std::string::npos ? list.size() : end + 1;
    }
    return lines;
}

}  // namespace

TEST_CASE("a list is judged line by line, whatever the lines are and however it is cut") {
    std::mt19937_64 random(5);
    for (const unsigned faults : {0U, 3U, 500U}) {
        std::string list = compose_list(random, 400'000, faults);
        if (faults == 3) list.insert(list.size() / 2, std::string(5'000'000, '7'));
        std::string wanted;
        std::uint64_t number = 0;
        for (const std::string& line : lines_of(list)) {
            ++number;
            const NumberVerdict verdict = judge_number(NumberKind::individual, FieldText{line});
            if (verdict != NumberVerdict::good)
                wanted += std::to_string(number) + "\t" + std::string(name_of(verdict)) + "\n";
        }
        const Scratch scratch(list);
        for (const unsigned threads : {1U, 2U, 3U}) {
            std::string found;
            const auto tally = check_numbers(
                scratch.path, NumberKind::individual,
                [&found](std::string_view lines) { found += lines; }, threads);
            REQUIRE(tally.has_value());
            CAPTURE(faults);
            CAPTURE(threads);
            CHECK(tally->lines == number);
            CHECK((found == wanted));
        }
    }
}

TEST_CASE(
    "every instruction set takes the numbers that are good, and stops at the first other line") {
    std::mt19937_64 random(9);
    for (int round = 0; round < 3000; ++round) {
        const std::size_t width = round % 2 == 0 ? csv::line_feed_width : csv::return_width;
        std::string list;
        for (std::size_t i = 0, lines = random() % 24; i < lines; ++i) {
            char base[24];
            std::snprintf(base, sizeof base, "%011llu",
                          static_cast<unsigned long long>(random() % 100000000000));
            std::string number = base;
            if (random() % 40 == 0) number = std::string(11, static_cast<char>('0' + round % 10));
            if (random() % 60 == 0) number = "12345678901";
            list += number + *check_digit(NumberKind::individual, number);
            list += width == csv::return_width ? "\r\n" : "\n";
        }
        // One byte is another, anywhere; then the list may end anywhere.
        if (!list.empty() && round % 3 != 0)
            list[random() % list.size()] = "0123456789\r\n /:\x80\xFF"[random() % 18];
        if (!list.empty() && round % 5 == 0) list.resize(random() % list.size());
        const auto take = [&](InstructionSet set) {
            std::vector<std::uint64_t> bases(list.size() / width + 1);
            // A copy that ends where it ends: a byte read beyond is seen by the sanitizers.
            const std::vector<char> bytes(list.begin(), list.end());
            bases.resize(csv::take_numbers(set)(bytes.data(), bytes.size(), width, bases.data()));
            return bases;
        };
        const auto wanted = take(InstructionSet::scalar);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const std::string number = list.substr(i * width, 12);
            CHECK(judge_number(NumberKind::individual, FieldText{number}) == NumberVerdict::good);
            CHECK(std::stoull(number.substr(0, 11)) == wanted[i]);
        }
        for (const InstructionSet set : {InstructionSet::avx2, InstructionSet::avx512}) {
            if (!has_instruction_set(set)) continue;
            CAPTURE(round);
            CHECK(take(set) == wanted);
        }
    }
}

TEST_CASE("a census finds the numbers that come again, and no other") {
    std::mt19937_64 random(13);
    const auto compose = [&random](std::uint64_t numbers, std::uint64_t different) {
        std::vector<std::uint64_t> bases(numbers);
        for (std::uint64_t& base : bases) base = random() % different;
        return bases;
    };
    for (const auto& bases : {compose(0, 1), compose(50'000, 1), compose(200'000, 300'000),
                              compose(100'000, 100'000'000'000)}) {
        std::map<std::uint64_t, int> times;
        for (const std::uint64_t base : bases) ++times[base];
        const batch::NumberMixing mixing(bases.size() * 40);
        std::vector<batch::DealtNumbers> dealt;
        for (std::size_t at = 0; at < bases.size(); at += 30'000) {
            const std::span<const std::uint64_t> part =
                std::span(bases).subspan(at, std::min<std::size_t>(30'000, bases.size() - at));
            batch::Dealer dealer(mixing, batch::KeepRows::yes, part.size());
            for (const std::uint64_t base : part) {
                dealer.add({&base, 1});
                dealer.skip();  // so that row 2 * i has the number i
            }
            dealt.push_back(dealer.deal());
        }
        for (const unsigned threads : {1U, 3U}) {
            const auto census = batch::find_repeated(dealt, mixing, threads, batch::Overflow());
            REQUIRE(census.has_value());
            const batch::RepeatedNumbers& repeated = *census;
            std::size_t wrong = 0;
            std::size_t count = 0;
            for (const auto& [base, often] : times) {
                const bool found = repeated.find(base) != batch::RepeatedNumbers::none;
                if (found != (often > 1)) ++wrong;
                if (often > 1) ++count;
            }
            CHECK(wrong == 0);
            CHECK(repeated.count() == count);
            wrong = 0;
            for (std::size_t i = 0; i < dealt.size(); ++i) {
                const auto rows = batch::find_rows(dealt[i], mixing, repeated, batch::Overflow());
                REQUIRE(rows.has_value());
                auto found = rows->begin();
                const std::size_t end = std::min<std::size_t>((i + 1) * 30'000, bases.size());
                for (std::size_t at = i * 30'000; at < end; ++at) {
                    const std::uint32_t number = repeated.find(bases[at]);
                    if (number == batch::RepeatedNumbers::none) continue;
                    if (found == rows->end() || found->row != 2 * (at - i * 30'000) ||
                        found->number != number) {
                        ++wrong;
                        break;
                    }
                    ++found;
                }
                if (found != rows->end()) ++wrong;
            }
            CHECK(wrong == 0);
        }
    }
}

TEST_CASE("duplicates of a list are those of a map, whatever the lines are and however it is cut") {
    const auto schema = Schema::load(TSUNAGI_SOURCE_FOLDER "/schemas/briefing-2017");
    REQUIRE(schema.has_value());
    std::mt19937_64 random(17);
    class Count final : public DiagnosticSink {
    public:
        void emit(const Diagnostic&) override { ++findings; }
        void count(Code, Severity, std::uint64_t facts) override { findings += facts; }
        std::uint64_t findings = 0;
    };
    for (const unsigned faults : {0U, 4U, 600U}) {
        const std::string list = compose_list(random, 700'000, faults);
        const Scratch scratch(list);
        std::string wanted = "group,code,file,line,row,record_id,member_id,first_file,first_line\n";
        std::map<std::string, std::uint64_t> firsts;
        std::map<std::uint64_t, std::uint64_t> groups;
        std::uint64_t row = 0;
        std::uint64_t passed_over = 0;
        for (const std::string& line : lines_of(list)) {
            ++row;
            if (judge_number(NumberKind::individual, FieldText{line}) != NumberVerdict::good) {
                ++passed_over;
                continue;
            }
            const auto [first, is_new] = firsts.try_emplace(line, row);
            if (is_new) continue;
            const auto group = groups.try_emplace(first->second, groups.size() + 1).first->second;
            const std::string file = scratch.path;
            const std::string place = std::to_string(row);
            wanted += std::to_string(group) + ",NUM004," + file + "," + place + "," + place +
                      ",,," + file + "," + std::to_string(first->second) + "\n";
        }
        for (const unsigned threads : {1U, 2U, 3U}) {
            const Scratch output("");
            Count sink;
            const auto result = find_duplicates(*schema,
                                                {.layout = "individual-number",
                                                 .files = {scratch.path},
                                                 .output = output.path,
                                                 .overwrite = true,
                                                 .as_of = *parse_moment("2026-04-01"),
                                                 .threads = threads},
                                                sink);
            REQUIRE(result.has_value());
            std::ifstream stream(output.path, std::ios::binary);
            const std::string found((std::istreambuf_iterator<char>(stream)), {});
            CAPTURE(faults);
            CAPTURE(threads);
            CHECK((found == wanted));
            CHECK(result->rows == row);
            CHECK(result->passed_over == passed_over);
            CHECK(result->groups == groups.size());
            CHECK(sink.findings == passed_over);
        }
    }
}

TEST_CASE("bases are completed in their order, with the lines that are none among them") {
    std::string list;
    std::string wanted;
    for (std::size_t i = 0; i < 500'000; ++i) {
        char base[16];
        std::snprintf(base, sizeof base, "%07zu", i);
        const bool wrong = i % 1000 == 7;
        list += wrong ? "7" : base;
        list += '\n';
        wanted += wrong ? std::to_string(i + 1) + "\tshape\n"
                        : base + std::string(1, *check_digit(NumberKind::insurer, base)) + "\n";
    }
    const Scratch scratch(list);
    for (const unsigned threads : {1U, 2U}) {
        std::string found;
        const auto tally = complete_numbers(
            scratch.path, NumberKind::insurer, [&found](std::string_view lines) { found += lines; },
            threads);
        REQUIRE(tally.has_value());
        CHECK((found == wanted));
    }
}
