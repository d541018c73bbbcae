// tsunagi-schema: list, show and check the tables of a profile.
// Manual: man/tsunagi-schema.1; the tables themselves: man/tsunagi-schema.5.

#include "tool.hpp"

#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include <tsunagi/report.hpp>
#include <tsunagi/schema.hpp>

using tsunagi::Code;
using tsunagi::Item;
using tsunagi::ItemType;
using tsunagi::Layout;
using tsunagi::Schema;
using tsunagi::Unexpected;

namespace {

// As Report's text, without a run around it: a table of a profile is no data file.
class Findings final : public tsunagi::DiagnosticSink {
public:
    void emit(const tsunagi::Diagnostic& diagnostic) override {
        fmt::print(stderr, "{}\n", tsunagi::format_text(diagnostic, tool::language(), {}));
        ++cells_;
    }
    void count(Code, tsunagi::Severity, std::uint64_t facts) override { cells_ += facts; }
    std::uint64_t cells() const noexcept { return cells_; }

private:
    std::uint64_t cells_ = 0;
};

std::string_view title_of(const Layout& layout) {
    return tool::say({layout.title_english.c_str(), layout.title_japanese.c_str()});
}

std::string_view name_of(tsunagi::LayoutKind kind) {
    switch (kind) {
        case tsunagi::LayoutKind::upload: return "upload";
        case tsunagi::LayoutKind::result: return "result";
        case tsunagi::LayoutKind::master: return "master";
        case tsunagi::LayoutKind::table: break;
    }
    return "table";
}

std::string_view name_of(ItemType type) {
    switch (type) {
        case ItemType::digits: return "N";
        case ItemType::alphanumeric: return "X";
        case ItemType::identifier: return "I";
        case ItemType::kana: return "K";
        case ItemType::text: return "Z";
        case ItemType::code: return "F";
        case ItemType::date: return "D8";
        case ItemType::date_time: break;
    }
    return "D14";
}

bool is_folder(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored);
}

tool::Outcome list(const tool::Common& common) {
    const auto schema = tool::load_schema(common);
    if (!schema) return Unexpected{schema.error()};
    std::set<std::string> seen;
    for (const auto& folder : tool::schema_folders()) {
        std::set<std::string> names;
        std::error_code ignored;
        for (std::filesystem::directory_iterator entry(folder, ignored), end;
             !ignored && entry != end; entry.increment(ignored))
            if (std::filesystem::exists(entry->path() / "profile.csv", ignored))
                names.insert(entry->path().filename().string());
        const auto place = std::filesystem::weakly_canonical(folder, ignored).string();
        for (const auto& name : names)
            // A profile of the same name in a later folder is never used.
            if (seen.insert(name).second)
                tool::print(fmt::format("profile\t{0}\t{1}/{0}\n", name, place));
    }
    for (const auto& layout : schema->layouts())
        tool::print(fmt::format("layout\t{}\t{}\t{}\t{}\t{}\n", schema->profile().name, layout.id,
                                name_of(layout.kind), layout.items.size(), title_of(layout)));
    return tool::ExitStatus::clean;
}

std::string width_of(const Item& item) {
    auto text = item.is_fixed_width() || item.min_characters <= 1
                    ? fmt::format("{}", item.max_characters)
                    : fmt::format("{}-{}", item.min_characters, item.max_characters);
    if (!item.is_fixed_width()) text.insert(0, "<=");
    if (item.max_bytes != 0) text += fmt::format(" ({} B)", item.max_bytes);
    return text;
}

std::string requirement_of(const Layout& layout, const Item& item) {
    if (item.requirement == tsunagi::Requirement::required) return "required";
    if (item.requirement == tsunagi::Requirement::always) return "always";
    if (!item.condition) return "";
    const auto& subject = layout.items[item.condition->item_index].name;
    if (item.condition->not_blank) return fmt::format("if {}!=", subject);
    return fmt::format("if {}={}", subject, fmt::join(item.condition->values, "|"));
}

std::string rules_of(const tsunagi::RuleSet& rules) {
    std::vector<std::string_view> ids;
    for (const auto& entry : tsunagi::code_table())
        if (rules.test(tsunagi::index_of(entry.code))) ids.push_back(entry.id);
    return fmt::format("{}", fmt::join(ids, " "));
}

// One row of a table on the screen; Japanese letters are two columns wide, which fmt knows.
std::string line_of(std::string_view number, std::string_view label, std::string_view name,
                    std::string_view type, std::string_view width, std::string_view required,
                    std::string_view codes, std::string_view rules) {
    auto line = fmt::format("{:>2}  {:<20}  {:<24}  {:<4}  {:<12}  {:<18}  {:<24}  {}", number,
                            label, name, type, width, required, codes, rules);
    line.erase(line.find_last_not_of(' ') + 1);
    return line += '\n';
}

