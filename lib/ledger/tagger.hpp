#pragma once
// From a mapped record to its tags.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "digest/keyed_tag.hpp"
#include "ledger/tags.hpp"

#include <tsunagi/field.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::ledger {

// HMAC-SHA-256 with one cached key schedule for each purpose, in the context of the insurer. Fields
// are those of the mapped record, in the profile's encoding, one per item of the layout. Not
// thread-safe: Book::tagger makes one for each thread.
// Privacy  its buffers are wiped at the end.
class Tagger {
public:
    Tagger(std::span<const std::uint8_t, digest::key_size_bytes> data_key,
           std::string_view insurer_number, const Layout& layout, Encoding encoding);
    Tagger(Tagger&&) noexcept;
    Tagger& operator=(Tagger&&) noexcept;
    ~Tagger();

    // All of it. `record_id`, `change_type`, `insurer_number` and `branch_number` play no part.
    RecordTags all(std::span<const FieldText> fields);
    digest::Tag record(std::span<const FieldText> fields);
    digest::Tag number(std::span<const FieldText> fields);
    digest::Tag person(std::span<const FieldText> fields);
    // Tags of single items are of one member: equal values of two members have unrelated tags, so
    // that nobody counts values. `member_id`: as whom, where it is not that of the record (a
    // re-hired member against what was accepted under the former id).
    std::string items(std::span<const FieldText> fields);
    std::string items(std::span<const FieldText> fields, std::string_view member_id);

private:
    std::string insurer_number_;
    const Layout* layout_;
    Encoding encoding_;
    std::vector<std::size_t> compared_;
    std::optional<std::size_t> member_id_;
    std::optional<std::size_t> number_;
    std::vector<std::size_t> person_;  // name_kana, birth_date, sex; empty where one is missing
    digest::KeyedTag record_tag_;
    digest::KeyedTag item_tag_;
    digest::KeyedTag number_tag_;
    digest::KeyedTag person_tag_;
    std::string message_;
    std::string folded_;
};

}  // namespace tsunagi::ledger
