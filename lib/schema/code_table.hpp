#pragma once
// codes/<table>.csv: the values that an item may have, and when.

#include <memory>
#include <string>
#include <vector>

#include <tsunagi/schema.hpp>

#include "schema/table_file.hpp"

namespace tsunagi::schema {

inline constexpr std::string_view code_columns[] = {"value", "label_ja", "label_en", "valid_from",
                                                    "valid_to"};

// A code table that still knows where its values stand.
struct CodeFile {
    TableFile table;
    std::shared_ptr<const CodeTable> codes;

    // A spreadsheet drops the zero before a code: a value narrower or wider than its item is
    // refused.
    void check_widths(const Item& item) const;
};

CodeFile read_codes(TableFile table, std::string name);
// Insurer numbers of codes/card_symbol_exceptions.csv, sorted.
std::vector<std::string> read_insurers(const TableFile& table);

}  // namespace tsunagi::schema
