#include "result/linked_core.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "csv/writer.hpp"
#include "result/extract_parts.hpp"

namespace tsunagi::result {

namespace {

// --- into the books ----------------------------------------------------------------------------

struct CoreRow : ReadRow {
    bool is_new = false;  // it comes behind the one before, in the order of their bytes
};

constexpr std::size_t rows_ahead = 8;  // whose places in the books are fetched

struct CorePart : ReadPart<CoreRow> {
    using ReadPart::ReadPart;
    std::string first_id;  // that can be read
    std::string last_id;
    bool is_ascending = true;

    void clear() {
        ReadPart::clear();
        first_id.clear();
        last_id.clear();
        is_ascending = true;
    }
};

// Why a row belongs to nobody.
std::optional<Code> refusal_of(const CoreFile& core, const extract::Mapper& mapper) {
    if (mapper.refused_item() == core.member_item()) return mapper.refusal_of(core.member_item());
    if (mapper.fields()[core.member_item()].is_blank()) return Code::TXT001;
    return std::nullopt;
}

void note_order(CorePart& part, CoreRow& row, std::string_view id) {
    if (part.first_id.empty()) {
        part.first_id = id;
    } else {
        const int order = id.compare(part.last_id);
        row.is_new = order > 0;
        part.is_ascending = part.is_ascending && order >= 0;
    }
    part.last_id = id;
}

// Ids that ascend from the first row of the core on are told apart without a table.
class IdOrder {
public:
    explicit IdOrder(bool is_first) : is_ascending_(is_first) {}

    // Whether every row of the part is of the member before it, or of a new one.
    bool take(const CorePart& part) {
        if (part.first_id.empty()) return is_ascending_;
        const int order = part.first_id.compare(last_id_);
        is_ascending_ = is_ascending_ && part.is_ascending && order >= 0;
        is_first_new_ = order > 0;
        last_id_ = part.last_id;
        return is_ascending_;
    }
    // Of the first row of that part whose id can be read.
    bool is_first_new() const noexcept { return is_first_new_; }

private:
    bool is_ascending_;
    bool is_first_new_ = false;
    std::string last_id_;
};

void read_row(CorePart& part, const csv::Row& row, const CoreFile& core,
              const digest::WideKeys& keys) {
    CoreRow* const out = part.add(row);
    if (out == nullptr) return;
    out->refused = refusal_of(core, part.mapper);
    const std::string_view id = part.mapper.fields()[core.member_item()].personal_data();
    out->tag = keys.tag(id);
    if (!out->refused) note_order(part, *out, id);
    part.keep_branch(*out, core.branch_of(row));
}

// --- out of the books --------------------------------------------------------------------------

struct WrittenKey {
    MemberIndex member = 0;
    std::string id;
    std::string branch;
};

struct LinkedPart : WritePart {
    using WritePart::WritePart;
    std::vector<WrittenKey> keys;
    RowMembers::Cursor members;

    void begin(const RowMembers& known, std::size_t index) {
        clear();
        keys.clear();
        members = known.part(index);
    }
};

class RowWriter {
public:
    RowWriter(const CoreFile& core, const Reconciliation& books, bool with_output, bool with_keys)
        : core_(core),
          books_(books),
          with_output_(with_output),
          with_keys_(with_keys),
          is_plain_(with_output && !with_keys && core.appends_plainly()) {}

