// A stranger's program: judges the published dummy number and names a code.

#include <cstdio>
#include <string_view>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/field.hpp>
#include <tsunagi/identifier.hpp>

int main() {
    using namespace tsunagi;
    const auto verdict = judge_number(NumberKind::individual, FieldText("123456789018"));
    const auto code = find_code("NUM011");
    if (verdict != NumberVerdict::placeholder || !code) return 1;
    const std::string_view title = entry_of(*code).english;
    std::printf("%.*s\n", static_cast<int>(title.size()), title.data());
    return 0;
}
