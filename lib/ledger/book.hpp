#pragma once
// The ledger, opened: what is known, before anything is written. Writing is ledger/writing.hpp.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "digest/sha256.hpp"
#include "ledger/audit.hpp"
#include "ledger/members.hpp"
#include "ledger/tagger.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/ledger.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::storage {
class Database;
}

namespace tsunagi::ledger {

// Whose results were applied; the first decides (RES009).
enum class Server : std::uint8_t { none, production, rehearsal };
// By how the reception number begins.
Server server_of(std::string_view reception_number) noexcept;

// An upload file.
struct Dispatch {
    enum class State : std::uint8_t { made = 0, uploaded = 1, withdrawn = 2 };
    std::uint32_t id = 0;
    std::uint32_t submission = 0;
    std::string file_name;
    std::string sha256;  // lower-case hexadecimal
    std::uint64_t rows = 0;
    std::uint64_t first_record_id = 0;
    std::uint64_t last_record_id = 0;
    State state = State::made;
};

// A writing run: its folder, and the manifest that stands or belongs there.
struct Submission {
    std::uint32_t id = 0;
    std::string tool;
    Moment as_of{};
    std::string folder;
    std::string manifest;
    bool is_published = false;
};

struct Reception {
    std::uint32_t id = 0;
    std::string reception_number;
    std::uint64_t rows = 0;
    Moment applied_at{};
};

// An acknowledgement that was not used yet.
struct Acknowledgement {
    std::string code;
    std::string member_id;
    std::string of_member_id;
};

// Holds the kernel lock on PATH.lock as long as it lives.
// Errors   SYS003 another run holds the lock, or the file. SYS001 no ledger, no key file, one that
//          others can read, or a network file system. SYS002 the folder cannot be written. LED001
//          the end of the audit chain is not as it was left; LED002 another key; LED003 another
//          insurer; LED004 damaged, a newer version, or no ledger.
class Book {
public:
    // `insurer_number` blank: whose it is. A ledger of an older version is brought up to date.
    static Expected<Book, Diagnostic> open(const LedgerAccess& access,
                                           std::string_view insurer_number);
    // Makes ledger (0600) and key file (0400) where they are absent, and opens them. A key file
    // that is there is taken.
    static Expected<Book, Diagnostic> create(const LedgerAccess& access,
                                             std::string_view insurer_number, Moment as_of);
    // Takes back what create() made: files that were there before stay.
    static void discard(Book&& book) noexcept;
    Book(Book&&) noexcept;
    Book& operator=(Book&&) noexcept;
    ~Book();

    const std::string& path() const noexcept;
    const std::string& insurer_number() const noexcept;
    bool was_made() const noexcept;  // by create()
    const ChainHead& head() const noexcept;
    Server server() const noexcept;
    // The next record id, for this run to count from; Writing keeps the last that was used.
    std::uint64_t next_record_id() const noexcept;
    // The file itself, for tables of other rooms (master_…): they are written within a Writing.
    storage::Database& database() const noexcept;
    // LED005 where a run with a later as-of was recorded.
    Expected<void, Diagnostic> check_as_of(Moment as_of) const;

    // One for each thread; of the layout's fields in the profile's encoding. Thread-safe.
    Tagger tagger(const Layout& layout, Encoding encoding) const;

    // Everything about the members of a layout; secondary copies by their layout's name.
    Expected<Members, Diagnostic> load_members(std::string_view layout) const;
    // Where `members` are of that layout.
    Expected<SentRecords, Diagnostic> load_sent(std::string_view layout,
                                                const Members& members) const;
    // The item tags that were accepted; blank where none were. Not kept in memory: few members
    // change.
    Expected<std::string, Diagnostic> item_tags(std::string_view layout, std::string_view member_id,
                                                std::string_view record_key = {}) const;
    // The items that the tags of a plan are of (Member::plan), and its fingerprint.
    const std::vector<std::string>& plan_items(std::uint32_t plan) const noexcept;
    const digest::Sha256Digest& plan_fingerprint(std::uint32_t plan) const noexcept;

    // FIL011: an upload file of that content that was not withdrawn. The later one, of several.
    Expected<std::optional<Dispatch>, Diagnostic> find_dispatch(
        const digest::Sha256Digest& sha256) const;
    Expected<std::vector<Dispatch>, Diagnostic> dispatches() const;  // by id
    // A run with that fingerprint none of whose files was withdrawn.
    Expected<std::optional<Submission>, Diagnostic> find_submission(
        const digest::Sha256Digest& fingerprint) const;
    // Committed, not withdrawn, and its manifest not yet known to stand in its folder.
    Expected<std::vector<Submission>, Diagnostic> unpublished() const;
    Expected<std::optional<Reception>, Diagnostic> find_reception(
        const digest::Sha256Digest& result_file) const;
    Expected<std::vector<Acknowledgement>, Diagnostic> acknowledgements() const;

    // For this room alone: ledger/book_state.hpp.
    struct State;
    State& state() noexcept { return *state_; }

private:
    explicit Book(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tsunagi::ledger
