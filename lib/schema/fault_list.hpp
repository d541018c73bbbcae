#pragma once
// What is wrong in the tables of one profile: collected in any order, told in the order of reading.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <tsunagi/diagnostic.hpp>

namespace tsunagi::schema {

class FaultList {
public:
    // Files come in the order of this call.
    void add_file(const std::string& path);
    // LAY001. One fault a cell: a later one of the same cell is dropped.
    void add(const std::string& path, std::uint64_t line_number, std::uint32_t column_number,
             PublicText detail);
    // By file, line, column; the list is empty then.
    std::vector<Diagnostic> take_sorted();

private:
    std::size_t order_of(const std::string& path) const;
    std::vector<std::string> paths_;
    std::vector<Diagnostic> faults_;
};

}  // namespace tsunagi::schema
