#include "result/sent_files.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "csv/table.hpp"

#include <tsunagi/result.hpp>

namespace tsunagi::result {

namespace {

constexpr std::string_view manifest_name = "manifest.csv";
constexpr std::uint32_t first_file_number = 2;  // the core is 1

struct Items {
    std::size_t record_id = 0;
    std::size_t member_id = 0;
    std::optional<std::size_t> change_type;
    std::optional<std::size_t> branch_number;

    // So many of the first columns hold all of them.
    std::size_t columns() const noexcept {
        return 1 +
               std::max({record_id, member_id, change_type.value_or(0), branch_number.value_or(0)});
    }
};

struct SentRow {
    digest::WideTag tag{};
    std::uint64_t record_id = 0;
    std::uint32_t row = 0;  // within the part
    std::uint32_t branch_begin = 0;
    std::uint32_t branch_bytes = 0;
    char change_type = '1';
    bool is_readable = true;  // its record_id is one
};

struct Part {
    std::vector<SentRow> rows;
    std::vector<RowFault> faults;
    std::string branches;
    std::uint64_t row_count = 0;

    void clear() {
        rows.clear();
        faults.clear();
        branches.clear();
        row_count = 0;
    }
};

void read_row(Part& part, const csv::Row& row, const Layout& layout, const Items& items,
              const digest::WideKeys& keys) {
    const std::uint64_t number = part.row_count++;
    if (auto fault = fault_of(row, layout)) {
        fault->row = number;
        part.faults.push_back(*fault);
        return;
    }
    if (part.rows.empty()) part.rows.reserve(part_bytes / (row.bytes.size() + 1) + 1);
    const auto field = [&row](std::size_t index) { return row.fields[index].personal_data(); };
    SentRow out{.tag = keys.tag(field(items.member_id)), .row = static_cast<std::uint32_t>(number)};
    const auto record_id = parse_record_id(field(items.record_id));
    out.record_id = record_id.value_or(0);
    out.is_readable = record_id.has_value();
    if (items.change_type && field(*items.change_type).size() == 1)
        out.change_type = field(*items.change_type).front();
    if (items.branch_number) {
        const std::string_view branch = field(*items.branch_number);
        out.branch_begin = static_cast<std::uint32_t>(part.branches.size());
        out.branch_bytes = static_cast<std::uint32_t>(branch.size());
        part.branches += branch;
    }
    part.rows.push_back(out);
}

// Takes parts of the files in order.
class SentTaker {
public:
    SentTaker(const Schema& schema, const Layout& layout, std::size_t record_id,
              DiagnosticSink& sink, Reconciliation& books)
        : profile_(schema.profile()), item_(layout.items[record_id]), sink_(sink), books_(books) {}

    void begin(std::uint32_t file_number, std::uint64_t header_lines) {
        file_number_ = file_number;
        header_lines_ = header_lines;
        base_ = 0;
    }

    void take(const Part& part) {
        for (const RowFault& fault : part.faults)
            emit_fault(sink_, profile_, fault, place(fault.row));
        const std::string_view branches = part.branches;
        for (const SentRow& row : part.rows) {
            Location at = place(row.row);
            if (!row.is_readable) {
                at.column_number = item_.number;
                emit(sink_, profile_, {.code = Code::TXT006, .at = at, .field = "record_id"});
                continue;
            }
            books_.add_sent({.record_id = row.record_id,
                             .line_number = static_cast<std::uint32_t>(at.line_number),
                             .change_type = row.change_type},
                            row.tag, branches.substr(row.branch_begin, row.branch_bytes));
        }
        base_ += part.row_count;
    }

private:
    Location place(std::uint64_t row) const noexcept {
        return {file_number_, base_ + row + 1 + header_lines_, base_ + row + 1, 0};
    }

