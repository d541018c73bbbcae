#include "schema/item_table.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "schema/password_title.hpp"
#include "schema/rule_needs.hpp"

namespace tsunagi::schema {

namespace {

enum Column : std::size_t {
    number,
    label,
    name,
    type,
    minimum,
    maximum,
    bytes,
    required,
    condition,
    codes,
    rules,
    sensitivity,
    source
};

constexpr std::uint32_t date_characters = 8;
constexpr std::uint32_t date_time_characters = 14;
constexpr std::uint32_t individual_number_characters = 12;
// No row is longer than 1,048,576 bytes (CSV003).
constexpr std::uint32_t width_limit = 1'048'576;

template <class T>
struct Word {
    std::string_view text;
    T value;
};

constexpr std::array type_words{
    Word<ItemType>{"N", ItemType::digits},     Word<ItemType>{"X", ItemType::alphanumeric},
    Word<ItemType>{"I", ItemType::identifier}, Word<ItemType>{"K", ItemType::kana},
    Word<ItemType>{"Z", ItemType::text},       Word<ItemType>{"F", ItemType::code},
    Word<ItemType>{"D8", ItemType::date},      Word<ItemType>{"D14", ItemType::date_time}};
constexpr std::array requirement_words{Word<Requirement>{"", Requirement::optional},
                                       Word<Requirement>{"required", Requirement::required},
                                       Word<Requirement>{"always", Requirement::always}};
constexpr std::array sensitivity_words{Word<Sensitivity>{"none", Sensitivity::none},
                                       Word<Sensitivity>{"personal", Sensitivity::personal},
                                       Word<Sensitivity>{"number", Sensitivity::number}};

// One layout while it is read: items and the rows they came from, both in the order of the numbers.
class ItemReader {
public:
    ItemReader(const TableFile& table, const CodeFiles& code_files)
        : table_(table), code_files_(code_files) {}

    std::vector<Item> read() {
        for (std::size_t row = 0; row < table_.row_count(); ++row) read_row(row);
        sort_by_number();
        for (std::size_t index = 0; index < items_.size(); ++index) {
            read_condition(index);
            read_rules(index);
        }
        return std::move(items_);
    }

private:
    Cell cell(std::size_t row, Column column) const { return table_.at(row, column); }

    template <class T, std::size_t n>
    void read_word(const Cell& at, const std::array<Word<T>, n>& words, T& target,
                   std::string_view english, std::string_view japanese) const {
        const auto found = std::ranges::find(words, at.text, &Word<T>::text);
        if (found == words.end()) return table_.refuse(at, english, japanese);
        target = found->value;
    }

    void read_row(std::size_t row) {
        Item item;
        read_number(row, item);
        read_names(row, item);
        read_word(cell(row, type), type_words, item.type,
                  "is not a type: N, X, I, K, Z, F, D8, D14",
                  "は型ではありません(N, X, I, K, Z, F, D8, D14 のいずれか)");
        read_word(cell(row, required), requirement_words, item.requirement,
                  "is neither blank nor required nor always",
                  "は使えません(空欄, required, always のいずれか)");
        read_word(cell(row, sensitivity), sensitivity_words, item.sensitivity,
                  "is not a sensitivity: number, personal, none",
                  "は秘匿区分ではありません(number, personal, none のいずれか)");
        read_widths(row, item);
        read_codes_of(row, item);
        item.source = cell(row, source).text;
        items_.push_back(std::move(item));
        rows_.push_back(row);
    }

    void read_number(std::size_t row, Item& item) const {
        const Cell at = cell(row, number);
        item.number = parse_count(at.text).value_or(0);
        if (!table_.is_whole()) return;
        if (item.number == 0 || item.number > table_.row_count())
            return table_.refuse(at, "is not a position from 1 to the number of items",
                                 "は1から項目数までの番号ではありません");
        if (std::ranges::find(items_, item.number, &Item::number) != items_.end())
            table_.refuse(at, "is a number used twice", "の番号が二度使われています");
    }

