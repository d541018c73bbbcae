#include "secondary_copy/qualified_members.hpp"

#include <utility>

#include "csv/control_records.hpp"
#include "csv/strict_rows.hpp"
#include "file/input.hpp"
#include "secondary_copy/registration.hpp"
#include "text/conversion.hpp"

namespace tsunagi::secondary_copy {

namespace {

constexpr std::string_view upload_layout = "qualification";
constexpr std::string_view result_layout = "qualification-result";

struct Columns {
    std::size_t count = 0;
    std::size_t change_type = 0;
    std::size_t branch_number = 0;
    std::size_t result_class = 0;  // of a result
};

Columns columns_of(const Layout& layout) {
    const auto place = [&layout](std::string_view name) {
        return layout.index_of(name).value_or(layout.items.size());
    };
    return {.count = layout.items.size(),
            .change_type = place("change_type"),
            .branch_number = place("branch_number"),
            .result_class = place("result_class")};
}

class Collection {
public:
    Collection(const Profile& profile, const Layout& upload, const Layout& result)
        : profile_(profile),
          layout_(upload),
          upload_(columns_of(upload)),
          result_(columns_of(result)) {}

    Expected<void, Diagnostic> read(const std::string& path);
    std::shared_ptr<const identifier::BranchNumbers> finish() {
        auto& counts = has_result_ ? accepted_ : sent_;
        counts.finish();
        return std::make_shared<const identifier::BranchNumbers>(std::move(counts));
    }

private:
    void take(const csv::Row& row);
    std::optional<std::size_t> find_branch_column(const csv::Row& header) const;
    Expected<void, Diagnostic> read_linked(csv::RowReader& reader, const std::string& path,
                                           std::uint64_t columns, std::size_t branch_column);

    const Profile& profile_;
    const Layout& layout_;
    Columns upload_;
    Columns result_;
    identifier::BranchNumbers sent_;
    identifier::BranchNumbers accepted_;
    bool has_result_ = false;
};

void Collection::take(const csv::Row& row) {
    const auto field = [&row](std::size_t index) {
        return index < row.fields.size() ? row.fields[index] : FieldText();
    };
    const bool is_result = row.field_count == result_.count;
    const Columns& columns = is_result ? result_ : upload_;
    has_result_ = has_result_ || is_result;
    if (field(columns.change_type).personal_data() == "3") return;
    if (is_result && field(columns.result_class).personal_data() != "1") return;
    (is_result ? accepted_ : sent_).add(field(columns.branch_number));
}

// Of an extract that a link has written: it names its columns, in whatever language and encoding.
std::optional<std::size_t> Collection::find_branch_column(const csv::Row& header) const {
    const auto item = layout_.index_of(branch_number_title);
    if (header.fault || !item) return std::nullopt;
    const auto find = [&header](std::string_view name, std::string_view label) {
        std::string cp932;
        if (!text::convert(label, Encoding::utf8, Encoding::cp932, cp932).ok()) cp932.clear();
        for (std::size_t i = 0; i < header.fields.size(); ++i) {
            const std::string_view title = header.fields[i].personal_data();
            if (title == name || title == label || (!title.empty() && title == cp932))
                return std::optional(i);
        }
        return std::optional<std::size_t>();
    };
    if (!find(registration_title, registration_label)) return std::nullopt;
    return find(branch_number_title, layout_.items[*item].label);
}

Expected<void, Diagnostic> Collection::read_linked(csv::RowReader& reader, const std::string& path,
                                                   std::uint64_t columns,
                                                   std::size_t branch_column) {
    has_result_ = true;
    return csv::read_strict_rows(reader, path, [&](const csv::Row& row) {
        // The server has those that have one, whatever became of a later sending.
        if (row.field_count == columns) accepted_.add(row.fields[branch_column]);
        return row.field_count == columns;
    });
}

Expected<void, Diagnostic> Collection::read(const std::string& path) {
    auto input = file::Input::open(path);
    if (!input) return Unexpected{std::move(input).error()};
    const auto begin = csv::begin_of_rows(*input);
    if (!begin) return Unexpected{begin.error()};
    csv::Row row;
    csv::RowReader linked(*input, Quote::minimal, *begin, input->size_bytes());
    const auto first = linked.next(row);
    if (!first) return Unexpected{first.error()};
    if (const auto branch = *first ? find_branch_column(row) : std::nullopt)
        return read_linked(linked, path, row.field_count, *branch);
    const auto unframed = csv::unframe(std::move(*input), profile_.control_records);
    if (!unframed) return Unexpected{unframed.error()};
    if (!unframed->agrees) return Unexpected{trouble(Code::FIL010, path)};
    const file::Input& rows = unframed->rows;
    csv::RowReader reader(rows, profile_.quote, *begin, rows.size_bytes());
    const auto take_row = [this](const csv::Row& each) {
        if (profile_.header && each.number == 1) return true;
        const bool fits = each.field_count == upload_.count || each.field_count == result_.count;
        if (fits) take(each);
        return fits;
    };
    return csv::read_strict_rows(reader, path, take_row, profile_.control_records ? 1 : 0);
}

}  // namespace

Expected<std::shared_ptr<const identifier::BranchNumbers>, Diagnostic> read_qualified(
    const Schema& schema, std::span<const std::string> paths) {
    const auto upload = schema.layout(upload_layout);
    if (!upload) return Unexpected{upload.error()};
    const auto result = schema.layout(result_layout);
    if (!result) return Unexpected{result.error()};
    Collection collection(schema.profile(), **upload, **result);
    for (const std::string& path : paths)
        if (auto read = collection.read(path); !read) return Unexpected{std::move(read).error()};
    return collection.finish();
}

}  // namespace tsunagi::secondary_copy