    void write(LinkedPart& part, const csv::Row& row) const {
        ++part.counts.rows;
        const MemberIndex index = part.members.next();
        std::optional<BranchNumber> number;
        const std::string_view before = core_.branch_of(row);
        if (index == RowMembers::nobody) {
            ++part.counts.rejected;
        } else {
            const Member& member = books_.members().at(index);
            number = decide(member, before, part.counts);
        }
        if (is_plain_ && (!number || number->is_digits()))
            return append_plainly(part.out, row, number.value_or(BranchNumber()));
        const BranchText text(number.value_or(BranchNumber()));
        const std::string_view after = number ? text.view() : before;
        if (with_keys_ && index != RowMembers::nobody && !after.empty() &&
            !books_.members().at(index).has(was_contradicted))
            add_key(part, row, index, after);
        if (with_output_) append(part, row, number ? std::optional(after) : std::nullopt);
    }

private:
    // Nothing but digits is appended, in the encoding that the row is in.
    static void append_plainly(std::string& out, const csv::Row& row, const BranchNumber& branch) {
        const BranchText text(branch);
        const std::string_view digits = text.view();
        const std::string_view row_end = text_of(row.end);
        std::array<char, 1 + BranchNumber::digits_max + 2> tail;
        tail[0] = ',';
        std::ranges::copy(digits, tail.data() + 1);
        std::ranges::copy(row_end, tail.data() + 1 + digits.size());
        if (out.empty()) out.reserve(part_bytes + part_bytes / 8);
        out += row.bytes;
        out.append(tail.data(), 1 + digits.size() + row_end.size());
    }

    void add_key(LinkedPart& part, const csv::Row& row, MemberIndex index,
                 std::string_view branch) const {
        if (part.mapper.map(row)) return;
        const FieldText id = part.mapper.fields()[core_.member_item()];
        part.keys.push_back({index, std::string(id.personal_data()), std::string(branch)});
    }

    void append(LinkedPart& part, const csv::Row& row,
                std::optional<std::string_view> branch) const {
        if (part.out.empty()) part.out.reserve(part_bytes + part_bytes / 8);
        if (!part.back) return core_.append_row(part.out, row, branch);
        part.row.clear();
        core_.append_row(part.row, row, branch);
        part.put();
    }

    // Counts the row, and answers the branch number that is to be filled in.
    std::optional<BranchNumber> decide(const Member& member, const BranchNumber& before,
                                       LinkSummary& counts) const {
        const BranchNumber branch = books_.members().branch_of(member);
        // What the ledger has stands, whatever is under way or was refused.
        const bool is_known = member.origin == Origin::ledger && branch != before;
        if (member.has(was_contradicted)) {
            ++counts.rejected;
            return std::nullopt;
        }
        if (member.has(was_accepted)) {
            ++(branch == before ? counts.unchanged : counts.written);
            return branch == before ? std::nullopt : std::optional(branch);
        }
        if (member.has(is_waiting))
            ++counts.pending;
        else if (member.has(was_refused))
            ++counts.rejected;
        else
            ++(before.is_blank() && !member.has(was_deleted) ? counts.held : counts.unchanged);
        return is_known ? std::optional(branch) : std::nullopt;
    }

