#pragma once
// The inside of a Registry.

#include <memory>
#include <optional>
#include <string>

#include <unistd.h>

#include "digest/keyed_tag.hpp"
#include "digest/wipe.hpp"
#include "rehearsal/branch_number.hpp"
#include "rehearsal/registry.hpp"
#include "storage/database.hpp"

namespace tsunagi::rehearsal {

// The statements that run once a row.
struct Statements {
    storage::Statement by_number;
    storage::Statement by_branch;
    storage::Statement insert;
    storage::Statement update;
    storage::Statement remove;
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
    std::optional<BranchNumbers> branch_numbers;
    std::optional<Statements> statements;

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
    Expected<std::string, Diagnostic> next_branch_number(std::string_view insurer_number);
    // Nothing where the record is registered for that person; why not, else.
    Expected<Refusal, Diagnostic> judge_record(const Copy& copy);
    Expected<std::optional<digest::Tag>, Diagnostic> number_of(const digest::Tag& branch);
};

}  // namespace tsunagi::rehearsal
