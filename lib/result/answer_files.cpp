#include "result/answer_files.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "record/checker.hpp"

namespace tsunagi::result {

namespace {

constexpr std::string_view rehearsal_mark = "REHEARSAL";
constexpr std::size_t rows_ahead = 8;  // whose places in the books are fetched

// Where the items stand that linking reads; the others may hold anything.
struct Items {
    std::size_t record_id = 0;
    std::size_t member_id = 0;
    std::size_t result_class = 0;
    std::size_t branch_number = 0;
    std::optional<std::size_t> change_type;
    std::optional<std::size_t> processed_at;
    std::optional<std::size_t> reception_number;
    std::optional<std::size_t> result_code;
    std::optional<std::size_t> result_message;

    bool matters(std::size_t index) const noexcept {
        return index == record_id || index == member_id || index == result_class ||
               index == branch_number || index == change_type || index == processed_at;
    }
};

Expected<Items, Diagnostic> find_items(const Schema& schema, const Layout& upload,
                                       const Layout& layout) {
    const auto record_id = layout.index_of("record_id");
    const auto member_id = layout.index_of(name_of_subject(upload));
    const auto result_class = layout.index_of("result_class");
    const auto branch_number = layout.index_of("branch_number");
    if (!record_id || !member_id || !result_class || !branch_number)
        return Unexpected{trouble(
            Code::LAY001, schema.profile().folder + "/" + layout.id + ".csv", 0,
            {"record_id, member_id or record_key, result_class and branch_number are needed",
             "record_id, member_id か record_key, result_class, branch_number "
             "が必要です"})};
    return Items{*record_id,
                 *member_id,
                 *result_class,
                 *branch_number,
                 layout.index_of("change_type"),
                 layout.index_of("processed_at"),
                 layout.index_of("reception_number"),
                 layout.index_of("result_code"),
                 layout.index_of("result_message")};
}

// The other items need no check, unless what is required of one that matters hangs on another.
void restrict_to(record::Checker& checker, const Layout& layout, const Items& items) {
    std::vector<std::size_t> checked;
    for (std::size_t i = 0; i < layout.items.size(); ++i) {
        if (!items.matters(i)) continue;
        if (layout.items[i].requirement == Requirement::required || layout.items[i].condition)
            return;
        checked.push_back(i);
    }
    checker.restrict_to(std::move(checked));
}

struct TextRange {
    std::uint32_t begin = 0;
    std::uint32_t size_bytes = 0;
};

// One row of a part; its texts stand in the part. Small: a part is filled on one core, and taken on
// another.
struct AnswerRow {
    digest::WideTag member{};
    std::uint64_t record_id = 0;
    std::uint64_t processed_at = 0;
    std::uint64_t branch_value = 0;  // where it is digits
    TextRange branch;                // how many they are, or where another text stands
    TextRange code;
    bool is_branch_digits = true;
    std::uint16_t message_class = 0;
    char change_type = 0;
    char result_class = 0;
    bool is_rehearsal = false;
    bool is_bad = false;
};

struct FieldFinding {
    std::uint64_t row = 0;
    record::Finding finding;
};

struct Part {
    explicit Part(const record::Checker& prototype) : checker(prototype) {}
    record::Checker checker;
    std::vector<AnswerRow> rows;  // one for every row of the file
    std::vector<RowFault> faults;
    std::vector<FieldFinding> findings;
    std::string texts;
    std::string reception_number;  // of the first row that has one
    std::string moment;            // that was read last: many rows have the same one
    std::uint64_t moment_number = 0;

    void clear() {
        rows.clear();
        faults.clear();
        findings.clear();
        texts.clear();
        reception_number.clear();
    }
};

TextRange keep(std::string& texts, std::string_view text) {
    const TextRange range{static_cast<std::uint32_t>(texts.size()),
                          static_cast<std::uint32_t>(text.size())};
    texts += text;
    return range;
}

class AnswerReader {
public:
    AnswerReader(const Layout& layout, const Items& items, const MessageTable& messages,
                 const digest::WideKeys& keys)
        : layout_(layout), items_(items), messages_(messages), keys_(keys) {}

