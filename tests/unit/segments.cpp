// The running of segments on threads: csv::run_segments and what is below it.

#include <doctest/doctest.h>

#include "csv/segments.hpp"

#include <cstdint>
#include <new>
#include <vector>

using namespace tsunagi;
using namespace tsunagi::csv;

TEST_CASE("the first failure in input order ends a run and is the one told") {
    std::vector<Segment> segments(20);
    for (std::size_t i = 0; i < segments.size(); ++i) segments[i].begin = i;
    std::vector<std::uint64_t> taken;
    const auto done = run_segments<int>(
        segments, 4,
        [](const Segment& segment) -> Expected<int, Diagnostic> {
            if (segment.begin == 5) return Unexpected{trouble(Code::SYS001, "five")};
            if (segment.begin > 5) return Unexpected{trouble(Code::SYS001, "later")};
            return 1;
        },
        [&](const Segment& segment, int&&) -> Expected<void, Diagnostic> {
            taken.push_back(segment.begin);
            return {};
        });
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().path == "five");
    CHECK(taken == std::vector<std::uint64_t>{0, 1, 2, 3, 4});
}

TEST_CASE("memory that runs out in any thread ends a run where it was started") {
    std::vector<Segment> segments(40);
    for (std::size_t i = 0; i < segments.size(); ++i) segments[i].begin = i;
    for (const std::uint64_t bad : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{39}})
        for (const unsigned threads : {1U, 2U, 5U})
            for (const bool in_work : {true, false}) {
                CAPTURE(bad);
                CAPTURE(threads);
                CAPTURE(in_work);
                std::vector<std::uint64_t> taken;
                const auto run = [&] {
                    return run_segments<int>(
                        segments, threads,
                        [&](const Segment& segment) -> Expected<int, Diagnostic> {
                            if (in_work && segment.begin == bad) throw std::bad_alloc();
                            return 1;
                        },
                        [&](const Segment& segment, int&&) -> Expected<void, Diagnostic> {
                            if (!in_work && segment.begin == bad) throw std::bad_alloc();
                            taken.push_back(segment.begin);
                            return {};
                        });
                };
                CHECK_THROWS_AS(static_cast<void>(run()), std::bad_alloc);
                CHECK(taken.size() <= bad);
            }
}

TEST_CASE("every share of a work is done once, whatever one of them throws") {
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{9}}) {
        std::vector<int> done(count, 0);
        side_by_side(count, [&](std::size_t share) { ++done[share]; });
        CHECK(done == std::vector<int>(count, 1));
        const auto failing = [&](std::size_t share) {
            ++done[share];
            if (share == count - 1) throw std::bad_alloc();
        };
        if (count != 0) CHECK_THROWS_AS(side_by_side(count, failing), std::bad_alloc);
        CHECK(done == std::vector<int>(count, 2));
    }
}
