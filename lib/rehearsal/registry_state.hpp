#pragma once
// The inside of a Registry.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <unistd.h>

#include "digest/keyed_tag.hpp"
#include "digest/wipe.hpp"
#include "rehearsal/branch_stock.hpp"
#include "rehearsal/registrations.hpp"
#include "rehearsal/registry.hpp"
#include "rehearsal/tag_filter.hpp"
#include "storage/database.hpp"

namespace tsunagi::rehearsal {

// The statements that run once a row.
struct Statements {
    storage::Statement by_number;
    storage::Statement by_branch;
    storage::Statement insert;
    storage::Statement insert_branch;
    storage::Statement update;
    storage::Statement update_branch;
    storage::Statement remove;
    storage::Statement remove_branch;
    storage::Statement issued;
    storage::Statement issue;
    storage::Statement qualified;
    storage::Statement copy_of;
    storage::Statement insert_copy;
    storage::Statement remove_copy;
};

struct Registry::State {
    std::string path;
    std::string key_path;
    digest::Key key{};
    bool made_registry = false;  // by this run: removed without commit()
    bool made_key = false;
    std::unique_ptr<storage::Database> database;
    std::optional<storage::Transaction> transaction;
    std::optional<digest::KeyedTag> numbers;
    std::optional<digest::KeyedTag> branches;
    std::optional<digest::KeyedTag> members;
    std::optional<digest::KeyedTag> files;
    std::optional<digest::KeyedTag> records;
    std::optional<BranchMaker> branch_maker;
    std::optional<Statements> statements;
    // What is not in the tables yet; commit() puts it there.
    std::map<std::string, BranchStock, std::less<>> new_branches;  // by insurer
    Registrations registrations;
    // Of what is in the tables; none while few rows have been looked for.
    std::optional<TagFilter> known_numbers;
    std::uint64_t looked_for = 0;

    ~State() {
        statements.reset();
        transaction.reset();
        database.reset();
        digest::wipe(key);
        if (made_key) ::unlink(key_path.c_str());
        if (made_registry) ::unlink(path.c_str());
    }

    Expected<void, Diagnostic> enter(bool may_create);
    Expected<void, Diagnostic> make_tables();
    Expected<void, Diagnostic> take_key(bool is_new);
    Expected<void, Diagnostic> check_key(bool is_new);
    Expected<void, Diagnostic> prepare();
    Expected<const NewBranch*, Diagnostic> next_branch(std::string_view insurer_number);
    Expected<void, Diagnostic> store_counters();
    // The member tag under a number, waiting or in the tables.
    Expected<std::optional<digest::Tag>, Diagnostic> member_of(const digest::Tag& number);
    Expected<bool, Diagnostic> may_be_in_tables(const digest::Tag& number);
    // Writes the registrations that wait: before anything goes by branch number.
    Expected<void, Diagnostic> settle();
    // Nothing where the record is registered for that person; why not, else.
    Expected<Refusal, Diagnostic> judge_record(const Copy& copy);
    Expected<std::optional<digest::Tag>, Diagnostic> number_of(const digest::Tag& branch);
    Expected<std::optional<digest::Tag>, Diagnostic> tag_of(storage::Statement& select,
                                                            const digest::Tag& wanted);
};

}  // namespace tsunagi::rehearsal
