#include "submission/setup.hpp"

#include <algorithm>

#include "csv/table.hpp"
#include "file/input.hpp"
#include "ledger/book.hpp"
#include "ledger/core_rows.hpp"
#include "record/registered.hpp"
#include "secondary_copy/qualified_members.hpp"
#include "upload/record_id_text.hpp"

namespace tsunagi::submission {

namespace {

// The rows that are made of it are still in the cache when they are hashed and written.
constexpr std::uint64_t segment_bytes = std::uint64_t{1} << 20U;

}  // namespace

KnownItems::KnownItems(const Layout& layout)
    : record_id(layout.index_of("record_id")),
      change_type(layout.index_of("change_type")),
      insurer_number(layout.index_of("insurer_number")),
      member_id(layout.index_of("member_id")),
      branch_number(layout.index_of("branch_number")),
      individual_number(layout.index_of("individual_number")),
      acquired_on(layout.index_of("acquired_on")),
      lost_on(layout.index_of("lost_on")),
      record_key(layout.index_of("record_key")) {}

namespace {

// Who is registered, from the ledger. A member whose registration waits or was refused is known and
// has no number yet.
Expected<secondary_copy::LinkedMembers, Diagnostic> read_ledger(const CoreCheckOptions& options) {
    auto book = ledger::Book::open(options.ledger, options.insurer_number);
    if (!book) return Unexpected{std::move(book).error()};
    if (auto checked = book->check_as_of(options.as_of); !checked)
        return Unexpected{std::move(checked).error()};
    const auto members = book->load_members(ledger::member_layout);
    if (!members) return Unexpected{members.error()};
    secondary_copy::LinkedMembers linked;
    for (const ledger::Member& member : members->all())
        if (member.state != ledger::State::deleted &&
            !linked.add(members->member_id(member), members->branch_number(member)))
            return Unexpected{trouble(Code::LED004, book->path())};
    linked.finish();
    return linked;
}

Expected<secondary_copy::LinkedMembers, Diagnostic> read_linked(const Schema& schema,
                                                                const CoreCheckOptions& options) {
    // The operator's word goes before the ledger's.
    if (options.linked)
        return secondary_copy::LinkedMembers::read(*options.linked, schema, options.as_of.date);
    if (options.ledger.is_given()) return read_ledger(options);
    return Unexpected{
        trouble(Code::SYS004, "", 0,
                {"--linked or --ledger is missing: secondary copies need branch numbers",
                 "--linked または --ledger がありません。副本には枝番が必要です"})};
}

Expected<std::shared_ptr<const secondary_copy::CopyPlan>, Diagnostic> plan_copies(
    const Schema& schema, const Layout& layout, const CoreCheckOptions& options) {
    auto linked = read_linked(schema, options);
    if (!linked) return Unexpected{std::move(linked).error()};
    return secondary_copy::CopyPlan::make(
        schema, layout,
        {.as_of = options.as_of,
         .insurer_number = options.insurer_number,
         .provision_start_path = options.provision_start_path,
         .linked = std::make_shared<const secondary_copy::LinkedMembers>(std::move(*linked))});
}

// Files for the receiving system, and lists of ours that are entered there by hand: each has a name
// and a number.
bool is_built(const Layout& layout) noexcept {
    return (layout.kind == LayoutKind::upload || layout.kind == LayoutKind::table) &&
           layout.file_name.find("{seq4}") != std::string::npos;
}

}  // namespace

Expected<Setup, Diagnostic> Setup::open(const Schema& schema, const CoreCheckOptions& options) {
    const auto layout = schema.layout(options.layout);
    if (!layout) return Unexpected{layout.error()};
    const KnownItems items(**layout);
    const bool is_copy = secondary_copy::CopyLayout::is_copy(**layout);
    if (!is_built(**layout))
        return Unexpected{trouble(
            Code::SYS004, "", 0,
            {"the layout is not one of upload files", "アップロード用の様式ではありません"})};
    if (!items.member_id && !is_copy && options.ledger.is_given())
        return Unexpected{trouble(Code::SYS004, "", 0,
                                  {"the ledger keeps members alone: this layout has none",
                                   "台帳は加入者だけを扱います。この様式には加入者がありません"})};
    std::shared_ptr<const secondary_copy::CopyPlan> copies;
    record::Context context{.as_of = options.as_of.date, .insurer_number = options.insurer_number};
    if (is_copy) {
        auto plan = plan_copies(schema, **layout, options);
        if (!plan) return Unexpected{std::move(plan).error()};
        copies = std::move(*plan);
    }
    if (!options.qualification_files.empty()) {
        auto qualified = secondary_copy::read_qualified(schema, options.qualification_files);
        if (!qualified) return Unexpected{std::move(qualified).error()};
        context.qualified = std::move(*qualified);
    }
    auto targets = record::read_registered(schema, **layout, options.registered_files);
    if (!targets) return Unexpected{std::move(targets).error()};
    context.targets = std::move(*targets);
    std::vector<std::string_view> given{"record_id", "change_type", "branch_number"};
    if (!options.insurer_number.empty()) given.push_back("insurer_number");
    const Layout& core_layout = copies ? copies->core_layout() : **layout;
    auto extract = extract::Extract::open(options.core, schema, core_layout, options.as_of.date,
                                          extract::needed_items(core_layout, given));
    if (!extract) return Unexpected{std::move(extract).error()};
    auto segments = extract->segments(segment_bytes);
    return Setup{.schema = schema,
                 .layout = **layout,
                 .options = options,
                 .extract = std::move(*extract),
                 .items = items,
                 .checker = record::Checker(schema, **layout, context),
                 .segments = std::move(segments),
                 .checked_record_id = std::string(upload::RecordIdText(**layout).of(1)),
                 .copies = std::move(copies)};
}

Expected<void, Diagnostic> Setup::read_only_table(const std::string& path) {
    if (!items.member_id && !copies)
        return Unexpected{trouble(Code::SYS004, "", 0,
                                  {"--only names members: this layout has none",
                                   "--only は加入者の指定です。この様式には加入者がありません"})};
    const auto bytes = file::read_whole(path, csv::table_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    const csv::Table table = csv::parse_table(*bytes);
    const auto column = std::ranges::find(table.header, "member_id");
    if (column == table.header.end() || !table.findings.empty()) {
        auto fault = trouble(Code::FIL012, path, 0,
                             {"a CSV table with the column member_id is wanted",
                              "member_id の列を持つCSVが必要です"});
        fault.at.line_number = table.findings.empty() ? 1 : table.findings.front().line_number;
        return Unexpected{std::move(fault)};
    }
    const auto index = static_cast<std::size_t>(column - table.header.begin());
    for (const auto& row : table.rows) only.push_back(row.cells[index]);
    std::ranges::sort(only);
    only.erase(std::unique(only.begin(), only.end()), only.end());
    has_only = true;
    return {};
}

}  // namespace tsunagi::submission
