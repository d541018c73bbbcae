#pragma once
// From a row of the core, which knows people by their member ids, to an upload row of secondary
// copies, which knows them by their branch numbers.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "secondary_copy/copy_layout.hpp"
#include "secondary_copy/linked_members.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/field.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::secondary_copy {

// What a run says of all its rows.
struct CopyOptions {
    Moment as_of{};
    std::string insurer_number{};
    std::string provision_start_path{};  // blank: nothing is said of the first day of provision
    std::shared_ptr<const LinkedMembers> linked{};
};

// What all rows of a run share. Read-only, for every thread.
class CopyPlan {
public:
    // Errors   LAY001 no data-set code on that day; FIL012, DAT001 the table of the first day of
    //          provision.
    static Expected<std::shared_ptr<const CopyPlan>, Diagnostic> make(const Schema& schema,
                                                                      const Layout& layout,
                                                                      const CopyOptions& options);

    const CopyLayout& shape() const noexcept { return shape_; }
    const Layout& core_layout() const noexcept { return shape_.core(); }

private:
    friend class CopyFiller;
    explicit CopyPlan(CopyLayout&& shape) : shape_(std::move(shape)) {}

    CopyLayout shape_;
    std::vector<std::string> constants_;  // by item of the upload layout
    std::size_t insurer_item_ = CopyLayout::no_item;
    std::size_t record_key_item_ = CopyLayout::no_item;
    std::size_t published_from_item_ = CopyLayout::no_item;
    std::string insurer_number_;
    std::string provision_start_;  // YYYYMMDD, or blank
    std::shared_ptr<const LinkedMembers> linked_;
};

// Fills one upload row after the other. One per thread.
class CopyFiller {
public:
    explicit CopyFiller(std::shared_ptr<const CopyPlan> plan);

    // `fields` borrow from `mapped`, from the plan, and from the filler until the next call.
    void fill(std::span<const FieldText> mapped, std::span<FieldText> fields);
    // A deletion: the head alone. `fields` borrow from the plan and what is given.
    void fill_deletion(FieldText record_key, FieldText branch_number, std::span<FieldText> fields);

    FieldText member_id() const noexcept { return member_id_; }
    // Somebody's branch number is not there yet.
    bool is_pending() const noexcept { return is_pending_; }
    // Items whose member has no branch number and never asked for one.
    std::span<const std::size_t> unknown_items() const noexcept { return unknown_items_; }

private:
    std::shared_ptr<const CopyPlan> plan_;
    FieldText member_id_;
    std::string record_key_;
    std::vector<std::size_t> unknown_items_;
    bool is_pending_ = false;
};

// A member id that its own item would take, as far as a core extract of secondary copies says.
bool is_member_id(FieldText text) noexcept;

}  // namespace tsunagi::secondary_copy
