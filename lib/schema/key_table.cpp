#include "schema/key_table.hpp"

#include <algorithm>
#include <utility>

namespace tsunagi::schema {

namespace {

enum Column : std::size_t { layout, items, references, targets, separator };

class KeyReader {
public:
    KeyReader(const TableFile& table, std::vector<Layout>& layouts)
        : table_(table), layouts_(layouts) {}

    void read_row(std::size_t row) {
        row_ = row;
        Layout* const ours = find(table_.at(row, layout));
        if (ours == nullptr) return;
        const auto indexes = find_items(*ours, table_.at(row, items));
        if (indexes.empty()) return;
        if (table_.at(row, references).text.empty())
            read_key(*ours, indexes);
        else
            read_reference(*ours, indexes);
    }

private:
    Layout* find(const Cell& at) const {
        const auto found = std::ranges::find(layouts_, at.text, &Layout::id);
        if (found != layouts_.end()) return &*found;
        table_.refuse(at, "is no layout of this profile", "はこのプロファイルの様式ではありません");
        return nullptr;
    }

    std::optional<std::size_t> find_item(const Layout& of, const Cell& at) const {
        const auto found = of.index_of(at.text);
        if (!found) table_.refuse(at, "is no item of the layout", "はその様式の項目ではありません");
        return found;
    }

    // Empty where one is unknown, or where there is none.
    std::vector<std::size_t> find_items(const Layout& of, const Cell& at) const {
        std::vector<std::size_t> found;
        for (const auto word : split_words(at.text)) {
            const auto index = find_item(of, {word, at.line_number, at.column_number});
            if (!index) return {};
            found.push_back(*index);
        }
        if (found.empty()) table_.refuse(at, "names no item", "には項目がありません");
        return found;
    }

    void read_key(Layout& ours, const std::vector<std::size_t>& indexes) const {
        for (const auto column : {targets, separator})
            if (const Cell at = table_.at(row_, column); !at.text.empty())
                return table_.refuse(at, "has no meaning in a key", "はキーの行では使えません");
        if (!ours.key.empty())
            return table_.refuse(table_.at(row_, layout), "has two keys", "のキーが二つあります");
        ours.key = indexes;
    }

    void read_reference(Layout& ours, const std::vector<std::size_t>& indexes) const {
        const Layout* const theirs = find(table_.at(row_, references));
        if (theirs == nullptr) return;
        Reference reference{.layout = theirs->id, .matches = {}};
        const Cell at = table_.at(row_, targets);
        std::size_t used = 0;
        for (const auto word : split_words(at.text)) {
            const auto equals = word.find('=');
            const auto name = word.substr(0, std::min(equals, word.size()));
            const auto target = find_item(*theirs, {name, at.line_number, at.column_number});
            if (!target) return;
            Reference::Match match{.target_index = *target, .item_index = {}};
            if (equals != std::string_view::npos)
                match.value = word.substr(equals + 1);
            else if (used < indexes.size())
                match.item_index = indexes[used++];
            else
                used = indexes.size() + 1;
            reference.matches.push_back(std::move(match));
        }
        if (used != indexes.size())
            return table_.refuse(at, "does not name one item for each item of ours",
                                 "の項目数が参照元の項目数と一致しません");
        if (!read_separator(indexes.size(), reference)) return;
        if (reference.separator != '\0')
            ours.items[indexes.front()].list_separator = reference.separator;
        ours.references.push_back(std::move(reference));
    }

    bool read_separator(std::size_t item_count, Reference& reference) const {
        const Cell at = table_.at(row_, separator);
        if (at.text.empty()) return true;
        if (at.text.size() != 1 || item_count != 1) {
            table_.refuse(at, "is not one character for the list of one item",
                          "は一つの項目の一覧を区切る1文字ではありません");
            return false;
        }
        reference.separator = at.text.front();
        return true;
    }

    const TableFile& table_;
    std::vector<Layout>& layouts_;
    std::size_t row_ = 0;
};

}  // namespace

void read_keys(const TableFile& table, std::vector<Layout>& layouts) {
    KeyReader reader(table, layouts);
    for (std::size_t row = 0; row < table.row_count(); ++row) reader.read_row(row);
    // A rule that would never run is worse than none.
    for (const Layout& layout : layouts) {
        const auto lists = [&layout](Code code) { return layout.rules[index_of(code)]; };
        if ((lists(Code::MAS002) || lists(Code::MAS003)) && layout.key.empty())
            table.refuse_whole("a layout that lists MAS002 or MAS003 has no key",
                               "MAS002, MAS003 を挙げた様式のキーがありません");
        if (lists(Code::MAS004) && layout.references.empty())
            table.refuse_whole("a layout that lists MAS004 names nothing",
                               "MAS004 を挙げた様式の参照がありません");
    }
}

}  // namespace tsunagi::schema
