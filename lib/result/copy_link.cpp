// Secondary copies: their core extract, the last linked one, upload files and results, joined.

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "file/output.hpp"
#include "result/answer_files.hpp"
#include "result/copy_core.hpp"
#include "result/copy_states.hpp"
#include "result/extract_parts.hpp"
#include "result/link_run.hpp"
#include "result/message_table.hpp"
#include "result/sent_files.hpp"

namespace tsunagi::result {

using secondary_copy::Registration;

namespace {

struct CopyRow : ReadRow {
    Registration registration = Registration::none;
};

struct CopyPart : ReadPart<CopyRow> {
    using ReadPart::ReadPart;
    std::string made;  // a record_key
};

struct RowKey {
    FieldText key;
    std::optional<Code> refused;
};

RowKey key_of(const CopyCore& core, const extract::Mapper& mapper, std::string& made) {
    const auto& shape = core.shape();
    for (const std::size_t item : {shape.member_item(), shape.record_key_item()})
        if (mapper.refused_item() == item) return {.key = {}, .refused = mapper.refusal_of(item)};
    const FieldText key = shape.record_key(mapper.fields(), made);
    if (key.is_blank()) return {.key = key, .refused = Code::TXT001};
    return {.key = key, .refused = std::nullopt};
}

void read_row(CopyPart& part, const csv::Row& row, const CopyCore& core,
              const digest::WideKeys& keys) {
    CopyRow* const out = part.add(row);
    if (out == nullptr) return;
    const RowKey key = key_of(core, part.mapper, part.made);
    const RecordState state = core.state_of(row);
    out->refused = key.refused;
    out->tag = keys.tag(key.key.personal_data());
    out->registration = state.registration;
    part.keep_branch(*out, state.branch_number);
}

// The rows of extracts into the books, and out of them.
class CopyLink {
public:
    CopyLink(const Schema& schema, const Layout& layout, const LinkOptions& options,
             Witness& witness)
        : schema_(schema),
          layout_(layout),
          options_(options),
          witness_(witness),
          books_(schema, layout, witness) {}

    Expected<LinkSummary, Diagnostic> run();

private:
    struct StatePart : WritePart {
        using WritePart::WritePart;
        std::string made;      // a record_key
        bool is_ended = true;  // the last row has a line end

        void clear() {
            WritePart::clear();
            is_ended = true;
        }
    };
    Expected<void, Diagnostic> open_extracts();
    Expected<void, Diagnostic> read(const CopyCore& core, bool is_before);
    void take(const CopyCore& core, const CopyPart& part, bool is_before);
    Expected<void, Diagnostic> write(const CopyCore& core, LinkSummary& summary,
                                     file::Output* output);
    void write_row(StatePart& part, const csv::Row& row, bool is_written) const;
    void carry_row(StatePart& part, const csv::Row& row) const;

