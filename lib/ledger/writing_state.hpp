#pragma once
// The inside of a Writing.

#include <optional>
#include <string>
#include <utility>

#include "ledger/book_state.hpp"
#include "ledger/writing.hpp"

namespace tsunagi::ledger {

struct Writing::State {
    Book::State* book = nullptr;
    std::optional<storage::Statement> insert_row;
    std::optional<storage::Statement> insert_tags;
    std::optional<storage::Statement> insert_member;
    std::optional<storage::Statement> answer_row;
    std::optional<storage::Statement> answered;
    std::optional<storage::Transaction> transaction;  // ends before the statements go
    Moment as_of{};
    std::string at;  // the same as text
    ChainHead head;
    Server server = Server::none;
    std::uint64_t next_record_id = 1;

    std::string_view tool;
    std::string layout;
    std::int64_t layout_id = 0;
    std::int64_t plan = 0;
    std::int64_t submission = 0;
    std::int64_t first_dispatch = 0;
    std::int64_t dispatch = 0;
    std::uint64_t first_record_id = 0;  // of the submission
    std::uint64_t first_of_dispatch = 0;
    std::uint64_t dispatches = 0;

    std::int64_t reception = 0;
    std::string reception_number;
    std::uint64_t answers = 0;
    std::uint64_t accepted = 0;

    storage::Database& database() noexcept { return *book->database; }
    Expected<void, Diagnostic> prepare(std::optional<storage::Statement>& statement,
                                       const char* sql);
    Expected<void, Diagnostic> take_plan(const TagPlan& plan);
    Expected<void, Diagnostic> event(std::string_view name, std::string_view payload);
    // Binds values in order and runs.
    template <class... Values>
    Expected<void, Diagnostic> run(const char* sql, const Values&... values) {
        auto statement = database().prepare(sql);
        if (!statement) return Unexpected{statement.error()};
        int place = 0;
        (statement->bind(++place, values), ...);
        return statement->run();
    }
};

inline std::int64_t stored(std::uint64_t number) noexcept {
    return static_cast<std::int64_t>(number);
}

inline std::span<const std::uint8_t> blob(std::string_view bytes) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

}  // namespace tsunagi::ledger
