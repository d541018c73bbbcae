// compose_list ROWS FILE: a plain list of numbers that nobody has, always the same. Among them rows
// that repeat an earlier one, rows with a wrong check digit and blank rows, at known places.
// Prints what was planted, as tsunagi-duplicates and tsunagi-checkdigit count it. The file is
// readable by its owner alone; the numbers are good in form, so it is not kept.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

enum class Kind { own, repeated, wrong, blank };

// Repeated rows repeat one that is 5,003 rows earlier, which is always a row of its own.
Kind kind_of(std::uint64_t row) {
    if (row % 10'007 == 10'006) return Kind::repeated;
    if (row % 10'007 == 5'003) return Kind::own;
    if (row % 100'003 == 7) return Kind::wrong;
    if (row % 1'000'003 == 11) return Kind::blank;
    return Kind::own;
}

// Different for different rows: the multiplier shares no factor with 10^11.
std::uint64_t base_of(std::uint64_t row) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(row) * 61'803'398'873U + 12'345;
    const auto base = static_cast<std::uint64_t>(product % 100'000'000'000U);
    return base;
}

void append_number(std::string& text, std::uint64_t base, bool wrong) {
    static constexpr unsigned weights[] = {2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6};
    char digits[13];
    unsigned sum = 0;
    for (unsigned i = 0; i < 11; ++i, base /= 10) {
        const auto digit = static_cast<unsigned>(base % 10);
        sum += digit * weights[i];
        digits[10 - i] = static_cast<char>('0' + digit);
    }
    const unsigned rest = sum % 11;
    const unsigned check = rest <= 1 ? 0 : 11 - rest;
    digits[11] = static_cast<char>('0' + (wrong ? (check + 1) % 10 : check));
    digits[12] = '\n';
    text.append(digits, 13);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: compose_list ROWS FILE\n", stderr);
        return 2;
    }
    const std::uint64_t rows = std::strtoull(argv[1], nullptr, 10);
    const int file = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0) {
        std::perror(argv[2]);
        return 2;
    }
    std::uint64_t planted[4] = {};
    std::string text;
    for (std::uint64_t row = 0; row < rows; ++row) {
        const Kind kind = kind_of(row);
        ++planted[static_cast<int>(kind)];
        if (kind == Kind::blank)
            text += '\n';
        else
            append_number(text, base_of(kind == Kind::repeated ? row - 5'003 : row),
                          kind == Kind::wrong);
        if (text.size() < (1U << 20) && row + 1 < rows) continue;
        for (std::size_t done = 0; done < text.size();) {
            const ssize_t written = write(file, text.data() + done, text.size() - done);
            if (written <= 0) {
                std::perror(argv[2]);
                return 2;
            }
            done += static_cast<std::size_t>(written);
        }
        text.clear();
    }
    if (close(file) != 0) return 2;
    std::printf("{\"rows\": %llu, \"duplicates\": %llu, \"wrong\": %llu, \"blank\": %llu}\n",
                static_cast<unsigned long long>(rows), static_cast<unsigned long long>(planted[1]),
                static_cast<unsigned long long>(planted[2]),
                static_cast<unsigned long long>(planted[3]));
    return 0;
}
