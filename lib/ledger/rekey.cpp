// The data key goes under another key file.

#include <cerrno>

#include "digest/random.hpp"
#include "digest/sealed.hpp"
#include "file/secret.hpp"
#include "ledger/book_state.hpp"
#include "ledger/rekey.hpp"
#include "ledger/words.hpp"
#include "ledger/writing_state.hpp"

#include <tsunagi/ledger.hpp>

namespace tsunagi {

namespace ledger {

Expected<digest::Key, Diagnostic> take_new_key(const std::string& path) {
    digest::Key key{};
    if (!file::is_there(path)) {
        if (!digest::fill_random(key)) return Unexpected{trouble(Code::SYS002, path, EIO)};
        if (auto made = file::create_secret(path, key); !made)
            return Unexpected{std::move(made).error()};
    }
    if (auto read = file::read_private_secret(path, key); !read)
        return Unexpected{std::move(read).error()};
    return key;
}

Expected<void, Diagnostic> Writing::rekey(const digest::Key& key) {
    State& state = *state_;
    const Book::State& book = *state.book;
    const auto sealed =
        digest::seal(key, key_label(book.insurer_number),
                     {reinterpret_cast<const char*>(book.data_key.data()), book.data_key.size()});
    if (!sealed) return Unexpected{trouble(Code::SYS002, book.access.path, EIO)};
    if (auto done = state.run("UPDATE meta SET sealed_key = ?", blob(*sealed)); !done) return done;
    return state.event("rekey", "");
}

}  // namespace ledger

// The new key file is durable before the ledger needs it. A run that was killed between leaves a
// key file that opens nothing; the next one takes it.
Expected<LedgerChange, Diagnostic> rekey_ledger(const LedgerAccess& access,
                                                const std::string& new_key_file, Moment as_of) {
    auto book = ledger::Book::open(access, "");
    if (!book) return Unexpected{std::move(book).error()};
    auto key = ledger::take_new_key(new_key_file);
    if (!key) return Unexpected{std::move(key).error()};
    auto writing = ledger::Writing::begin(*book, as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    auto done = writing->rekey(*key);
    digest::wipe(*key);
    if (done) done = writing->commit();
    if (!done) return Unexpected{std::move(done).error()};
    return LedgerChange{.changed = 1, .head = book->head().text()};
}

}  // namespace tsunagi
