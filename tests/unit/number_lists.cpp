// Plain lists of numbers. Method: random and hostile lists against the plainest reading of the
// rules; any number of threads gives the same; parts of a list meet inside lines.

#include <doctest/doctest.h>

#include <unistd.h>

#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <tsunagi/checkdigit.hpp>

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