    void read(Part& part, const csv::Row& row) const {
        if (part.rows.empty()) part.rows.reserve(part_bytes / (row.bytes.size() + 1) + 1);
        AnswerRow& out = part.rows.emplace_back();
        if (auto fault = fault_of(row, layout_)) {
            fault->row = part.rows.size() - 1;
            part.faults.push_back(*fault);
            out.is_bad = true;
            return;
        }
        part.checker.check(row.fields);
        for (const record::Finding& finding : part.checker.findings()) {
            if (finding.column_number == 0 || !items_.matters(finding.column_number - 1)) continue;
            part.findings.push_back({part.rows.size() - 1, finding});
            out.is_bad = out.is_bad || finding.severity == Severity::error;
        }
        if (out.is_bad) return;
        const auto field = [&row](std::size_t index) { return row.fields[index].personal_data(); };
        const auto text = [&field](const std::optional<std::size_t>& index) {
            return index ? field(*index) : std::string_view();
        };
        const auto record_id = parse_record_id(field(items_.record_id));
        out.is_bad = !record_id || field(items_.result_class).size() != 1;
        if (out.is_bad) return;
        out.member = keys_.tag(field(items_.member_id));
        out.record_id = *record_id;
        if (const auto moment = text(items_.processed_at); moment != part.moment) {
            part.moment = moment;
            part.moment_number = parse_record_id(moment).value_or(0);
        }
        out.processed_at = part.moment_number;
        out.result_class = field(items_.result_class).front();
        if (const auto change_type = text(items_.change_type); change_type.size() == 1)
            out.change_type = change_type.front();
        out.is_rehearsal = text(items_.reception_number).starts_with(rehearsal_mark);
        if (part.reception_number.empty()) part.reception_number = text(items_.reception_number);
        keep_branch(part, out, field(items_.branch_number));
        if (out.result_class != '9') return;
        out.code = keep(part.texts, text(items_.result_code));
        out.message_class = messages_.classify(text(items_.result_message));
    }

private:
    static void keep_branch(Part& part, AnswerRow& out, const BranchNumber& branch) {
        out.branch_value = branch.value();
        out.branch.size_bytes = static_cast<std::uint32_t>(branch.size());
        out.is_branch_digits = branch.is_digits();
        if (!out.is_branch_digits) out.branch = keep(part.texts, branch.other_text());
    }

    const Layout& layout_;
    const Items& items_;
    const MessageTable& messages_;
    const digest::WideKeys& keys_;
};

// Takes parts of the files in order.
class AnswerTaker {
public:
    AnswerTaker(const Schema& schema, const Layout& layout, DiagnosticSink& sink,
                Reconciliation& books)
        : profile_(schema.profile()), layout_(layout), sink_(sink), books_(books) {}

    void begin(std::uint32_t file_number, std::uint64_t header_lines) {
        file_number_ = file_number;
        header_lines_ = header_lines;
        row_ = 0;
    }

    void take(Part& part) {
        books_.set_reception(part.reception_number);
        auto fault = part.faults.begin();
        auto finding = part.findings.begin();
        for (std::size_t i = 0; i < part.rows.size(); ++i) {
            const std::uint64_t row = ++row_;
            const Location at{file_number_, row + header_lines_, row, 0};
            for (; fault != part.faults.end() && fault->row == i; ++fault)
                emit_fault(sink_, profile_, *fault, at);
            for (; finding != part.findings.end() && finding->row == i; ++finding)
                tell(finding->finding, at);
            const AnswerRow& out = part.rows[i];
            if (i + rows_ahead < part.rows.size())
                books_.members().expect(branch_of(part.rows[i + rows_ahead], part.texts));
            if (out.is_bad) {
                books_.skip_answer();
                continue;
            }
            books_.add_answer(answer_of(out, part.texts), at);
        }
    }

private:
    static BranchNumber branch_of(const AnswerRow& row, std::string_view texts) noexcept {
        if (row.is_branch_digits)
            return BranchNumber::of_digits(row.branch_value, row.branch.size_bytes);
        return texts.substr(row.branch.begin, row.branch.size_bytes);
    }

