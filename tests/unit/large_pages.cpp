// Room in large pages: what is in a table stays the same wherever it stands.

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "file/large_pages.hpp"

using namespace tsunagi::file;

// Method: one vector on its way from the heap to large pages and back, another of its own kind.
TEST_CASE("a table keeps its values when it moves to large pages") {
    using Table = std::vector<std::uint32_t, LargePages<std::uint32_t>>;
    Table table;
    constexpr std::uint32_t count = 3'000'000;  // beyond the size that is large
    for (std::uint32_t i = 0; i < count; ++i) table.push_back(i * 7);
    bool same = true;
    for (std::uint32_t i = 0; i < count; ++i) same = same && table[i] == i * 7;
    CHECK(same);
    table.resize(10);
    table.shrink_to_fit();
    CHECK(table.back() == 63);

    auto* const pages = static_cast<unsigned char*>(take_pages(std::size_t{5} << 20U));
    CHECK(pages[0] == 0);
    CHECK(pages[(std::size_t{5} << 20U) - 1] == 0);
    give_back_pages(pages, std::size_t{5} << 20U);
}
