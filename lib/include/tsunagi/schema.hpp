#pragma once
/// Schemas: profiles and layouts, read from the CSV tables of schemas/<profile>/.
///
/// A profile is one edition of a receiving system's specification. Everything about a record, its
/// items, their order, widths, codes and rules, is in its tables; nothing of it is in C++. See
/// tsunagi-schema(5).

#include <array>
#include <bitset>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/dialect.hpp>
#include <tsunagi/encoding.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>

namespace tsunagi {

enum class LayoutKind : std::uint8_t { upload, result, master, table };

/// N, X, I, K, Z, F, D8, D14 of tsunagi-schema(5).
enum class ItemType : std::uint8_t {
    digits,
    alphanumeric,
    identifier,
    kana,
    text,
    code,
    date,
    date_time
};

/// What a blank means. required: TXT001 on every row but a deletion (change_type 3).
enum class Requirement : std::uint8_t { optional, required, always };
enum class Sensitivity : std::uint8_t { none, personal, number };

/// Which rules run: one bit per Code.
using RuleSet = std::bitset<code_count>;

/// codes/<name>.csv.
class TSUNAGI_EXPORT CodeTable {
public:
    struct Row {
        std::string value;
        std::string label_japanese;
        std::string label_english;
        std::optional<Date> valid_from;  ///< blank: since ever
        std::optional<Date> valid_to;    ///< the last day; blank: open
    };
    CodeTable() = default;
    CodeTable(std::string name, std::vector<Row> rows);
    const std::string& name() const noexcept { return name_; }
    std::span<const Row> rows() const noexcept { return rows_; }
    /// In the table and valid on that day.
    bool contains(std::string_view value, Date day) const noexcept;

private:
    std::string name_;
    std::vector<Row> rows_;  // sorted by value
};

/// The item is required where another one has one of these values, or is not blank.
struct Condition {
    std::size_t item_index = 0;
    bool not_blank = false;           ///< `item!=`
    std::vector<std::string> values;  ///< `item=1|2`
};

/// One item of a layout. Widths are in characters (code points), `bytes` in bytes of the file's
/// encoding.
struct Item {
    std::uint32_t number = 0;  ///< position in the layout, from 1
    std::string label;         ///< column `item`: the official Japanese name
    std::string name;          ///< column `name`: ours
    ItemType type = ItemType::text;
    std::uint32_t min_characters = 0;
    std::uint32_t max_characters = 0;
    std::uint32_t max_bytes = 0;  ///< 0: no limit
    Requirement requirement = Requirement::optional;
    std::optional<Condition> condition;
    std::shared_ptr<const CodeTable> codes;  ///< null unless the type is code
    RuleSet rules;                           ///< item rules: NUM001, TXT005, COD004, …
    Sensitivity sensitivity = Sensitivity::number;
    std::string source;
    char list_separator = '\0';  ///< the field lists several values of the type

    bool is_fixed_width() const noexcept { return min_characters == max_characters; }
};

/// Says in a diagnostic which item it is about, in both languages.
inline void name_item(Diagnostic& diagnostic, const Item& item) {
    diagnostic.field = item.name;
    diagnostic.label = item.label;
}

/// Items of a layout that name a row of another layout, from keys.csv.
struct Reference {
    /// What must agree: an item of theirs with an item of ours, or with a fixed value.
    struct Match {
        std::size_t target_index = 0;
        std::optional<std::size_t> item_index;
        std::string value{};  ///< where there is no item of ours
    };
    std::string layout;  ///< theirs
    std::vector<Match> matches;
    char separator = '\0';  ///< our only item lists several values, separated by this
};

struct TSUNAGI_EXPORT Layout {
    std::string id;
    std::string title_japanese;
    std::string title_english;
    LayoutKind kind = LayoutKind::upload;
    std::string file_name;           ///< pattern, see format_file_name
    RuleSet rules;                   ///< record and batch rules
    std::vector<std::string> after;  ///< layouts that must be registered before
    std::vector<Item> items;
    std::vector<std::size_t> key;  ///< items that make a row unique; empty: not said
    std::vector<Reference> references;

