#pragma once
// Reads a profile's folder: tables in a fixed order, every fault with its place.

#include <string>
#include <vector>

#include <tsunagi/schema.hpp>

#include "schema/code_table.hpp"
#include "schema/fault_list.hpp"
#include "schema/item_table.hpp"

namespace tsunagi {

class SchemaReader {
public:
    explicit SchemaReader(const std::string& folder);
    SchemaReader(const SchemaReader&) = delete;  // tables point at faults_
    SchemaReader& operator=(const SchemaReader&) = delete;

    // SYS001 where a file cannot be read. What is wrong inside the tables is in take_faults().
    Expected<void, Diagnostic> read();
    std::vector<Diagnostic> take_faults() { return faults_.take_sorted(); }
    Schema take_schema() { return std::move(schema_); }

private:
    Expected<void, Diagnostic> read_code_folder();
    Expected<void, Diagnostic> read_layouts();
    // What a profile may lack: keys, and what secondary copies ask for.
    Expected<void, Diagnostic> read_optional_tables();
    std::string path_of(std::string_view name) const;

    Schema schema_;
    schema::FaultList faults_;
    schema::CodeFiles codes_;
};

}  // namespace tsunagi
