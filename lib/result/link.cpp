#include <optional>
#include <utility>

#include "file/output.hpp"
#include "result/answer_files.hpp"
#include "result/core_file.hpp"
#include "result/ledger_link.hpp"
#include "result/link_run.hpp"
#include "result/linked_core.hpp"
#include "result/message_table.hpp"
#include "result/reconciliation.hpp"
#include "result/relink_table.hpp"
#include "result/resubmission.hpp"
#include "result/sent_files.hpp"
#include "secondary_copy/copy_layout.hpp"

#include <tsunagi/result.hpp>

namespace tsunagi {

namespace result {

Expected<void, Diagnostic> check_sum(const LinkSummary& counts, const std::string& path) {
    const std::uint64_t sum =
        counts.written + counts.unchanged + counts.pending + counts.held + counts.rejected;
    if (sum == counts.rows) return {};
    Diagnostic fault = trouble(Code::SUM001, path);
    fault.wanted = counts.rows;
    fault.found = sum;
    return Unexpected{std::move(fault)};
}

Expected<void, Diagnostic> check_rows(const LinkOptions& options, std::uint64_t rows) {
    if (!options.expect_rows || *options.expect_rows == rows) return {};
    Diagnostic fault = trouble(Code::SUM001, options.core.path, 0,
                               {"the core has another number of rows than expected",
                                "基幹抽出データの行数が指定と異なります"});
    fault.wanted = *options.expect_rows;
    fault.found = rows;
    return Unexpected{std::move(fault)};
}

namespace {

// What the run writes, claimed before the work begins.
struct Outputs {
    file::Output core;
    std::optional<file::Output> keys;
    std::optional<file::OutputFolder> resubmit;
};

Expected<Outputs, Diagnostic> open_outputs(const LinkOptions& options,
                                           const Resubmission& resubmission) {
    auto core = file::Output::create(options.output, options.overwrite);
    if (!core) return Unexpected{std::move(core).error()};
    Outputs outputs{std::move(*core), std::nullopt, std::nullopt};
    if (!options.keys.empty()) {
        auto keys = file::Output::create(options.keys, options.overwrite);
        if (!keys) return Unexpected{std::move(keys).error()};
        outputs.keys = std::move(*keys);
    }
    if (!options.resubmit.empty()) {
        auto folder = resubmission.open(options.resubmit);
        if (!folder) return Unexpected{std::move(folder).error()};
        outputs.resubmit = std::move(*folder);
    }
    return outputs;
}

// The linked core comes last: a script that waits for it finds the others there.
Expected<void, Diagnostic> publish(Outputs& outputs, const Resubmitted& resubmitted) {
    if (outputs.resubmit) {
        const auto done = outputs.resubmit->publish(resubmitted.manifest);
        if (!done) return Unexpected{done.error()};
    }
    if (outputs.keys)
        if (auto done = outputs.keys->publish(); !done) return done;
    return outputs.core.publish();
}

Expected<LinkSummary, Diagnostic> link(const Schema& schema, const Layout& layout,
                                       const LinkOptions& options, Witness& witness) {
    const auto messages = MessageTable::load(schema.profile());
    if (!messages) return Unexpected{messages.error()};
    std::vector<LayoutFile> sent_files;
    const Resubmission resubmission{schema, layout, *messages, sent_files, options.as_of};
    auto outputs = open_outputs(options, resubmission);
    if (!outputs) return Unexpected{std::move(outputs).error()};

    std::optional<LedgerLink> ledger;
    Reconciliation books(schema, layout, witness);
    const auto reasons = read_relink_table(options.relink, books);
    if (!reasons) return Unexpected{reasons.error()};
    if (options.ledger.is_given()) {
        auto opened = LedgerLink::open(options, layout.id);
        if (!opened) return Unexpected{std::move(opened).error()};
        ledger.emplace(std::move(*opened));
        if (auto filled = ledger->fill(books); !filled)
            return Unexpected{std::move(filled).error()};
    }
    const auto core = CoreFile::open(options.core, schema, layout, options.as_of.date);
    if (!core) return Unexpected{core.error()};
    const auto read = read_core(*core, schema, layout, options.threads, witness, books);
    if (!read) return Unexpected{read.error()};
    if (auto checked = check_rows(options, read->rows); !checked)
        return Unexpected{std::move(checked).error()};
    if (!ledger) {
        auto sent = read_sent_files(schema, layout, options.bulk, options.threads, witness, books);
        if (!sent) return Unexpected{std::move(sent).error()};
        sent_files = std::move(*sent);
    }
    if (auto answered = read_answer_files(schema, layout, options, *messages,
                                          ledger ? &*ledger : nullptr, witness, books);
        !answered)
        return Unexpected{std::move(answered).error()};

    LinkSummary summary;
    books.count(summary);
    summary.published = read->faults == 0 && (options.keep_good || !witness.has_error());
    const bool published = summary.published;
    Resubmitted resubmitted;
    if (published && outputs->resubmit) {
        auto done = resubmission.write(books, *outputs->resubmit, core->codes("result_code"));
        if (!done) return Unexpected{std::move(done).error()};
        resubmitted = std::move(*done);
        summary.resubmitted = resubmitted.rows;
    }
    auto written = write_core(*core, read->members, options.threads, books,
                              published ? &outputs->core : nullptr,
                              published && outputs->keys ? &*outputs->keys : nullptr, summary);
    if (!written) return Unexpected{std::move(written).error()};
    if (auto checked = check_sum(summary, options.core.path); !checked)
        return Unexpected{std::move(checked).error()};
    // What is committed and not published is filled in by the same run once more.
    if (published && ledger)
        if (auto applied = ledger->apply(books, *reasons); !applied)
            return Unexpected{std::move(applied).error()};
    if (ledger) {
        summary.known_files = ledger->known_files();
        summary.chain = ledger->chain();
    }
    if (published)
        if (auto done = publish(*outputs, resubmitted); !done)
            return Unexpected{std::move(done).error()};
    return summary;
}

}  // namespace

}  // namespace result

Expected<LinkSummary, Diagnostic> link_results(const Schema& schema, const LinkOptions& options,
                                               DiagnosticSink& sink) {
    const auto layout = schema.layout(options.layout);
    if (!layout) return Unexpected{layout.error()};
    if ((*layout)->kind != LayoutKind::upload)
        return Unexpected{trouble(
            Code::SYS004, "", 0,
            {"the layout is not one of upload files", "アップロード用の様式ではありません"})};
    result::Witness witness(sink);
    if (secondary_copy::CopyLayout::is_copy(**layout))
        return result::link_copies(schema, **layout, options, witness);
    return result::link(schema, **layout, options, witness);
}

}  // namespace tsunagi