    const CoreFile& core_;
    const Reconciliation& books_;
    bool with_output_;
    bool with_keys_;
    bool is_plain_;
};

// `written`: one a member. Not a flag of the member: other threads read those meanwhile.
std::string format_keys(const std::vector<WrittenKey>& keys, std::vector<bool>& written) {
    std::string out;
    for (const WrittenKey& key : keys) {
        if (written[key.member]) continue;  // an earlier period of the same member
        written[key.member] = true;
        csv::append_field(out, key.id, Quote::minimal);
        out += ',';
        out += key.branch;
        out += '\n';
    }
    return out;
}

// A row of members is seldom shorter.
constexpr std::uint64_t row_bytes_min = 96;

// The first part tells how long rows are.
void expect_rows(std::uint64_t rows, const csv::Segment& segment, std::uint64_t size_bytes,
                 Members& members) {
    const std::uint64_t parts = size_bytes / (segment.end - segment.begin + 1);
    members.expect_members(
        static_cast<std::size_t>(std::min(rows * parts, size_bytes / row_bytes_min)));
}

}  // namespace

Expected<CoreRows, Diagnostic> read_core(const CoreFile& core, const Schema& schema,
                                         const Layout& layout, unsigned threads,
                                         DiagnosticSink& sink, Reconciliation& books) {
    // What is never touched costs nothing.
    books.members().reserve(core.rows().input.size_bytes() / row_bytes_min);
    CoreRows read;
    const auto place = [&read](std::uint64_t row) {
        const std::uint64_t number = read.rows + row + 1;
        return Location{1, extract::Extract::line_of_row(number), number, 0};
    };
    const std::size_t columns = core.column_count();
    IdOrder order(books.members().size() == 0);
    const auto take = [&](const csv::Segment& segment,
                          const CorePart& part) -> Expected<void, Diagnostic> {
        if (segment.first_of_file) {
            const std::uint64_t size_bytes = core.rows().input.size_bytes();
            expect_rows(part.rows.size(), segment, size_bytes, books.members());
        }
        part.tell_faults(sink, schema.profile(), columns, place);
        read.members.begin_part();
        const bool is_in_order = order.take(part);
        bool is_new = is_in_order && order.is_first_new();
        for (std::size_t i = 0; i < part.rows.size(); ++i) {
            const CoreRow& row = part.rows[i];
            if (i + rows_ahead < part.rows.size())
                books.members().expect(part.rows[i + rows_ahead].tag);
            Location at = place(row.row);
            if (row.refused) {
                const Item& item = layout.items[core.member_item()];
                at.column_number = item.number;
                emit(sink, schema.profile(), {.code = *row.refused, .at = at, .field = item.name});
                continue;
            }
            is_new = is_new || (is_in_order && row.is_new);
            read.members.add(row.row, books.add_core(row.tag, part.branch_of(row), at, is_new));
            is_new = false;
        }
        read.members.end_part(static_cast<std::uint32_t>(part.row_count));
        read.rows += part.row_count;
        read.faults += part.faults.size();
        return {};
    };
    const RowSource rows = core.rows();
    const auto done = read_parts(
        std::span(&rows, 1), threads, [&core] { return CorePart(core.make_mapper()); },
        [](CorePart& part, std::size_t) { part.clear(); },
        [&](CorePart& part, const csv::Row& row) { read_row(part, row, core, books.keys()); },
        take);
    if (!done) return Unexpected{done.error()};
    return read;
}

Expected<void, Diagnostic> write_core(const CoreFile& core, const RowMembers& members,
                                      unsigned threads, const Reconciliation& books,
                                      file::Output* output, file::Output* keys,
                                      LinkSummary& summary) {
    const RowWriter writer(core, books, output != nullptr, keys != nullptr);
    if (output != nullptr) {
        std::string header;
        if (!append_header_of(core, header)) return Unexpected{core.cannot_write_back(0)};
        if (auto written = output->write(header); !written) return written;
    }
    if (keys != nullptr)
        if (auto written = keys->write("member_id,branch_number\n"); !written) return written;
    RowSource rows = core.rows();
    // The branch number is appended, then, and nothing of the row is looked at.
    rows.is_rows_only = !core.has_branch_column() && keys == nullptr;
    std::vector<bool> keys_of(keys != nullptr ? books.members().size() : 0);
    return read_parts(
        std::span(&rows, 1), threads,
        [&core] { return LinkedPart(core.make_mapper(), core.make_write_back()); },
        [&members](LinkedPart& part, std::size_t index) { part.begin(members, index); },
        [&writer](LinkedPart& part, const csv::Row& row) { writer.write(part, row); },
        [&](const csv::Segment& segment, LinkedPart& part) -> Expected<void, Diagnostic> {
            if (part.counts.rows != members.row_count(part_index(segment)))
                return Unexpected{trouble(
                    Code::SYS001, core.path(), 0,
                    {"the file changed while it was read", "読み込み中にファイルが変わりました"})};
            if (part.misfit) return Unexpected{core.cannot_write_back(summary.rows + *part.misfit)};
            add_counts(summary, part.counts);
            if (output != nullptr)
                if (auto written = output->write(part.out); !written) return written;
            if (keys == nullptr) return {};
            return keys->write(format_keys(part.keys, keys_of));
        });
}

}  // namespace tsunagi::result
