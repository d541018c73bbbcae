#include "rehearsal/bulk_file.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <tsunagi/identifier.hpp>

#include "csv/control_records.hpp"
#include "csv/row_reader.hpp"
#include "digest/sha256.hpp"
#include "digest/wipe.hpp"
#include "text/conversion.hpp"

namespace tsunagi::rehearsal {

namespace {

constexpr std::size_t block_size_bytes = std::size_t{1} << 18U;
constexpr std::string_view qualification_layout = "qualification";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter_or_digit(char c) noexcept {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool has_width(std::string_view text, const Item& item) noexcept {
    return text.size() >= item.min_characters && text.size() <= item.max_characters;
}
bool is_number(std::string_view text, const Item& item) noexcept {
    return has_width(text, item) && std::ranges::all_of(text, is_digit);
}
bool is_alphanumeric(std::string_view text, const Item& item) noexcept {
    return has_width(text, item) && std::ranges::all_of(text, is_letter_or_digit);
}

// Behind a byte order mark, where there is one.
Expected<std::uint64_t, Diagnostic> first_row(const file::Input& input) {
    std::array<char, byte_order_mark.size()> head{};
    const auto size = input.read_at(0, head);
    if (!size) return Unexpected{size.error()};
    const bool has_mark = std::string_view{head.data(), *size} == byte_order_mark;
    return std::uint64_t{has_mark ? byte_order_mark.size() : 0};
}

class BulkReader {
public:
    BulkReader(const Profile& profile, const BulkColumns& columns,
               const std::string& insurer_number, Date as_of, Registry& registry)
        : profile_(profile),
          columns_(columns),
          items_(columns.layout->items),
          as_of_(as_of),
          registry_(registry) {
        if (!columns.insurer_number) insurer_number_ = insurer_number;
    }
    ~BulkReader() { digest::wipe(decoded_); }
    BulkReader(const BulkReader&) = delete;
    BulkReader& operator=(const BulkReader&) = delete;

    bool is_header(const csv::Row& row);
    Expected<Answer, Diagnostic> answer(const csv::Row& row);
    const std::string& insurer_number() const noexcept { return insurer_number_; }

private:
    std::string_view field(const csv::Row& row, std::size_t index) const noexcept {
        return index < row.fields.size() ? row.fields[index].personal_data() : std::string_view{};
    }
    bool is_change_type(std::string_view text) const {
        const auto& codes = items_[columns_.change_type].codes;
        return codes ? codes->contains(text, as_of_) : text.size() == 1;
    }
    void name_malformed(const csv::Row& row, Answer& answer) const;
    Refusal judge_shape(const csv::Row& row, Answer& answer);
    Refusal judge_number_of(std::string_view number) const;
    Expected<Refusal, Diagnostic> book(const csv::Row& row, Answer& answer);
    Expected<Refusal, Diagnostic> book_registration(const csv::Row& row, Answer& answer);
    Expected<Refusal, Diagnostic> book_update(const csv::Row& row, Answer& answer);
    Expected<Refusal, Diagnostic> book_copy(const csv::Row& row, const Answer& answer);
    Expected<Refusal, Diagnostic> judge_branch(const csv::Row& row, std::size_t index);
    std::string_view insurer_of(const csv::Row& row) const noexcept {
        return columns_.insurer_number ? field(row, *columns_.insurer_number)
                                       : std::string_view(insurer_number_);
    }

    const Profile& profile_;
    const BulkColumns& columns_;
    std::span<const Item> items_;
    Date as_of_;
    Registry& registry_;
    std::string insurer_number_;
    std::string decoded_;  // reused
};

// The official names, in order.
bool BulkReader::is_header(const csv::Row& row) {
    if (row.fault || row.field_count != items_.size()) return false;
    for (std::size_t index = 0; index < items_.size(); ++index) {
        decoded_.clear();
        if (!text::convert(field(row, index), profile_.encoding, Encoding::utf8, decoded_).ok() ||
            decoded_ != items_[index].label)
            return false;
    }
    return true;
}

// A row with too few or too many fields: only what cannot be anything else is taken from it.
void BulkReader::name_malformed(const csv::Row& row, Answer& answer) const {
    std::string_view record_id = field(row, columns_.record_id);
    std::string_view rest = row.bytes;
    if (row.fields.empty()) {
        for (std::size_t index = 0; index < columns_.record_id && !rest.empty(); ++index)
            rest.remove_prefix(std::min(rest.find(','), rest.size() - 1) + 1);
        record_id = rest.substr(0, rest.find(','));
        if (record_id.size() > 1 && record_id.front() == '"' && record_id.back() == '"')
            record_id = record_id.substr(1, record_id.size() - 2);
    }
    // Twelve digits in the wrong place could be the number of a person.
    if (is_number(record_id, items_[columns_.record_id]) &&
        !looks_like_individual_number(record_id))
        answer.record_id = record_id;
}

// What must be right before the row can be answered at all.
Refusal BulkReader::judge_shape(const csv::Row& row, Answer& answer) {
    if (row.fault || row.field_count != items_.size()) {
        name_malformed(row, answer);
        return Refusal::row_malformed;
    }
    const auto record_id = field(row, columns_.record_id);
    const auto member_id = field(row, columns_.member_id);
    const auto change_type = field(row, columns_.change_type);
    const bool has_record_id = is_number(record_id, items_[columns_.record_id]);
    const bool has_member_id = is_alphanumeric(member_id, items_[columns_.member_id]);
    if (has_record_id) answer.record_id = record_id;
    if (has_member_id) answer.member_id = member_id;
    const bool has_change_type = is_change_type(change_type);
    if (has_change_type) answer.change_type = change_type;
    decoded_.clear();
    if (!text::convert(row.bytes, profile_.encoding, Encoding::utf8, decoded_).ok())
        return Refusal::row_undecodable;
    if (!has_record_id || !has_member_id)
        return columns_.is_copy ? Refusal::record_key_wrong : Refusal::record_id_wrong;
    if (!has_change_type) return Refusal::change_type_wrong;
    if (!columns_.insurer_number) return Refusal::none;
    const auto insurer_number = field(row, *columns_.insurer_number);
    if (!is_number(insurer_number, items_[*columns_.insurer_number]))
        return Refusal::insurer_number_wrong;
    if (insurer_number_.empty()) insurer_number_ = insurer_number;
    return Refusal::none;
}

Refusal BulkReader::judge_number_of(std::string_view number) const {
    switch (judge_number(NumberKind::individual, FieldText{number})) {
        case NumberVerdict::shape: return Refusal::number_shape;
        case NumberVerdict::zeros: return Refusal::number_zeros;
        case NumberVerdict::check_digit: return Refusal::number_check_digit;
        case NumberVerdict::placeholder:  // the server does not know better
        case NumberVerdict::good: break;
    }
    return Refusal::none;
}

Expected<Refusal, Diagnostic> BulkReader::book_registration(const csv::Row& row, Answer& answer) {
    const auto number = field(row, *columns_.individual_number);
    if (!field(row, columns_.branch_number).empty()) return Refusal::branch_number_given;
    if (number.empty()) return Refusal::number_blank;
    if (const Refusal refusal = judge_number_of(number); refusal != Refusal::none) return refusal;
    return registry_.add({.insurer_number = insurer_of(row),
                          .member_id = answer.member_id,
                          .individual_number = number},
                         answer.branch_number);
}

Expected<Refusal, Diagnostic> BulkReader::book_update(const csv::Row& row, Answer& answer) {
    const auto number = field(row, *columns_.individual_number);
    if (!number.empty()) {
        if (const Refusal refusal = judge_number_of(number); refusal != Refusal::none)
            return refusal;
    }
    return registry_.update({.insurer_number = insurer_of(row),
                             .member_id = answer.member_id,
                             .individual_number = number},
                            field(row, columns_.branch_number));
}

Expected<Refusal, Diagnostic> BulkReader::judge_branch(const csv::Row& row, std::size_t index) {
    const auto number = field(row, index);
    if (!is_number(number, items_[index])) return Refusal::branch_number_unknown;
    const auto is_registered = registry_.is_registered(insurer_of(row), number);
    if (!is_registered) return Unexpected{is_registered.error()};
    return *is_registered ? Refusal::none : Refusal::branch_number_unknown;
}

// A record stays with its person; one that goes away is asked for nothing else.
Expected<Refusal, Diagnostic> BulkReader::book_copy(const csv::Row& row, const Answer& answer) {
    const auto branch_number = field(row, columns_.branch_number);
    if (branch_number.empty()) return Refusal::branch_number_blank;
    const Registry::Copy copy{.layout = columns_.layout->id,
                              .insurer_number = insurer_of(row),
                              .record_key = answer.member_id,
                              .branch_number = branch_number};
    if (answer.change_type == "3") return registry_.remove_copy(copy);
    auto refusal = judge_branch(row, columns_.branch_number);
    for (const std::size_t other : columns_.other_branch_numbers)
        if (refusal && *refusal == Refusal::none && !field(row, other).empty())
            refusal = judge_branch(row, other);
    if (!refusal || *refusal != Refusal::none) return refusal;
    if (columns_.needs_qualification) {
        const auto is_qualified = registry_.is_qualified(copy.insurer_number, branch_number);
        if (!is_qualified) return Unexpected{is_qualified.error()};
        if (!*is_qualified) return Refusal::qualification_missing;
    }
    return answer.change_type == "1" ? registry_.add_copy(copy) : registry_.update_copy(copy);
}

Expected<Refusal, Diagnostic> BulkReader::book(const csv::Row& row, Answer& answer) {
    if (columns_.is_copy) {
        auto refusal = book_copy(row, answer);
        if (refusal && *refusal == Refusal::none)
            answer.branch_number = field(row, columns_.branch_number);
        return refusal;
    }
    if (answer.change_type == "1") return book_registration(row, answer);
    const auto branch_number = field(row, columns_.branch_number);
    if (branch_number.empty()) return Refusal::branch_number_blank;
    if (!is_number(branch_number, items_[columns_.branch_number]))
        return Refusal::branch_number_unknown;
    Expected<Refusal, Diagnostic> refusal = Refusal::change_type_wrong;
    if (answer.change_type == "2") refusal = book_update(row, answer);
    if (answer.change_type == "3") refusal = registry_.remove(insurer_of(row), branch_number);
    if (refusal && *refusal == Refusal::none) answer.branch_number = branch_number;
    return refusal;
}

Expected<Answer, Diagnostic> BulkReader::answer(const csv::Row& row) {
    Answer answer;
    answer.refusal = judge_shape(row, answer);
    if (answer.refusal != Refusal::none) return answer;
    const auto refusal = book(row, answer);
    if (!refusal) return Unexpected{refusal.error()};
    answer.refusal = *refusal;
    return answer;
}

}  // namespace

Expected<BulkColumns, Diagnostic> BulkColumns::of(const Layout& layout, const Profile& profile) {
    BulkColumns columns;
    columns.layout = &layout;
    columns.is_copy = layout.index_of("record_key").has_value();
    columns.insurer_number = layout.index_of("insurer_number");
    columns.individual_number = layout.index_of("individual_number");
    columns.needs_qualification =
        columns.is_copy &&
        std::ranges::find(layout.after, qualification_layout) != layout.after.end();
    for (std::size_t i = 0; i < layout.items.size(); ++i)
        if (layout.items[i].name.ends_with("_branch_number") &&
            layout.items[i].rules[tsunagi::index_of(Code::CPY001)])
            columns.other_branch_numbers.push_back(i);
    std::size_t unused = 0;  // a place for what a copy need not have
    const std::pair<const char*, std::size_t*> wanted[] = {
        {"record_id", &columns.record_id},
        {"change_type", &columns.change_type},
        {columns.is_copy ? "record_key" : "member_id", &columns.member_id},
        {"branch_number", &columns.branch_number},
        {columns.is_copy ? "branch_number" : "insurer_number", &unused},
        {columns.is_copy ? "branch_number" : "individual_number", &unused}};
    for (const auto& [name, index] : wanted) {
        const auto found = layout.index_of(name);
        if (!found) {
            auto reason = trouble(Code::LAY001, profile.folder + "/" + layout.id + ".csv", 0,
                                  {"the layout lacks an item that the server reads",
                                   "サーバーが読む項目がレイアウトにありません"});
            reason.field = name;
            return Unexpected{std::move(reason)};
        }
        *index = *found;
    }
    return columns;
}

Expected<std::string, Diagnostic> sha256_of(const file::Input& input) {
    digest::Sha256 hash;
    std::string block(block_size_bytes, '\0');
    for (std::uint64_t offset = 0; offset < input.size_bytes();) {
        const auto size = input.read_at(offset, block);
        if (!size) return Unexpected{size.error()};
        hash.update(std::string_view{block}.substr(0, *size));
        offset += *size;
    }
    digest::wipe(block);
    return digest::hex(hash.finish());
}

namespace {

Expected<BulkAnswers, Diagnostic> answer_rows(const file::Input& input, const Profile& profile,
                                              const BulkColumns& columns,
                                              const std::string& insurer_number, Date as_of,
                                              Registry& registry) {
    const auto begin = first_row(input);
    if (!begin) return Unexpected{begin.error()};
    csv::RowReader reader{input, profile.quote, *begin, input.size_bytes()};
    BulkReader bulk{profile, columns, insurer_number, as_of, registry};
    BulkAnswers result;
    csv::Row row;
    bool is_first = true;
    for (;;) {
        const auto more = reader.next(row);
        if (!more) return Unexpected{more.error()};
        if (!*more) break;
        if (std::exchange(is_first, false) && profile.header) {
            if (!bulk.is_header(row)) return Unexpected{trouble(Code::FIL009, input.path())};
            continue;
        }
        auto answer = bulk.answer(row);
        if (!answer) return Unexpected{answer.error()};
        result.answers.push_back(std::move(*answer));
    }
    result.rows = is_first ? 0 : row.number - (profile.header ? 1U : 0U);
    if (result.rows == 0) return Unexpected{trouble(Code::FIL001, input.path())};
    result.insurer_number = bulk.insurer_number();
    return result;
}

}  // namespace

Expected<BulkAnswers, Diagnostic> answer_bulk_file(const file::Input& input, const Profile& profile,
                                                   const BulkColumns& columns,
                                                   const std::string& insurer_number, Date as_of,
                                                   Registry& registry) {
    if (!profile.control_records)
        return answer_rows(input, profile, columns, insurer_number, as_of, registry);
    const auto unframed = csv::unframe(input);
    if (!unframed) return Unexpected{unframed.error()};
    if (!unframed->agrees) {
        auto fault = unframed->fault();
        fault.path = input.path();
        return Unexpected{std::move(fault)};
    }
    return answer_rows(unframed->rows, profile, columns, insurer_number, as_of, registry);
}

}  // namespace tsunagi::rehearsal