void show_layout(const Layout& layout) {
    tool::print(fmt::format("{}  {}  {}\n", layout.id, name_of(layout.kind), title_of(layout)));
    if (!layout.file_name.empty()) tool::print(fmt::format("file_name  {}\n", layout.file_name));
    if (layout.rules.any()) tool::print(fmt::format("rules  {}\n", rules_of(layout.rules)));
    if (!layout.after.empty())
        tool::print(fmt::format("after  {}\n", fmt::join(layout.after, " ")));
    tool::print("\n");
    tool::print(line_of("#", "item", "name", "type", "width", "required", "codes", "rules"));
    for (const auto& item : layout.items)
        tool::print(line_of(fmt::format("{}", item.number), item.label, item.name,
                            name_of(item.type), width_of(item), requirement_of(layout, item),
                            item.codes ? std::string_view(item.codes->name()) : "",
                            rules_of(item.rules)));
}

void show_codes(const tsunagi::CodeTable& codes) {
    for (const auto& row : codes.rows())
        tool::print(fmt::format("{}\t{}\t{}\t{}\n", row.value,
                                tool::say({row.label_english.c_str(), row.label_japanese.c_str()}),
                                row.valid_from ? tsunagi::format_date8(*row.valid_from) : "",
                                row.valid_to ? tsunagi::format_date8(*row.valid_to) : ""));
}

tool::Outcome show(const tool::Common& common, const std::string& name) {
    const auto schema = tool::load_schema(common);
    if (!schema) return Unexpected{schema.error()};
    if (const auto* codes = schema->find_codes(name)) {
        show_codes(*codes);
        return tool::ExitStatus::clean;
    }
    const auto layout = schema->layout(name);
    if (!layout) return Unexpected{layout.error()};
    show_layout(**layout);
    return tool::ExitStatus::clean;
}

// A wrong profile cannot be loaded, so its folder is looked up without loading it.
std::string folder_of(const std::string& name) {
    if (name.find('/') != std::string::npos) return name;
    for (const auto& folder : tool::schema_folders())
        if (is_folder(folder + "/" + name)) return folder + "/" + name;
    return name;
}

tool::Outcome check(const tool::Common& common, const std::vector<std::string>& operands) {
    const bool is_given = operands.size() > 1;
    // An operand is a folder even without a slash; --profile is a name first.
    const auto folder = is_given && is_folder(operands[1])
                            ? operands[1]
                            : folder_of(is_given ? operands[1] : common.profile);
    Findings findings;
    const auto checked = Schema::check(folder, findings);
    if (!checked) return Unexpected{checked.error()};
    if (*checked) {
        tool::talk(common, tool::say({"every table is good", "すべての表は正しい内容です"}));
        return tool::ExitStatus::clean;
    }
    tool::talk(common, fmt::format("{}: {}", tool::say({"wrong cells", "不正なセルの数"}),
                                   findings.cells()));
    return tool::ExitStatus::findings;
}

tool::Outcome act(const tool::Common& common, const std::vector<std::string>& operands) {
    const auto& action = operands.front();
    if (action == "list" && operands.size() == 1) return list(common);
    if (action == "show" && operands.size() == 2) return show(common, operands[1]);
    if (action == "check") return check(common, operands);
    return tool::usage({"wants list, show LAYOUT, or check [DIR]",
                        "list, show LAYOUT, check [DIR] のいずれかを指定してください"});
}

}  // namespace

int main(int argc, char** argv) {
    tool::Common common;
    std::vector<std::string> operands;
    tool::Command command{
        .name = "tsunagi-schema",
        .purpose =
            {"Look at the tables of a profile: list, show LAYOUT or a code table, check [DIR].",
             "プロファイルの表を見る: list, show 様式またはコード表, check [フォルダー]"},
        .options = {{"--quiet",
                     nullptr,
                     {"Say nothing when all is well", "問題がなければ何も表示しない"},
                     &common.quiet}},
        .operand = "ACTION [NAME]",
        .operands = &operands,
        .operands_min = 1,
        .operands_max = 2,
        .operand_help = {
            {"list", {"The layouts of the profile", "プロファイルの様式の一覧"}},
            {"show NAME",
             {"The items of a layout, or the values of a code table",
              "様式の項目、またはコード表の値"}},
            {"check [DIR]",
             {"Every table of a profile, cell by cell", "プロファイルの表をセルごとに検査する"}}}};
    tool::add_common(command, common, tool::with_profile);
    return tool::run(command, argc, argv, [&] { return act(common, operands); });
}
