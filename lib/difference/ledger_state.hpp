#pragma once
// What the ledger says the server has: what NEW is compared with where there is no OLD.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "difference/comparison.hpp"
#include "difference/setup.hpp"
#include "ledger/book.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

class LedgerState {
public:
    // `book` is borrowed. SYS001, LED004.
    static Expected<LedgerState, Diagnostic> load(const ledger::Book& book, const Setup& setup);

    const ledger::Members& members() const noexcept { return members_; }
    std::size_t size() const noexcept { return members_.size(); }
    std::span<const ledger::Member> all() const noexcept { return members_.all(); }
    std::uint64_t registered() const noexcept { return registered_; }
    ledger::Tagger tagger(const Setup& setup) const {
        return book_->tagger(setup.layout, setup.schema.profile().encoding);
    }
    // The accepted tags of the items of a member. Thread-safe.
    Expected<std::string, Diagnostic> item_tags(std::uint32_t member) const;
    const std::vector<std::string>& plan_items(std::uint32_t member) const noexcept {
        return book_->plan_items(members_.at(member).plan);
    }
    // Whether the operator vouched that the first member_id is the person of the second.
    bool is_vouched(std::string_view member_id, std::string_view of_member_id) const;

    Expected<Registration, Diagnostic> find_registration(const Setup& setup, const IdRow& row,
                                                         const digest::WideTag& tag) const;

private:
    LedgerState(const ledger::Book& book, ledger::Members&& members)
        : book_(&book), members_(std::move(members)), mutex_(std::make_unique<std::mutex>()) {}

    const ledger::Book* book_;
    ledger::Members members_;
    std::uint64_t registered_ = 0;
    std::multimap<std::string, std::string, std::less<>> vouched_;
    std::unique_ptr<std::mutex> mutex_;  // the book is asked by one thread at a time
};

}  // namespace tsunagi::difference
