// What the operator tells the ledger: uploaded, withdrawn, vouched for.

#include <algorithm>

#include "file/descriptor.hpp"
#include "file/secret.hpp"
#include "ledger/core_rows.hpp"
#include "ledger/fingerprint.hpp"
#include "ledger/writing.hpp"

#include <tsunagi/identifier.hpp>
#include <tsunagi/ledger.hpp>

namespace tsunagi {

namespace {

using namespace ledger;

Unexpected<Diagnostic> unknown(const std::string& path) {
    return Unexpected{trouble(Code::SYS001, path, 0,
                              {"the ledger knows no upload file like this one",
                               "台帳に該当する送付ファイルがありません"})};
}

// By content where it can be read, else by name. Of several the last one.
Expected<Dispatch, Diagnostic> find(const std::vector<Dispatch>& all, const std::string& path) {
    std::string sha256;
    const std::string name = file::place_of(path).name;
    if (file::is_there(path)) {
        const auto input = file::Input::open(path);
        if (!input) return Unexpected{input.error()};
        const auto digest = sha256_of_file(*input);
        if (!digest) return Unexpected{digest.error()};
        sha256 = digest::hex(*digest);
    }
    const auto found = std::find_if(all.rbegin(), all.rend(), [&](const Dispatch& dispatch) {
        return sha256.empty() ? dispatch.file_name == name : dispatch.sha256 == sha256;
    });
    if (found == all.rend()) return unknown(path);
    return *found;
}

// Does `change` to every file that it applies to, in one transaction.
template <class Change>
Expected<LedgerChange, Diagnostic> change_files(const LedgerFileOptions& options,
                                                const Change& change) {
    auto book = Book::open(options.access, "");
    if (!book) return Unexpected{std::move(book).error()};
    const auto all = book->dispatches();
    if (!all) return Unexpected{all.error()};
    auto writing = Writing::begin(*book, options.as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    LedgerChange result;
    std::vector<std::uint32_t> done;
    for (const std::string& path : options.files) {
        const auto dispatch = find(*all, path);
        if (!dispatch) return Unexpected{dispatch.error()};
        if (std::ranges::find(done, dispatch->id) != done.end()) continue;
        done.push_back(dispatch->id);
        const Expected<bool, Diagnostic> changed = change(*writing, *dispatch, path);
        if (!changed) return Unexpected{changed.error()};
        if (*changed) ++result.changed;
    }
    if (result.changed != 0)
        if (auto committed = writing->commit(); !committed)
            return Unexpected{std::move(committed).error()};
    result.head = book->head().text();
    return result;
}

}  // namespace

Expected<LedgerChange, Diagnostic> mark_sent(const LedgerFileOptions& options) {
    return change_files(options,
                        [](Writing& writing, const Dispatch& dispatch,
                           const std::string& path) -> Expected<bool, Diagnostic> {
                            if (dispatch.state == Dispatch::State::uploaded) return false;
                            if (dispatch.state == Dispatch::State::withdrawn) return unknown(path);
                            if (auto done = writing.mark_uploaded(dispatch); !done)
                                return Unexpected{done.error()};
                            return true;
                        });
}

Expected<LedgerChange, Diagnostic> withdraw_sent(const LedgerFileOptions& options) {
    return change_files(
        options,
        [&options](Writing& writing, const Dispatch& dispatch,
                   const std::string& path) -> Expected<bool, Diagnostic> {
            if (dispatch.state == Dispatch::State::withdrawn) return false;
            if (dispatch.state == Dispatch::State::uploaded && options.reason.empty())
                return Unexpected{trouble(Code::SYS004, path, 0,
                                          {"it was marked as uploaded: say why with --reason",
                                           "送付済みとして記録されています。--reason で理由を"
                                           "示してください"})};
            if (auto done = writing.withdraw(dispatch, options.reason); !done)
                return Unexpected{done.error()};
            return true;
        });
}

Expected<LedgerChange, Diagnostic> acknowledge_member(const LedgerAcknowledgement& options) {
    auto book = Book::open(options.access, "");
    if (!book) return Unexpected{std::move(book).error()};
    const auto members = book->load_members(member_layout);
    if (!members) return Unexpected{members.error()};
    const auto of = members->find(options.of_member_id);
    if (!of || !members->at(*of).is_registered() || options.member_id == options.of_member_id)
        return Unexpected{trouble(Code::SYS004, "", 0,
                                  {"--of is no registered member, or the same one",
                                   "--of が登録済みの別の加入者ではありません"})};
    const auto acknowledged = book->acknowledgements();
    if (!acknowledged) return Unexpected{acknowledged.error()};
    LedgerChange result;
    for (const Acknowledgement& open : *acknowledged)
        if (open.member_id == options.member_id && open.of_member_id == options.of_member_id) {
            result.head = book->head().text();
            return result;
        }
    auto writing = Writing::begin(*book, options.as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    if (auto done = writing->acknowledge({.code = "NUM005",
                                          .member_id = options.member_id,
                                          .of_member_id = options.of_member_id,
                                          .reason = options.reason,
                                          .operator_name = options.operator_name});
        !done)
        return Unexpected{std::move(done).error()};
    if (auto done = writing->commit(); !done) return Unexpected{std::move(done).error()};
    result.changed = 1;
    result.head = book->head().text();
    return result;
}

}  // namespace tsunagi