    const Profile& profile_;
    const Item& item_;
    DiagnosticSink& sink_;
    Reconciliation& books_;
    std::uint32_t file_number_ = 0;
    std::uint64_t header_lines_ = 0;
    std::uint64_t base_ = 0;
};

// `file,layout,…` of a folder that was built: the files of the upload layout.
Expected<void, Diagnostic> append_manifest(const std::string& folder, std::string_view layout_id,
                                           std::vector<std::string>& paths) {
    const std::string path = folder + "/" + std::string(manifest_name);
    const auto bytes = file::read_whole(path, csv::table_limit_bytes);
    if (!bytes) {
        Diagnostic missing = bytes.error();
        missing.detail = {"a folder without manifest.csv is incomplete",
                          "manifest.csv のないフォルダーは未完成です"};
        return Unexpected{std::move(missing)};
    }
    const csv::Table table = csv::parse_table(*bytes);
    const auto column = [&table](std::string_view name) {
        return static_cast<std::size_t>(std::ranges::find(table.header, name) -
                                        table.header.begin());
    };
    const std::size_t file = column("file");
    const std::size_t layout = column("layout");
    const std::size_t size = column("bytes");
    if (std::max({file, layout, size}) >= table.header.size() || !table.findings.empty())
        return Unexpected{
            trouble(Code::SYS001, path, 0,
                    {"not a manifest of upload files", "送付ファイルの manifest ではありません"})};
    for (const csv::TableRow& row : table.rows) {
        const std::string& name = row.cells[file];
        if (row.cells[layout] != layout_id || name.empty()) continue;
        const std::string found = folder + "/" + name;
        std::error_code error;
        const auto bytes_found = std::filesystem::file_size(found, error);
        if (error) return Unexpected{trouble(Code::SYS001, found, error.value())};
        if (name.find('/') != std::string::npos || std::to_string(bytes_found) != row.cells[size])
            return Unexpected{trouble(Code::SYS001, found, 0,
                                      {"not as manifest.csv says", "manifest.csv と一致しません"})};
        paths.push_back(found);
    }
    return {};
}

}  // namespace

std::uint64_t moment_in_name(std::string_view path) noexcept {
    constexpr std::size_t moment_digits = 14;
    const auto slash = path.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (std::size_t begin = 0; begin < name.size();) {
        std::size_t end = begin;
        while (end < name.size() && is_digit(name[end])) ++end;
        const std::string_view digits = name.substr(begin, end - begin);
        if (digits.size() == moment_digits && is_date_time14(digits))
            return parse_record_id(digits).value_or(0);
        begin = std::max(end, begin + 1);
    }
    return 0;
}

Expected<std::vector<LayoutFile>, Diagnostic> read_sent_files(
    const Schema& schema, const Layout& layout, const std::vector<std::string>& paths,
    unsigned threads, DiagnosticSink& sink, Reconciliation& books) {
    const auto record_id = layout.index_of("record_id");
    const auto member_id = layout.index_of(name_of_subject(layout));
    if (!record_id || !member_id)
        return Unexpected{
            trouble(Code::LAY001, schema.profile().folder + "/" + layout.id + ".csv", 0,
                    {"record_id and member_id or record_key are needed to link results",
                     "結果の紐付けには record_id と member_id か record_key が必要です"})};
    const Items items{*record_id, *member_id, layout.index_of("change_type"),
                      layout.index_of("branch_number")};
    std::vector<LayoutFile> files;
    files.reserve(paths.size());
    SentTaker taker(schema, layout, *record_id, sink, books);
    const auto read = read_layout_files(
        {.file_count = paths.size(),
         .quote = schema.profile().quote,
         .threads = threads,
         .columns = items.columns()},
        sink,
        [&](std::size_t i, DiagnosticSink& held) {
            return open_layout_file(schema, layout, paths[i],
                                    first_file_number + static_cast<std::uint32_t>(i), held);
        },
        [&](std::size_t i, const LayoutFile& file) {
            taker.begin(first_file_number + static_cast<std::uint32_t>(i), file.header_lines);
            books.begin_sent_file(
                {.as_of = moment_in_name(paths[i]), .header_lines = file.header_lines});
        },
        [] { return Part{}; }, [](Part& part) { part.clear(); },
        [&](Part& part, const csv::Row& row) { read_row(part, row, layout, items, books.keys()); },
        [&taker](Part& part) -> Expected<void, Diagnostic> {
            taker.take(part);
            return {};
        },
        [&files](LayoutFile&& file) { files.push_back(std::move(file)); });
    if (!read) return Unexpected{read.error()};
    books.end_sent();
    return files;
}

}  // namespace tsunagi::result

namespace tsunagi {

Expected<std::vector<std::string>, Diagnostic> find_bulk_files(
    const std::vector<std::string>& operands, std::string_view layout) {
    std::vector<std::string> paths;
    for (const std::string& operand : operands) {
        std::error_code ignored;
        if (!std::filesystem::is_directory(operand, ignored)) {
            paths.push_back(operand);
        } else if (auto found = result::append_manifest(operand, layout, paths); !found) {
            return Unexpected{std::move(found).error()};
        }
    }
    return paths;
}

}  // namespace tsunagi
