#pragma once
// Secondary copies: from a row of the core, which knows people by their member ids, to an upload
// row, which knows them by their branch numbers.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "secondary_copy/linked_members.hpp"

#include <tsunagi/field.hpp>
#include <tsunagi/schema.hpp>
#include <tsunagi/submission.hpp>

namespace tsunagi::submission {

// What all rows of a run share. Read-only, for every thread.
class CopyPlan {
public:
    // Whether a layout is one of secondary copies.
    static bool is_copy(const Layout& layout) noexcept;
    // Errors   SYS004 without `linked`; those of reading it; LAY001 no data-set code on that day;
    //          FIL012, DAT001 the table of the first day of provision.
    static Expected<std::shared_ptr<const CopyPlan>, Diagnostic> make(
        const Schema& schema, const Layout& layout, const CoreCheckOptions& options);

    // The items that a core extract has: member ids in place of branch numbers, no head but
    // record_key and the days of publication.
    const Layout& core_layout() const noexcept { return core_layout_; }

private:
    friend class CopyFiller;
    static constexpr std::size_t no_item = static_cast<std::size_t>(-1);
    enum class Kind { constant, copied, branch_number };
    struct Source {
        Kind kind = Kind::copied;
        std::size_t core_item = 0;
        std::string text{};
    };
    CopyPlan() = default;
    void place(const Schema& schema, const Layout& layout);
    void place_conditions(const Layout& layout);

    Layout core_layout_;
    std::vector<Source> sources_;  // by item of the upload layout
    std::size_t insurer_item_ = no_item;
    std::size_t record_key_item_ = no_item;
    std::size_t published_from_item_ = no_item;
    std::size_t key_date_item_ = no_item;
    std::string insurer_number_;
    std::string provision_start_;  // YYYYMMDD, or blank
    std::shared_ptr<const secondary_copy::LinkedMembers> linked_;
};

// Fills one upload row after the other. One per thread.
class CopyFiller {
public:
    explicit CopyFiller(std::shared_ptr<const CopyPlan> plan);

    // `fields` borrow from `mapped`, from the plan, and from the filler until the next call.
    void fill(std::span<const FieldText> mapped, std::span<FieldText> fields);

    FieldText member_id() const noexcept { return member_id_; }
    // Somebody's branch number is not there yet.
    bool is_pending() const noexcept { return is_pending_; }
    // Items whose member has no branch number and never asked for one.
    std::span<const std::size_t> unknown_items() const noexcept { return unknown_items_; }

private:
    void make_key(std::span<const FieldText> fields);

    std::shared_ptr<const CopyPlan> plan_;
    FieldText member_id_;
    std::string record_key_;
    std::vector<std::size_t> unknown_items_;
    bool is_pending_ = false;
};

// A member id that its own item would take, as far as a core extract of secondary copies says.
bool is_member_id(FieldText text) noexcept;

}  // namespace tsunagi::submission