    /// Index (from 0) of the item of that English name.
    std::optional<std::size_t> index_of(std::string_view name) const noexcept;
};

struct Profile {
    std::string name;    ///< of the folder
    std::string folder;  ///< path
    Encoding encoding = Encoding::cp932;
    AcceptedSet accepted = AcceptedSet::jisx0208;
    bool byte_order_mark = false;
    LineEnd line_end = LineEnd::crlf;  ///< written
    bool any_line_end_read = false;    ///< LF and CRLF are both read without FIL004
    Quote quote = Quote::never;
    bool header = false;
    bool control_records = false;  ///< a file is one record of kind 1, its rows, one of kind 3
    std::uint64_t rows_per_file = 0;  ///< 0: no limit
    EraConvention era = EraConvention::pension;
    std::array<Severity, code_count> severities{};
    std::vector<std::string> card_symbol_exceptions;  ///< insurer numbers, sorted

    Severity severity_of(Code code) const noexcept { return severities[tsunagi::index_of(code)]; }
    /// Lines of a file before its first row.
    std::uint64_t lines_before_rows() const noexcept {
        return (header ? 1U : 0U) + (control_records ? 1U : 0U);
    }
};

/// A row of codes/data_set.csv: the code and the version that a layout of secondary copies has.
struct DataSet {
    std::string code;
    std::string layout;
    std::string layout_version;
    std::optional<Date> valid_from;  ///< blank: since ever
    std::optional<Date> valid_to;    ///< the last day; blank: open
};

/// A row of statutory.csv: an amount, a number of days or months, that the law says of a benefit.
struct StatutoryFact {
    std::string layout;
    std::string fact;
    std::uint32_t value = 0;
    std::optional<Date>
        valid_from;  ///< of the day that decides: of the birth, of the first payment
    std::optional<Date> valid_to;
    std::string source;
};

/// A profile with its layouts and code tables.
class TSUNAGI_EXPORT Schema {
public:
    /// Reads a folder. LAY001 with file, line and column of the first wrong cell; SYS001.
    static Expected<Schema, Diagnostic> load(const std::string& folder);
    /// As load, but tells every wrong cell. Returns whether all is well, or SYS001.
    static Expected<bool, Diagnostic> check(const std::string& folder, DiagnosticSink& sink);
    /// `name` with a '/' is a folder; else the first of `folders` that has a folder of that name.
    static Expected<Schema, Diagnostic> find(const std::string& name,
                                             std::span<const std::string> folders);

    const Profile& profile() const noexcept { return profile_; }
    std::span<const Layout> layouts() const noexcept { return layouts_; }
    const Layout* find_layout(std::string_view id) const noexcept;
    /// By the name of a file; null where no layout has such names.
    const Layout* find_layout_of_file(std::string_view path) const noexcept;
    /// As find_layout, or SYS004: the profile has no such layout.
    Expected<const Layout*, Diagnostic> layout(std::string_view id) const;
    const CodeTable* find_codes(std::string_view name) const noexcept;
    /// Valid on that day; null where the layout is none of secondary copies.
    const DataSet* find_data_set(std::string_view layout, Date day) const noexcept;
    std::span<const StatutoryFact> statutory_facts() const noexcept { return statutory_facts_; }

private:
    friend class SchemaReader;
    Profile profile_;
    std::vector<Layout> layouts_;
    std::vector<DataSet> data_sets_;
    std::vector<StatutoryFact> statutory_facts_;
    std::map<std::string, std::shared_ptr<const CodeTable>, std::less<>> codes_;
};

/// `{layout}_{insurer_number}_{YYYYMMDDHHmmss}_{seq4}.csv` filled in. `sequence` from 1.
TSUNAGI_EXPORT std::string format_file_name(const Layout& layout, std::string_view insurer_number,
                                            Moment as_of, std::uint32_t sequence);
/// FIL008: whether a base name follows the pattern of the layout (any insurer, moment and
/// sequence).
TSUNAGI_EXPORT bool follows_file_name(const Layout& layout, std::string_view base_name) noexcept;

}  // namespace tsunagi
