#include "ledger/publication.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "ledger/writing_state.hpp"
#include "upload/manifest.hpp"

namespace tsunagi::ledger {

namespace {

using Outcome = file::OutputFolder::Outcome;

Expected<void, Diagnostic> mark_published(Book& book, Moment as_of, std::uint32_t submission) {
    auto writing = Writing::begin(book, as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    if (auto marked = writing->mark_published(submission); !marked) return marked;
    return writing->commit();
}

}  // namespace

std::string lasting_path(const std::string& folder) {
    std::error_code failed;
    const auto absolute = std::filesystem::absolute(folder, failed);
    std::string path = failed ? folder : absolute.lexically_normal().string();
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

Expected<std::uint64_t, Diagnostic> complete_runs(Book& book, Moment as_of) {
    const auto submissions = book.unpublished();
    if (!submissions) return Unexpected{submissions.error()};
    for (const Submission& submission : *submissions) {
        auto done = upload::complete_folder(submission.folder, submission.manifest);
        if (!done) {
            Diagnostic fault = std::move(done).error();
            if (fault.code == Code::SYS002)
                fault.detail = {
                    "a run before this one died while it published this folder, and its files "
                    "are not there: put them back, or withdraw them with tsunagi-ledger",
                    "前回の処理がこのフォルダーの出力中に中断し、ファイルがありません。戻すか、"
                    "tsunagi-ledger withdraw で取り下げてください"};
            return Unexpected{std::move(fault)};
        }
        if (auto marked = mark_published(book, as_of, submission.id); !marked)
            return Unexpected{std::move(marked).error()};
    }
    return submissions->size();
}

Expected<Outcome, Diagnostic> publish(Book& book, Writing writing, file::OutputFolder& folder,
                                      std::string_view manifest,
                                      std::span<const std::string> sha256) {
    const auto prepared = folder.prepare(manifest);
    if (!prepared) return prepared;
    const Moment as_of = writing.state().as_of;
    const auto submission = static_cast<std::uint32_t>(writing.state().submission);
    {
        Writing until_committed = std::move(writing);
        // What a full disk refuses is told before the ledger commits to it.
        if (*prepared == Outcome::published)
            if (auto placed = folder.place(manifest); !placed)
                return Unexpected{std::move(placed).error()};
        if (auto ended = until_committed.end_submission(manifest, sha256); !ended)
            return Unexpected{std::move(ended).error()};
        if (auto committed = until_committed.commit(); !committed)
            return Unexpected{std::move(committed).error()};
    }
    const auto published = folder.publish(manifest);
    if (!published) return published;
    if (auto marked = mark_published(book, as_of, submission); !marked)
        return Unexpected{std::move(marked).error()};
    return published;
}

}  // namespace tsunagi::ledger
