#pragma once
// Rules of departments, users and what they name: references to what is registered, periods of
// validity, and roles that let one user register and approve. A layout without them has none.

#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "record/checker.hpp"
#include "record/targets.hpp"

namespace tsunagi::record {

class MasterRules {
public:
    // Null where the layout lists none of these rules, or the profile has them off.
    static std::shared_ptr<const MasterRules> make(const Schema& schema, const Layout& layout,
                                                   const Context& context);

    // MAS002, MAS003, MAS004, MAS005, COD008: add(code, item) for each that finds something, by
    // item. A rule passes over fields that are not good; a deletion names nothing.
    using Add = std::function<void(Code, std::size_t item)>;
    void apply(std::span<const FieldText> fields, std::span<const FieldState> states,
               std::span<const std::int32_t> days, const Add& add) const;

private:
    struct Row {
        std::span<const FieldText> fields;
        std::span<const FieldState> states;
        std::span<const std::int32_t> days;

        bool is_good(const std::optional<std::size_t>& item) const noexcept {
            return item && states[*item] == FieldState::good;
        }
        std::string_view value(std::size_t item) const noexcept {
            return fields[item].personal_data();
        }
        bool is(const std::optional<std::size_t>& item, std::string_view wanted) const noexcept {
            return is_good(item) && value(*item) == wanted;
        }
    };
    MasterRules() = default;
    void check_own_key(const Row& row, const Add& add) const;
    void check_references(const Row& row, const Add& add) const;
    // What is named must be in force on the as-of date, or on the day nearest to it on which the
    // row is.
    Date day_of(const Row& row) const noexcept;

    const Layout* layout_ = nullptr;
    std::shared_ptr<const Targets> targets_;
    Date as_of_;
    std::optional<std::size_t> change_type_;
    std::optional<std::size_t> valid_from_;
    std::optional<std::size_t> valid_to_;
    std::optional<std::size_t> may_register_;
    std::optional<std::size_t> may_approve_;
    bool checks_added_ = false;       // MAS002
    bool checks_changed_ = false;     // MAS003
    bool checks_references_ = false;  // MAS004
    bool checks_period_ = false;      // MAS005
    bool checks_roles_ = false;       // COD008
};

}  // namespace tsunagi::record
