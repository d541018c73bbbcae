#include "difference/setup.hpp"

#include <algorithm>
#include <utility>

namespace tsunagi::difference {

namespace {

constexpr std::string_view layout_name = "member-info";

Expected<KnownItems, Diagnostic> find_items(const Schema& schema, const Layout& layout) {
    KnownItems items;
    const std::pair<std::string_view, std::size_t*> wanted[] = {
        {"record_id", &items.record_id},           {"change_type", &items.change_type},
        {"insurer_number", &items.insurer_number}, {"member_id", &items.member_id},
        {"branch_number", &items.branch_number},   {"individual_number", &items.individual_number}};
    for (const auto& [name, index] : wanted) {
        const auto found = layout.index_of(name);
        if (!found)
            return Unexpected{
                trouble(Code::LAY001, schema.profile().folder + "/" + layout.id + ".csv", 0,
                        {"a difference needs record_id, change_type, insurer_number, member_id, "
                         "branch_number and individual_number",
                         "差分登録には record_id, change_type, insurer_number, member_id, "
                         "branch_number, individual_number が必要です"})};
        *index = *found;
    }
    return items;
}

Expected<extract::Extract, Diagnostic> open_extract(const ExtractOptions& options,
                                                    const Schema& schema, const Layout& layout,
                                                    Date as_of, std::uint32_t file_number,
                                                    std::span<const std::string_view> needed) {
    auto extract = extract::Extract::open(options, schema, layout, as_of, needed);
    if (extract) return extract;
    Diagnostic fault = std::move(extract).error();
    if (fault.at.file_number != 0) fault.at.file_number = file_number;
    return Unexpected{std::move(fault)};
}

// The same plan for a few items alone: mapping the others would cost.
std::shared_ptr<const extract::Plan> narrow_plan(const extract::Extract& extract,
                                                 std::initializer_list<std::size_t> items) {
    auto plan = std::make_shared<extract::Plan>(*extract.plan());
    for (std::size_t i = 0; i < plan->items.size(); ++i)
        if (std::ranges::find(items, i) == items.end())
            plan->items[i].kind = extract::ItemPlan::Kind::absent;
    return plan;
}

// What the mapped items and the runs are made of.
std::vector<std::size_t> columns_read(const extract::Plan& plan, const ColumnRuns& runs) {
    std::vector<std::size_t> columns;
    for (const extract::ItemPlan& item : plan.items)
        if (item.kind != extract::ItemPlan::Kind::absent)
            columns.insert(columns.end(), item.columns.begin(), item.columns.end());
    for (const ColumnRun& run : runs) columns.insert(columns.end(), {run.first, run.last});
    std::ranges::sort(columns);
    columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
    return columns;
}

bool has_same_tables(const ExtractOptions& first, const ExtractOptions& second) {
    return first.mapping_path == second.mapping_path && first.codes_path == second.codes_path &&
           first.characters_path == second.characters_path && first.encoding == second.encoding;
}

}  // namespace

void Setup::find_shortcut() {
    new_plan = new_extract.plan();
    if (!old_extract) return;
    old_plan = old_extract->plan();
    if (!has_same_tables(options.old_core, options.new_core)) return;
    auto runs = find_runs(*old_extract, new_extract, compared);
    if (!runs) return;
    old_runs = std::move(runs->old_runs);
    new_runs = std::move(runs->new_runs);
    old_plan = narrow_plan(*old_extract, {items.member_id, items.branch_number});
    new_plan = narrow_plan(new_extract, {items.member_id});
    old_columns = columns_read(*old_plan, old_runs);
    new_columns = columns_read(*new_plan, new_runs);
}

Expected<Setup, Diagnostic> Setup::open(const Schema& schema, const DifferenceOptions& options) {
    const auto layout = schema.layout(layout_name);
    if (!layout) return Unexpected{layout.error()};
    const auto items = find_items(schema, **layout);
    if (!items) return Unexpected{items.error()};
    static constexpr std::array<std::string_view, 4> given{"record_id", "change_type",
                                                           "branch_number", "insurer_number"};
    // Without branch numbers every member would be registered once more.
    static constexpr std::array<std::string_view, 2> linked{"member_id", "branch_number"};
    std::optional<extract::Extract> old_extract;
    if (!options.ledger.is_given()) {
        auto opened = open_extract(options.old_core, schema, **layout, options.as_of.date,
                                   old_file_number, linked);
        if (!opened) return Unexpected{std::move(opened).error()};
        old_extract.emplace(std::move(*opened));
    }
    const std::uint32_t new_file_number = old_extract ? old_file_number + 1 : 1;
    auto new_extract = open_extract(options.new_core, schema, **layout, options.as_of.date,
                                    new_file_number, extract::needed_items(**layout, given));
    if (!new_extract) return Unexpected{std::move(new_extract).error()};
    std::vector<std::size_t> compared;
    for (std::size_t i = 0; i < (*layout)->items.size(); ++i)
        if (std::ranges::find(given, (*layout)->items[i].name) == given.end())
            compared.push_back(i);
    auto old_segments = old_extract ? old_extract->segments() : std::vector<csv::Segment>();
    auto new_segments = new_extract->segments();
    Setup setup{.schema = schema,
                .layout = **layout,
                .options = options,
                .items = *items,
                .new_file_number = new_file_number,
                .cancel_file_number = new_file_number + 1,
                .compared = std::move(compared),
                .old_extract = std::move(old_extract),
                .new_extract = std::move(*new_extract),
                .old_segments = std::move(old_segments),
                .new_segments = std::move(new_segments),
                .checker = record::Checker(
                    schema, **layout,
                    {.as_of = options.as_of.date, .insurer_number = options.insurer_number}),
                .keys = digest::WideKeys(),
                .old_runs = {},
                .new_runs = {},
                .old_plan = nullptr,
                .new_plan = nullptr};
    setup.find_shortcut();
    return setup;
}

std::uint64_t Setup::content_tag(const csv::Row& row, const ColumnRuns& runs,
                                 std::span<const FieldText> fields) const noexcept {
    if (!runs.empty()) return tag_runs(row, runs, keys);
    std::uint64_t tag = 0;
    for (const std::size_t item : compared) tag = keys.short_tag(fields[item].personal_data(), tag);
    return tag;
}

Diagnostic file_changed(const std::string& path) {
    return trouble(Code::SYS001, path, 0,
                   {"the file changed while it was read", "読み込み中にファイルが変わりました"});
}

void Setup::emit(DiagnosticSink& sink, Diagnostic diagnostic) const {
    diagnostic.severity = schema.profile().severity_of(diagnostic.code);
    if (diagnostic.severity != Severity::off) sink.emit(diagnostic);
}

}  // namespace tsunagi::difference
