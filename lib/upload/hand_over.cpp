#include "upload/hand_over.hpp"

#include <iterator>
#include <numeric>

#include <fmt/format.h>

#include "report/escape.hpp"

namespace tsunagi::upload {

namespace {

constexpr std::string_view head =
    "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n<title>送付票</title>\n"
    "<style>\n@page { size: A4; margin: 15mm; }\n"
    "body { font-family: sans-serif; font-size: 10pt; }\n"
    "table { border-collapse: collapse; width: 100%; margin: 4mm 0; }\n"
    "th, td { border: 1px solid #000; padding: 1.5mm; text-align: left; }\n"
    "td.number { text-align: right; }\n"
    "td.hash { font-family: monospace; font-size: 7.5pt; word-break: break-all; }\n"
    "td.blank { height: 12mm; width: 35%; }\n</style>\n</head>\n<body>\n<h1>送付票</h1>\n";

constexpr std::string_view blanks =
    "<table>\n"
    "<tr><th>媒体</th><td colspan=\"3\">□ DVD-R　□ USBメモリ　□ 回線　□ その他("
    "　　　　　　)　媒体番号:</td></tr>\n"
    "<tr><th>作成者</th><td class=\"blank\"></td><th>印</th><td class=\"blank\"></td></tr>\n"
    "<tr><th>確認者</th><td class=\"blank\"></td><th>印</th><td class=\"blank\"></td></tr>\n"
    "<tr><th>引渡日時</th><td class=\"blank\"></td><th>受領日時</th><td class=\"blank\"></td></tr>\n"
    "<tr><th>受領者</th><td class=\"blank\"></td><th>印</th><td class=\"blank\"></td></tr>\n"
    "</table>\n"
    "<p>受領者は、媒体のファイルの SHA-256 が上の値と一致することを確認してください。</p>\n"
    "</body>\n</html>\n";

void append_row(std::string& out, std::string_view title, std::string_view value) {
    out += "<tr><th>";
    out += title;
    out += "</th><td>";
    report::append_markup(out, value);
    out += "</td></tr>\n";
}

}  // namespace

std::string format_hand_over(const HandOver& facts) {
    std::string out{head};
    out += "<table>\n";
    append_row(out, "保険者番号", facts.insurer_number);
    append_row(out, "種類", facts.layout.title_japanese);
    append_row(out, "作成日時", format_moment(facts.as_of));
    append_row(out, "ファイル数", fmt::format("{}", facts.files.size()));
    append_row(
        out, "件数合計",
        fmt::format("{}", std::accumulate(facts.rows.begin(), facts.rows.end(), std::uint64_t{0})));
    out += "</table>\n<table>\n<tr><th>番号</th><th>ファイル名</th><th>件数</th><th>バイト数</th>"
           "<th>SHA-256</th></tr>\n";
    for (std::size_t i = 0; i < facts.files.size(); ++i) {
        const auto& file = facts.files[i];
        fmt::format_to(std::back_inserter(out), "<tr><td class=\"number\">{}</td><td>", i + 1);
        report::append_markup(out, file.name);
        fmt::format_to(std::back_inserter(out),
                       "</td><td class=\"number\">{}</td><td class=\"number\">{}</td>"
                       "<td class=\"hash\">{}</td></tr>\n",
                       facts.rows[i], file.size_bytes, file.sha256);
    }
    out += "</table>\n";
    out += blanks;
    return out;
}

}  // namespace tsunagi::upload
