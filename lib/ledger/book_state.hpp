#pragma once
// The inside of a Book.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "digest/keyed_tag.hpp"
#include "digest/wipe.hpp"
#include "file/output.hpp"
#include "ledger/book.hpp"
#include "storage/database.hpp"

namespace tsunagi::ledger {

struct KnownPlan {
    std::int64_t layout = 0;
    digest::Sha256Digest fingerprint{};
    std::vector<std::string> items;
};

struct Book::State {
    LedgerAccess access;
    std::optional<file::Lock> lock;
    std::unique_ptr<storage::Database> database;
    digest::Key data_key{};
    std::string insurer_number;
    bool was_made = false;
    bool made_key = false;
    // As committed.
    std::uint64_t next_record_id = 1;
    Moment last_as_of{};
    Server server = Server::none;
    ChainHead head;
    std::map<std::uint32_t, KnownPlan> plans;
    std::optional<storage::Statement> item_tags;  // asked for many members one by one

    ~State() { digest::wipe(data_key); }

    Expected<void, Diagnostic> enter();  // lock and file
    Expected<void, Diagnostic> make(std::string_view insurer, Moment as_of, const digest::Key& key);
    Expected<void, Diagnostic> open_tables(std::string_view insurer, const digest::Key& key);
    Expected<void, Diagnostic> read(std::string_view insurer, const digest::Key& key);
    Expected<void, Diagnostic> read_plans();
    Expected<void, Diagnostic> check_head(std::string_view head_tag);
    // 0 where the ledger has nothing of that layout.
    Expected<std::int64_t, Diagnostic> layout_id(std::string_view name);
    digest::Tag head_tag(const ChainHead& head) const;
    // Appends an event within the caller's transaction; `head` becomes the next one.
    Expected<void, Diagnostic> append_event(const Event& event, ChainHead& head);
    Unexpected<Diagnostic> damaged() const {
        return Unexpected{trouble(Code::LED004, access.path)};
    }
};

inline std::string_view bytes_of(const digest::Sha256Digest& digest) noexcept {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// False where the text has another size.
template <std::size_t N>
bool copy_bytes(std::string_view text, std::array<std::uint8_t, N>& bytes) noexcept {
    if (text.size() != N) return false;
    for (std::size_t i = 0; i < N; ++i) bytes[i] = static_cast<std::uint8_t>(text[i]);
    return true;
}

}  // namespace tsunagi::ledger
