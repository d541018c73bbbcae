#pragma once
// What the server has of a layout of secondary copies, by record key: a linked extract.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "csv/row_fetch.hpp"
#include "digest/quick_tag.hpp"
#include "extract/extract.hpp"
#include "extract/mapper.hpp"
#include "secondary_copy/copy_layout.hpp"
#include "secondary_copy/registration.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/extract.hpp>
#include <tsunagi/field.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::secondary_copy {

struct RegisteredRecord {
    digest::WideTag key{};
    std::uint64_t member = 0;   // tag of the member id
    std::uint64_t content = 0;  // of all items of the core but the record key
    std::uint64_t offset_bytes = 0;
    std::uint64_t row = 0;  // of the extract, from 1
    std::size_t branch_begin = 0;
    std::uint8_t branch_bytes = 0;
    Registration registration = Registration::none;
    bool is_registered = false;

    // Nothing may be sent for it before that is settled.
    bool is_open() const noexcept {
        return registration == Registration::pending || registration == Registration::contradicted;
    }
};

class RegisteredRecords {
public:
    // Rows that were never sent, or were deleted, are passed over. A row that cannot be read stops
    // the work: a record lost here would be registered twice.
    // Errors   those of reading an extract; FIL012 without the columns of a link; CSV001 to CSV003,
    //          FIL006, TXT001 no record key, CPY003 a key twice, TXT006 no branch number, with
    //          their line.
    // Memory   about 100 bytes a record.
    static Expected<RegisteredRecords, Diagnostic> read(const ExtractOptions& options,
                                                        const Schema& schema, const Layout& upload,
                                                        Date as_of);

    const std::string& path() const noexcept { return extract_.path(); }
    std::span<const RegisteredRecord> all() const noexcept { return records_; }
    std::optional<std::uint32_t> find(std::string_view record_key) const noexcept;
    std::string_view branch_of(const RegisteredRecord& record) const noexcept {
        return std::string_view(branches_).substr(record.branch_begin, record.branch_bytes);
    }
    // Of a mapped row of the same items.
    std::uint64_t member_tag(std::span<const FieldText> mapped) const noexcept;
    std::uint64_t content_tag(std::span<const FieldText> mapped) const noexcept;

private:
    friend class RegisteredRow;
    struct Part;
    RegisteredRecords(extract::Extract&& extract, CopyLayout&& shape)
        : extract_(std::move(extract)), shape_(std::move(shape)) {}
    Expected<Part, Diagnostic> read_part(const csv::Segment& segment, std::size_t branch_item,
                                         std::size_t state_item) const;
    Expected<void, Diagnostic> take(Part&& part);
    Diagnostic fault_at(Code code, std::uint64_t row) const;

    struct Hash {
        std::size_t operator()(const digest::WideTag& tag) const noexcept {
            return static_cast<std::size_t>(tag.low);
        }
    };
    extract::Extract extract_;
    CopyLayout shape_;
    digest::WideKeys keys_;
    std::vector<RegisteredRecord> records_;
    std::unordered_map<digest::WideTag, std::uint32_t, Hash> index_;
    std::string branches_;
    std::uint64_t rows_ = 0;
};

// One record's row at a time, read and mapped once more: of the few that differ. Per thread.
class RegisteredRow {
public:
    explicit RegisteredRow(const RegisteredRecords& records);

    // Its items as a core extract has them, until the next call. SYS001, also where the file
    // changed meanwhile.
    Expected<std::span<const FieldText>, Diagnostic> read(const RegisteredRecord& record);
    FieldText record_key() const noexcept { return key_; }
    FieldText member_id() const noexcept { return mapper_.fields()[records_.shape_.member_item()]; }

private:
    const RegisteredRecords& records_;
    csv::RowFetch rows_;
    extract::Mapper mapper_;
    FieldText key_;
    std::string made_;
};

}  // namespace tsunagi::secondary_copy