    static Answer answer_of(const AnswerRow& row, std::string_view texts) {
        return {.member = row.member,
                .record_id = row.record_id,
                .processed_at = row.processed_at,
                .branch_number = branch_of(row, texts),
                .result_code = texts.substr(row.code.begin, row.code.size_bytes),
                .message_class = row.message_class,
                .change_type = row.change_type,
                .result_class = row.result_class,
                .is_rehearsal = row.is_rehearsal};
    }

    void tell(const record::Finding& finding, Location at) {
        at.column_number = finding.column_number;
        Diagnostic diagnostic{.code = finding.code, .severity = finding.severity, .at = at};
        if (finding.wanted != 0) diagnostic.wanted = std::uint64_t{finding.wanted};
        if (finding.wanted != 0 || finding.found != 0)
            diagnostic.found = std::uint64_t{finding.found};
        name_item(diagnostic, layout_.items[finding.column_number - 1]);
        sink_.emit(diagnostic);
    }

    const Profile& profile_;
    const Layout& layout_;
    DiagnosticSink& sink_;
    Reconciliation& books_;
    std::uint32_t file_number_ = 0;
    std::uint64_t header_lines_ = 0;
    std::uint64_t row_ = 0;
};

}  // namespace

Expected<void, Diagnostic> read_answer_files(const Schema& schema, const Layout& upload,
                                             const LinkOptions& options,
                                             const MessageTable& messages, LedgerLink* ledger,
                                             DiagnosticSink& sink, Reconciliation& books) {
    const auto layout = schema.layout(upload.id + "-result");
    if (!layout) return Unexpected{layout.error()};
    const auto items = find_items(schema, upload, **layout);
    if (!items) return Unexpected{items.error()};
    record::Checker prototype(schema, **layout, {options.as_of.date, {}});
    restrict_to(prototype, **layout, *items);
    const AnswerReader reader(**layout, *items, messages, books.keys());
    const auto first_number = static_cast<std::uint32_t>(2 + options.bulk.size());
    std::vector<bool> known(options.results.size(), false);
    AnswerTaker taker(schema, **layout, sink, books);
    const auto read = read_layout_files(
        {.file_count = options.results.size(),
         .quote = schema.profile().quote,
         .threads = options.threads},
        sink,
        [&](std::size_t i, DiagnosticSink& held) -> Expected<LayoutFile, Diagnostic> {
            const auto number = first_number + static_cast<std::uint32_t>(i);
            auto file = open_layout_file(schema, **layout, options.results[i], number, held);
            if (!file || ledger == nullptr) return file;
            const auto is_known = ledger->knows(file->input);
            if (!is_known) return Unexpected{is_known.error()};
            if (!*is_known) return file;
            emit(held, schema.profile(), {.code = Code::FIL011, .at = {number, 0, 0, 0}});
            known[i] = true;
            file->is_usable = false;
            return file;
        },
        [&](std::size_t i, const LayoutFile& file) {
            taker.begin(first_number + static_cast<std::uint32_t>(i), file.header_lines);
            books.begin_result_file(file.header_lines);
            if (known[i]) books.skip_file();
        },
        [&prototype] { return Part(prototype); }, [](Part& part) { part.clear(); },
        [&reader](Part& part, const csv::Row& row) { reader.read(part, row); },
        [&taker](Part& part) -> Expected<void, Diagnostic> {
            taker.take(part);
            return {};
        },
        [](LayoutFile&&) {});
    if (!read) return Unexpected{read.error()};
    books.end_answers();
    return {};
}

}  // namespace tsunagi::result
