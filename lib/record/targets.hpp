#pragma once
// What the rows of one layout may name: rows that are registered, from other files.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "digest/quick_tag.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/field.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::record {

class Targets {
public:
    // A registered row as far as it concerns those that name it.
    struct Standing {
        std::int32_t from = 0;
        std::int32_t to = 0;  // the last day
        bool may_register = false;
        bool may_approve = false;
    };

    explicit Targets(const Layout& layout);

    // Whether rows of `of` may be named, or are of the layout itself.
    bool wants(const Layout& of) const noexcept;
    // From here on rows of `of` are given, in the order of their registration.
    void begin(const Layout& of);
    // A change (change_type 2, update_kind 2) stands in place of what it changes, a deletion (3)
    // and a row with invalid_flag take it away.
    void add(std::span<const FieldText> fields);

    // Whether rows were given that this reference of the layout may name.
    bool knows(std::size_t reference) const noexcept { return references_[reference].is_known; }
    // In force on that day; null: nothing is.
    const Standing* find(std::size_t reference, std::string_view name, Date day) const;

    // Rows of the layout itself, by its key.
    bool knows_own() const noexcept { return own_.is_known; }
    bool is_registered(std::string_view key) const { return own_.rows.contains(tag(key)); }
    // Now or once: a key is not used again.
    bool was_registered(std::string_view key) const { return ever_.contains(tag(key)); }

private:
    struct Set {
        bool is_known = false;
        std::vector<std::size_t> items;  // of the layout that is named
        std::unordered_multimap<std::uint64_t, Standing> rows;
    };
    // Where the items stand of the layout that is given.
    struct Places {
        explicit Places(const Layout& of);
        std::optional<std::size_t> change_type;  // or update_kind
        std::optional<std::size_t> invalid_flag;
        std::optional<std::size_t> valid_from;
        std::optional<std::size_t> valid_to;
        std::optional<std::size_t> may_register;
        std::optional<std::size_t> may_approve;
    };
    std::uint64_t tag(std::string_view name) const noexcept { return keys_.short_tag(name); }
    void add_to(Set& set, std::span<const FieldText> fields, const Standing& standing, char change);

    const Layout* layout_;
    digest::WideKeys keys_;
    std::vector<Set> references_;  // as those of the layout
    Set own_;
    std::unordered_set<std::uint64_t> ever_;
    const Layout* given_ = nullptr;
    std::optional<Places> places_;
    std::string name_;
};

}  // namespace tsunagi::record
