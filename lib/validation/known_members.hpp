#pragma once
// What a ledger says of upload files and of their rows.

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "file/input.hpp"
#include "identifier/branch_numbers.hpp"
#include "ledger/book.hpp"
#include "record/checker.hpp"

#include <tsunagi/validation.hpp>

namespace tsunagi::validation {

// Read by all threads; nothing is written.
class KnownMembers {
public:
    // The errors of ledger::Book.
    static Expected<KnownMembers, Diagnostic> open(const Schema& schema, const Layout& layout,
                                                   const ValidationOptions& options);

    // FIL011: an upload file of that content that was not withdrawn. SYS001, LED004.
    Expected<bool, Diagnostic> has_sent(const file::Input& input) const;
    // Of all members that are registered.
    std::shared_ptr<const identifier::BranchNumbers> branch_numbers() const;

    // Of rows of member-info. Not thread-safe: one for each thread.
    class Judge {
    public:
        // `checker` has checked the fields. What the last row gave is forgotten.
        std::span<const record::Finding> judge(std::span<const FieldText> fields,
                                               const record::Checker& checker);

    private:
        friend class KnownMembers;
        Judge(const KnownMembers& known, ledger::Tagger tagger)
            : known_(&known), tagger_(std::move(tagger)) {}
        void judge_branch(std::string_view member_id, std::string_view branch_number);
        void judge_number(std::string_view member_id, std::span<const FieldText> fields);
        void add(Code code, std::size_t item);

        const KnownMembers* known_;
        ledger::Tagger tagger_;
        std::vector<record::Finding> findings_;
    };
    // Nothing where the layout is another one.
    std::optional<Judge> judge() const;

private:
    struct Items {
        std::size_t change_type = 0;
        std::size_t member_id = 0;
        std::size_t branch_number = 0;
        std::size_t individual_number = 0;
    };
    KnownMembers(const Schema& schema, const Layout& layout, ledger::Book book,
                 ledger::Members members)
        : schema_(&schema),
          layout_(&layout),
          book_(std::move(book)),
          members_(std::move(members)) {}

    const Schema* schema_;
    const Layout* layout_;
    ledger::Book book_;
    ledger::Members members_;
    std::optional<Items> items_;  // of member-info
};

}  // namespace tsunagi::validation
