#pragma once
// How a core extract tells of a layout of secondary copies: people by their member ids in place of
// branch numbers, and no head but record_key and the days of publication.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <tsunagi/field.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::secondary_copy {

class CopyLayout {
public:
    static constexpr std::size_t no_item = static_cast<std::size_t>(-1);
    enum class Kind { constant, copied, branch_number };
    // Where an upload item comes from.
    struct Source {
        Kind kind = Kind::copied;
        std::size_t core_item = no_item;  // no_item: a constant, or an item of the head
    };

    // Whether a layout is one of secondary copies.
    static bool is_copy(const Layout& layout) noexcept;
    CopyLayout(const Schema& schema, const Layout& layout);

    // The items that a core extract has.
    const Layout& core() const noexcept { return core_; }
    const Source& source(std::size_t upload_item) const noexcept { return sources_[upload_item]; }
    std::size_t member_item() const noexcept { return member_item_; }
    std::size_t record_key_item() const noexcept { return record_key_item_; }

    // The key of a record: the core's, else made of the member id and the day that tells the
    // records of one person apart. Blank where there is none of them. Borrows from `made`.
    FieldText record_key(std::span<const FieldText> mapped, std::string& made) const;

private:
    void place(const Schema& schema, const Layout& layout);
    void place_conditions(const Layout& layout);

    Layout core_;
    std::vector<Source> sources_;  // by item of the upload layout
    std::size_t member_item_ = no_item;
    std::size_t record_key_item_ = no_item;
    std::size_t key_date_item_ = no_item;
};

}  // namespace tsunagi::secondary_copy
