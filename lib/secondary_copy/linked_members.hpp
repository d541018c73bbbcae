#pragma once
// Which branch number a member has: the core extract with its branch numbers filled in, or the key
// table of a link.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "identifier/branch_numbers.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/extract.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::secondary_copy {

class LinkedMembers {
public:
    // The columns member_id and branch_number are enough; of several rows of a member one has the
    // number. A row that cannot be read, or a number that is none, would leave members unknown:
    // it stops the work.
    // Errors   those of reading an extract; CSV001 to CSV003, FIL006, TXT006 with their line;
    //          RES005 two numbers of one member.
    // Memory   about 100 bytes a member.
    static Expected<LinkedMembers, Diagnostic> read(const ExtractOptions& options,
                                                    const Schema& schema, Date as_of);

    // Of another source: each member once, then finish(). False where the number is none; blank is.
    bool add(std::string_view member_id, std::string_view branch_number);
    void finish();

    // Nothing: no such member. Blank: the number is not there yet.
    std::optional<std::string_view> find(std::string_view member_id) const noexcept;
    std::shared_ptr<const identifier::BranchNumbers> branch_numbers() const noexcept {
        return branch_numbers_;
    }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, std::string, Hash, std::equal_to<>> members_;
    std::shared_ptr<identifier::BranchNumbers> branch_numbers_ =
        std::make_shared<identifier::BranchNumbers>();
};

}  // namespace tsunagi::secondary_copy
