// A copy of the ledger, complete or not at all.

#include <tsunagi/ledger.hpp>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#include "file/input.hpp"
#include "file/output.hpp"
#include "file/secret.hpp"
#include "ledger/book_state.hpp"

namespace tsunagi {

// The lock is held and nothing is being written: the bytes of the file are the ledger. A copy of
// them is what was there, free pages too, and needs no second way to write a database.
Expected<LedgerChange, Diagnostic> backup_ledger(const LedgerAccess& access,
                                                 const std::string& output, bool overwrite) {
    const auto book = ledger::Book::open(access, "");
    if (!book) return Unexpected{book.error()};
    for (const std::string* const own : {&access.path, &access.key_file})
        if (file::is_same_file(*own, output))
            return Unexpected{trouble(Code::SYS002, output, EEXIST)};
    const auto input = file::Input::open(access.path);
    if (!input) return Unexpected{input.error()};
    auto copy = file::Output::create(output, overwrite);
    if (!copy) return Unexpected{std::move(copy).error()};
    std::vector<char> block(std::size_t{1} << 20);
    for (std::uint64_t offset = 0; offset < input->size_bytes();) {
        const auto read = input->read_at(offset, block);
        if (!read) return Unexpected{read.error()};
        if (auto written = copy->write({block.data(), *read}); !written)
            return Unexpected{std::move(written).error()};
        offset += *read;
    }
    if (auto published = copy->publish(); !published)
        return Unexpected{std::move(published).error()};
    return LedgerChange{.changed = 1, .head = book->head().text()};
}

}  // namespace tsunagi