    const Schema& schema_;
    const Layout& layout_;
    const LinkOptions& options_;
    Witness& witness_;
    Reconciliation books_;
    CopyStates states_;
    std::optional<CopyCore> core_;
    std::optional<CopyCore> before_;
    std::uint64_t rows_ = 0;  // of the extract that is being read
    bool has_fault_ = false;
};

Expected<void, Diagnostic> CopyLink::open_extracts() {
    auto core = CopyCore::open(options_.core, schema_, layout_, options_.as_of.date, 1);
    if (!core) return Unexpected{std::move(core).error()};
    core_.emplace(std::move(*core));
    if (!options_.before) return {};
    const auto number =
        static_cast<std::uint32_t>(2 + options_.bulk.size() + options_.results.size());
    auto before = CopyCore::open(*options_.before, schema_, layout_, options_.as_of.date, number);
    if (!before) return Unexpected{std::move(before).error()};
    before_.emplace(std::move(*before));
    return {};
}

void CopyLink::take(const CopyCore& core, const CopyPart& part, bool is_before) {
    const auto place = [&](std::uint64_t row) {
        const std::uint64_t number = rows_ + row + 1;
        return Location{core.file_number(), extract::Extract::line_of_row(number), number, 0};
    };
    part.tell_faults(witness_, schema_.profile(), core.column_count(), place);
    has_fault_ = has_fault_ || !part.faults.empty();
    for (const CopyRow& row : part.rows) {
        Location at = place(row.row);
        if (row.refused) {
            const auto item = layout_.index_of(secondary_copy::record_key_title).value_or(0);
            at.column_number = layout_.items[item].number;
            emit(witness_, schema_.profile(),
                 {.code = *row.refused, .at = at, .field = layout_.items[item].name});
            continue;
        }
        const std::string_view branch = part.branch_of(row);
        const MemberIndex index = books_.members().find_or_add(row.tag);
        states_.know(index, {.registration = row.registration, .is_registered = !branch.empty()});
        if (!is_before)
            books_.add_core(row.tag, branch, at);
        else if (!branch.empty())
            books_.add_registered(index, branch);
    }
    rows_ += part.row_count;
}

Expected<void, Diagnostic> CopyLink::read(const CopyCore& core, bool is_before) {
    rows_ = 0;
    const RowSource rows = core.rows();
    return read_parts(
        std::span(&rows, 1), options_.threads, [&core] { return CopyPart(core.make_mapper()); },
        [](CopyPart& part, std::size_t) { part.clear(); },
        [&](CopyPart& part, const csv::Row& row) { read_row(part, row, core, books_.keys()); },
        [&](const csv::Segment&, const CopyPart& part) -> Expected<void, Diagnostic> {
            take(core, part, is_before);
            return {};
        });
}

void CopyLink::write_row(StatePart& part, const csv::Row& row, bool is_written) const {
    LinkSummary& counts = part.counts;
    ++counts.rows;
    part.is_ended = row.end != csv::RowEnd::none;
    if (part.mapper.map(row)) {
        ++counts.rejected;
        return;
    }
    const RowKey key = key_of(*core_, part.mapper, part.made);
    const RecordState before = core_->state_of(row);
    RecordState after = before;
    std::optional<BranchText> branch;
    if (key.refused) {
        ++counts.rejected;
    } else {
        const auto index = books_.members().find(books_.keys().tag(key.key.personal_data()));
        const CopyState state = index ? states_.of(*index) : CopyState{};
        if (state.is_registered)
            branch.emplace(books_.members().branch_of(books_.members().at(*index)));
        after = {.record_key = key.key.personal_data(),
                 .branch_number = branch ? branch->view() : std::string_view(),
                 .registration = state.registration};
        const bool is_new = after.branch_number != before.branch_number ||
                            after.registration != before.registration;
        switch (state.registration) {
            case Registration::accepted: ++(is_new ? counts.written : counts.unchanged); break;
            case Registration::pending: ++counts.pending; break;
            case Registration::none: ++counts.held; break;
            case Registration::refused:
            case Registration::contradicted: ++counts.rejected; break;
        }
    }
    if (!is_written) return;
    part.row.clear();
    core_->append_row(part.row, row, after);
    part.put();
}

// A record that the core has no more and the server still has: its deletion is owed.
void CopyLink::carry_row(StatePart& part, const csv::Row& row) const {
    if (part.mapper.map(row)) return;
    const RowKey key = key_of(*before_, part.mapper, part.made);
    const auto index = books_.members().find(books_.keys().tag(key.key.personal_data()));
    if (key.refused || !index || books_.members().at(*index).has(in_core)) return;
    const CopyState state = states_.of(*index);
    const bool is_open = state.registration == Registration::pending ||
                         state.registration == Registration::contradicted;
    if (!state.is_registered && !is_open) return;
    ++part.counts.carried;
    part.row.clear();
    const BranchText branch(books_.members().branch_of(books_.members().at(*index)));
    core_->append_row_of(*before_, part.row, row,
                         {.record_key = key.key.personal_data(),
                          .branch_number = branch.view(),
                          .registration = state.registration});
    part.put();
}

Expected<void, Diagnostic> CopyLink::write(const CopyCore& core, LinkSummary& summary,
                                           file::Output* output) {
    const bool is_carried = &core != &*core_;
    const RowSource rows = core.rows();
    return read_parts(
        std::span(&rows, 1), options_.threads,
        [&] { return StatePart(core.make_mapper(), core_->make_write_back()); },
        [](StatePart& part, std::size_t) { part.clear(); },
        [&](StatePart& part, const csv::Row& row) {
            if (is_carried)
                carry_row(part, row);
            else
                write_row(part, row, output != nullptr);
        },
        [&](const csv::Segment&, StatePart& part) -> Expected<void, Diagnostic> {
            if (part.misfit) return Unexpected{core.cannot_write_back(summary.rows + *part.misfit)};
            add_counts(summary, part.counts);
            if (output == nullptr) return {};
            if (!part.is_ended && before_) part.out += '\n';
            return output->write(part.out);
        });
}

Expected<LinkSummary, Diagnostic> CopyLink::run() {
    const auto messages = MessageTable::load(schema_.profile());
    if (!messages) return Unexpected{messages.error()};
    auto output = file::Output::create(options_.output, options_.overwrite);
    if (!output) return Unexpected{std::move(output).error()};
    if (auto opened = open_extracts(); !opened) return Unexpected{std::move(opened).error()};
    if (before_)
        if (auto done = read(*before_, true); !done) return Unexpected{std::move(done).error()};
    if (auto done = read(*core_, false); !done) return Unexpected{std::move(done).error()};
    if (auto checked = check_rows(options_, rows_); !checked)
        return Unexpected{std::move(checked).error()};
    const auto sent =
        read_sent_files(schema_, layout_, options_.bulk, options_.threads, witness_, books_);
    if (!sent) return Unexpected{sent.error()};
    if (auto done =
            read_answer_files(schema_, layout_, options_, *messages, nullptr, witness_, books_);
        !done)
        return Unexpected{std::move(done).error()};
    states_.settle(books_);

    LinkSummary summary;
    books_.count(summary);
    summary.published = !has_fault_ && (options_.keep_good || !witness_.has_error());
    file::Output* const target = summary.published ? &*output : nullptr;
    if (target != nullptr) {
        std::string header;
        if (!append_header_of(*core_, header)) return Unexpected{core_->cannot_write_back(0)};
        if (auto done = target->write(header); !done) return Unexpected{std::move(done).error()};
    }
    if (auto done = write(*core_, summary, target); !done)
        return Unexpected{std::move(done).error()};
    if (before_ && target != nullptr)
        if (auto done = write(*before_, summary, target); !done)
            return Unexpected{std::move(done).error()};
    if (auto checked = check_sum(summary, options_.core.path); !checked)
        return Unexpected{std::move(checked).error()};
    if (target != nullptr)
        if (auto done = output->publish(); !done) return Unexpected{std::move(done).error()};
    return summary;
}

}  // namespace

Expected<LinkSummary, Diagnostic> link_copies(const Schema& schema, const Layout& layout,
                                              const LinkOptions& options, Witness& witness) {
    return CopyLink(schema, layout, options, witness).run();
}

}  // namespace tsunagi::result