    void read_names(std::size_t row, Item& item) const {
        const Cell at_label = cell(row, label);
        const Cell at_name = cell(row, name);
        item.label = at_label.text;
        item.name = at_name.text;
        if (item.label.empty())
            table_.refuse(at_label, "is no item name", "は項目名になりません");
        else if (item.label.find_first_of(",\"") != std::string::npos)
            table_.refuse(at_label, "holds a comma or a quote", "にコンマか引用符が含まれています");
        else if (std::ranges::find(items_, item.label, &Item::label) != items_.end())
            table_.refuse(at_label, "is an item used twice", "の項目が二度あります");
        for (const Cell& at : {at_label, at_name})
            if (is_password_title(at.text))
                table_.refuse(at, "is a password: none stands in any file",
                              "はパスワードです。ファイルには書けません");
        if (!is_name(item.name, '_'))
            table_.refuse(at_name, "is not a name: a-z, 0-9 and _, beginning with a letter",
                          "は名前になりません(英小文字で始まり、英小文字・数字・_ だけ)");
        else if (std::ranges::find(items_, item.name, &Item::name) != items_.end())
            table_.refuse(at_name, "is a name used twice", "の名前が二度あります");
    }

    void read_widths(std::size_t row, Item& item) const {
        const Cell at_minimum = cell(row, minimum);
        const Cell at_maximum = cell(row, maximum);
        const auto min = parse_count(at_minimum.text);
        const auto max = parse_count(at_maximum.text);
        if (!min) table_.refuse(at_minimum, "is not a whole number", "は整数ではありません");
        if (!max || *max == 0 || *max > width_limit)
            table_.refuse(at_maximum, "is not a whole number from 1 to 1048576",
                          "は1から1048576までの整数ではありません");
        item.min_characters = min.value_or(0);
        item.max_characters = max.value_or(0);
        if (min && max && *min > *max)
            table_.refuse(at_minimum, "is more than max", "はmaxより大きい値です");
        const std::uint32_t fixed = item.type == ItemType::date        ? date_characters
                                    : item.type == ItemType::date_time ? date_time_characters
                                                                       : 0;
        if (min && fixed != 0 && *min != fixed)
            table_.refuse(at_minimum, "is not the width of a date: 8 for D8, 14 for D14",
                          "は日付の桁数ではありません(D8は8, D14は14)");
        else if (max && fixed != 0 && *max != fixed)
            table_.refuse(at_maximum, "is not the width of a date: 8 for D8, 14 for D14",
                          "は日付の桁数ではありません(D8は8, D14は14)");
        read_bytes(cell(row, bytes), item);
    }

    void read_bytes(const Cell& at, Item& item) const {
        if (at.text.empty()) return;
        item.max_bytes = parse_count(at.text).value_or(0);
        if (item.max_bytes == 0)
            table_.refuse(at, "is neither blank nor a whole number from 1",
                          "は空欄でも1以上の整数でもありません");
        else if (item.max_bytes < item.min_characters)
            table_.refuse(at, "is less than min", "はminより小さい値です");
    }

    void read_codes_of(std::size_t row, Item& item) const {
        const Cell at = cell(row, codes);
        if (at.text.empty()) {
            if (item.type == ItemType::code) item.type = ItemType::alphanumeric;
            return;
        }
        if (item.type != ItemType::code)
            return table_.refuse(at, "goes with type F alone", "は型Fの項目だけに使えます");
        const auto found = code_files_.find(at.text);
        if (found == code_files_.end())
            return table_.refuse(at, "is not a table of codes/",
                                 "の表がcodesフォルダーにありません");
        item.codes = found->second.codes;
        found->second.check_widths(item);
    }

