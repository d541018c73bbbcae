#include "result/message_table.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "csv/table.hpp"
#include "file/input.hpp"
#include "schema/fault_list.hpp"
#include "schema/table_file.hpp"
#include "text/conversion.hpp"

namespace tsunagi::result {

namespace {

constexpr std::string_view columns[] = {"pattern", "class"};

// The two checks that the server makes, and what an update can be refused for. Its catalogue of
// messages is not public, so these are words, not sentences.
constexpr std::pair<std::string_view, std::string_view> usual[] = {
    {"検査用数字", "check-digit"},
    {"チェックデジット", "check-digit"},
    {"個人番号*登録済", "already-registered"},
    {"個人番号*登録され", "already-registered"},
    {"個人番号*重複", "already-registered"},
    {"個人番号*存在します", "already-registered"},
    {"レコード識別番号", "record-id"},
    {"枝番", "branch-number"},
    {"機関別符号", "institution-code"},
    {"個人番号", "individual-number"},
};

}  // namespace

void MessageTable::add(std::string_view pattern, std::string_view class_name) {
    Row row;
    while (true) {
        const auto star = std::min(pattern.find('*'), pattern.size());
        std::string piece;
        // A piece that the encoding does not have is found in no message.
        if (!text::convert(pattern.substr(0, star), Encoding::utf8, encoding_, piece).ok()) return;
        if (!piece.empty()) row.pieces.push_back(std::move(piece));
        if (star == pattern.size()) break;
        pattern.remove_prefix(star + 1);
    }
    const auto known = std::ranges::find(classes_, class_name);
    row.class_index = static_cast<std::uint16_t>(known - classes_.begin());
    if (known == classes_.end()) classes_.emplace_back(class_name);
    rows_.push_back(std::move(row));
}

Expected<MessageTable, Diagnostic> MessageTable::load(const Profile& profile) {
    MessageTable table(profile.encoding);
    const std::string path = profile.folder + "/result-messages.csv";
    const auto bytes = file::read_whole(path, csv::table_limit_bytes);
    if (!bytes && bytes.error().system_error != ENOENT) return Unexpected{bytes.error()};
    if (!bytes) {
        for (const auto& [pattern, class_name] : usual) table.add(pattern, class_name);
        return table;
    }
    schema::FaultList faults;
    const schema::TableFile rows(path, *bytes, columns, faults);
    for (std::size_t row = 0; row < rows.row_count(); ++row) {
        const schema::Cell pattern = rows.at(row, 0);
        const schema::Cell class_name = rows.at(row, 1);
        if (pattern.text.empty())
            rows.refuse(pattern, "is no pattern", "はパターンではありません");
        else if (!schema::is_name(class_name.text, '-'))
            rows.refuse(class_name, "is not a name of a class: a-z, 0-9 and -",
                        "は分類名ではありません(a-z, 0-9, -)");
        else
            table.add(pattern.text, class_name.text);
    }
    if (auto told = faults.take_sorted(); !told.empty()) return Unexpected{std::move(told.front())};
    return table;
}

std::uint16_t MessageTable::classify(std::string_view bytes) const {
    for (const Row& row : rows_) {
        std::size_t at = 0;
        const bool fits = std::ranges::all_of(row.pieces, [&](const std::string& piece) {
            const auto found = bytes.find(piece, at);
            at = found == std::string_view::npos ? at : found + piece.size();
            return found != std::string_view::npos;
        });
        if (fits) return row.class_index;
    }
    return 0;
}

}  // namespace tsunagi::result