    void sort_by_number() {
        std::vector<std::size_t> order(items_.size());
        for (std::size_t index = 0; index < order.size(); ++index) order[index] = index;
        std::ranges::stable_sort(order, {}, [this](std::size_t at) { return items_[at].number; });
        std::vector<Item> items;
        std::vector<std::size_t> rows;
        for (const auto at : order) {
            items.push_back(std::move(items_[at]));
            rows.push_back(rows_[at]);
        }
        items_ = std::move(items);
        rows_ = std::move(rows);
    }

    // `item=1|2` or `item!=`.
    void read_condition(std::size_t index) {
        const Cell at = cell(rows_[index], condition);
        if (at.text.empty()) return;
        Condition read;
        const auto equals = at.text.find('=');
        auto subject = at.text.substr(0, std::min(equals, at.text.size()));
        read.not_blank = subject.ends_with('!');
        if (read.not_blank) subject.remove_suffix(1);
        auto values = equals < at.text.size() ? at.text.substr(equals + 1) : std::string_view{};
        if (equals == std::string_view::npos || subject.empty() || read.not_blank != values.empty())
            return table_.refuse(at, "is not a condition: item=1|2 or item!=",
                                 "は条件ではありません(item=1|2 または item!=)");
        const auto found = std::ranges::find(items_, subject, &Item::name);
        if (found == items_.end() || found->name == items_[index].name)
            return table_.refuse(at, "names no other item of this layout",
                                 "はこの様式にない項目を指しています");
        read.item_index = static_cast<std::size_t>(found - items_.begin());
        while (!values.empty()) {
            const auto end = std::min(values.find('|'), values.size());
            read.values.emplace_back(values.substr(0, end));
            values.remove_prefix(std::min(end + 1, values.size()));
        }
        for (const auto& value : read.values)
            if (value.empty() || (found->codes && !has_value(*found->codes, value)))
                return table_.refuse(at, "names a value that its item cannot have",
                                     "は項目が取り得ない値を指しています");
        items_[index].condition = std::move(read);
    }

    static bool has_value(const CodeTable& table, std::string_view value) {
        return std::ranges::any_of(
            table.rows(), [value](const CodeTable::Row& row) { return row.value == value; });
    }

    void read_rules(std::size_t index) {
        const Cell at = cell(rows_[index], rules);
        auto& item = items_[index];
        for (const auto word : split_words(at.text)) {
            const Cell rule{word, at.line_number, at.column_number};
            const auto code = find_code(word);
            const auto needs = code ? needs_of(*code) : RuleNeeds{};
            if (needs.place != RulePlace::item)
                return table_.refuse(rule, "is not a rule of an item",
                                     "は項目の規則ではありません");
            if (!needs.items.empty() &&
                std::ranges::find(items_, needs.items, &Item::name) == items_.end())
                return table_.refuse(rule, "reads an item that the layout lacks",
                                     "はこの様式にない項目を使います");
            item.rules.set(index_of(*code));
            if (is_number_rule(*code) && !check_number_item(index, rule)) return;
        }
    }

    // A rule on individual numbers means that the field is one, and is guarded like one.
    bool check_number_item(std::size_t index, const Cell& rule) const {
        const auto& item = items_[index];
        if (item.type != ItemType::digits || !item.is_fixed_width() ||
            item.max_characters != individual_number_characters) {
            table_.refuse(rule, "goes with type N of width 12 alone",
                          "は型N・12桁の項目だけに使えます");
            return false;
        }
        if (item.sensitivity == Sensitivity::number) return true;
        table_.refuse(cell(rows_[index], sensitivity),
                      "must be number: the item is an individual number",
                      "は使えません。個人番号の項目はnumberとします");
        return false;
    }

    const TableFile& table_;
    const CodeFiles& code_files_;
    std::vector<Item> items_;
    std::vector<std::size_t> rows_;
};

}  // namespace

std::vector<Item> read_items(const TableFile& table, const CodeFiles& codes) {
    if (table.is_whole() && table.row_count() == 0)
        table.refuse_whole("the layout has no item", "項目がありません");
    return ItemReader(table, codes).read();
}

}  // namespace tsunagi::schema
