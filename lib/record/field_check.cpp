// Step 2 of the contract: one field, the first finding that applies. The hot path: bytes are
// classified by table, nothing is decoded that need not be, nothing is allocated.

#include "record/plan.hpp"

#include "text/ascii.hpp"
#include "text/characters.hpp"
#include "text/pair.hpp"

#include <algorithm>
#include <cstring>

#include <tsunagi/identifier.hpp>

namespace tsunagi::record {

namespace {

constexpr auto class_table = [] {
    // 1: digit or letter; 2: also allowed in an identifier (. _ -)
    std::array<std::uint8_t, 256> table{};
    for (unsigned c = '0'; c <= '9'; ++c) table[c] = 3;
    for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = 3;
    for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = 3;
    for (const unsigned c : {0x2EU, 0x5FU, 0x2DU}) table[c] = 2;
    return table;
}();

bool all_of_class(std::string_view bytes, std::uint8_t wanted) noexcept {
    std::uint8_t all = wanted;
    for (const char c : bytes) all &= class_table[static_cast<unsigned char>(c)];
    return all == wanted;
}

// Of a list every value must be of the class, and none is blank.
bool all_values_of_class(const ItemPlan& item, std::string_view bytes) noexcept {
    const std::uint8_t wanted = item.type == ItemType::identifier ? 2 : 1;
    if (item.list_separator == '\0') return all_of_class(bytes, wanted);
    for (;;) {
        const auto end = std::min(bytes.find(item.list_separator), bytes.size());
        if (end == 0 || !all_of_class(bytes.substr(0, end), wanted)) return false;
        if (end == bytes.size()) return true;
        bytes.remove_prefix(end + 1);
    }
}

// TXT004 tells how many; asked only once there is one.
std::uint32_t count_not_accepted(const Plan& plan, std::string_view bytes) noexcept {
    std::uint32_t count = 0;
    while (!bytes.empty()) {
        std::size_t length = 1;
        std::uint8_t properties = 0;
        if (plan.encoding == Encoding::utf8) {
            const text::Decoded decoded =
                text::decode_utf8(bytes.data(), bytes.data() + bytes.size());
            length = std::max<std::size_t>(1, decoded.length_bytes);
            if (decoded.length_bytes != 0) properties = text::properties_of(decoded.code_point);
        } else {
            const auto lead = static_cast<unsigned char>(bytes[0]);
            properties = plan.single_byte[lead];
            if (text::is_lead_byte(lead) && bytes.size() > 1) {
                length = 2;
                properties = plan.double_byte[static_cast<unsigned>(lead) << 8 |
                                              static_cast<unsigned char>(bytes[1])];
            }
        }
        count += (properties & plan.accepted_flag) == 0 ? 1U : 0U;
        bytes.remove_prefix(length);
    }
    return count;
}

// Collects the first fault whose rule is not switched off.
class First {
public:
    explicit First(const Plan& plan) noexcept : plan_(plan) {}
    bool take(bool applies, Code code, std::uint32_t wanted = 0, std::uint32_t found = 0) noexcept {
        if (!verdict.fault && applies && plan_.is_on(code)) {
            verdict.fault = true;
            verdict.code = code;
            verdict.wanted = wanted;
            verdict.found = found;
        }
        return verdict.fault;
    }
    FieldVerdict verdict;

private:
    const Plan& plan_;
};

std::uint32_t to_count(std::size_t size) noexcept { return static_cast<std::uint32_t>(size); }

// A field of the wrong class may still hold bytes that are no characters at all: FIL002 goes first.
bool take_shape(First& first, const Plan& plan, const ItemPlan& item,
                std::string_view bytes) noexcept {
    const text::Walk walk = plan.walker.walk(bytes);
    if (first.take(walk.invalid, Code::FIL002)) return true;
    // A date of the right width is still no date: only numbers are told their width.
    const bool width = item.fixed_width && item.type == ItemType::digits;
    return first.take(true, item.shape_code, width ? item.max_characters : 0,
                      width ? walk.characters : 0);
}

void take_widths(First& first, const ItemPlan& item, std::size_t characters,
                 std::size_t size_bytes) noexcept {
    first.take(characters > item.max_characters, Code::TXT002, item.max_characters,
               to_count(characters));
    first.take(item.max_bytes != 0 && size_bytes > item.max_bytes, Code::TXT003, item.max_bytes,
               to_count(size_bytes));
}

void take_number_rules(First& first, const Plan& plan, const ItemPlan& item,
                       std::string_view bytes) noexcept {
    const FieldText field(bytes);
    if (item.number_zeros || item.number_check_digit || item.number_placeholder) {
        const NumberVerdict verdict = judge_number(NumberKind::individual, field);
        first.take(item.number_zeros && verdict == NumberVerdict::zeros, Code::NUM003);
        first.take(item.number_check_digit && verdict == NumberVerdict::check_digit, Code::NUM002);
        first.take(item.number_placeholder && verdict == NumberVerdict::placeholder, Code::NUM011);
    }
    if (item.insurer_number)
        first.take(judge_number(NumberKind::insurer, field) != NumberVerdict::good ||
                       (!plan.insurer_number.empty() && bytes != plan.insurer_number),
                   Code::COD004);
    if (item.municipality_code)
        first.take(judge_number(NumberKind::municipality, field) != NumberVerdict::good,
                   Code::COD006);
}

// In CP932 a pattern may match across two characters: what is found is walked up to from the left.
bool contains(const Plan& plan, std::string_view bytes, std::string_view pattern) noexcept {
    std::size_t found = bytes.find(pattern);
    if (plan.encoding == Encoding::utf8) return found != std::string_view::npos;
    std::size_t at = 0;
    while (found != std::string_view::npos) {
        while (at < found)
            at += text::is_lead_byte(static_cast<unsigned char>(bytes[at])) ? 2U : 1U;
        if (at == found) return true;
        found = bytes.find(pattern, found + 1);
    }
    return false;
}

// Whether nothing of step 2 applies, but for what addresses and card symbols are asked besides.
bool is_plain(const Plan& plan, const ItemPlan& item, const text::Walk& walk,
              std::size_t size_bytes) noexcept {
    const auto wanted = static_cast<std::uint8_t>(plan.accepted_flag |
                                                  (item.type == ItemType::kana ? text::kana : 0));
    return walk.has_all(wanted) && !walk.invalid && walk.characters <= item.max_characters &&
           (item.max_bytes == 0 || size_bytes <= item.max_bytes) && !walk.stray_space &&
           !(item.lost_mark && walk.has_any(text::lost | text::private_use)) &&
           !(item.name_separator && (walk.full_width_spaces != 1 || walk.ascii_space));
}

FieldVerdict check_text(const Plan& plan, const ItemPlan& item, std::string_view bytes) noexcept {
    First first(plan);
    const text::Walk walk = plan.walker.walk(bytes);
    if (!is_plain(plan, item, walk, bytes.size())) {
        first.take(walk.invalid, Code::FIL002);
        if (item.type == ItemType::kana) first.take(!walk.has_all(text::kana), item.shape_code);
        take_widths(first, item, walk.characters, bytes.size());
        if (item.lost_mark) first.take(walk.has_any(text::lost | text::private_use), Code::TXT005);
        if (!walk.has_all(plan.accepted_flag))
            first.take(true, Code::TXT004, 0, count_not_accepted(plan, bytes));
        first.take(walk.stray_space, Code::TXT007);
        if (item.name_separator)
            first.take(walk.full_width_spaces != 1 || walk.ascii_space, Code::TXT008);
    }
    if (item.prefecture && !first.verdict.fault)
        first.take(!plan.prefectures.begin(bytes), Code::ADR002);
    if (item.domicile && !first.verdict.fault &&
        text::PairSearch(plan.registered_domicile, plan.lot_particle).may_hold_either(bytes))
        first.take(contains(plan, bytes, plan.registered_domicile) ||
                       contains(plan, bytes, plan.lot_particle),
                   Code::ADR003);
    if (item.card_symbol && !first.verdict.fault)
        first.verdict.symbol_not_digits = !text::all_digits(bytes);
    return first.verdict;
}

FieldVerdict check_ascii(const Plan& plan, const ItemPlan& item, std::string_view bytes) noexcept {
    First first(plan);
    bool wrong = false;
    if (item.type == ItemType::digits)
        wrong =
            !text::all_digits(bytes) || (item.fixed_width && bytes.size() != item.max_characters);
    else
        wrong = !all_values_of_class(item, bytes);
    if (wrong && take_shape(first, plan, item, bytes)) return first.verdict;
    take_widths(first, item, bytes.size(), bytes.size());
    if (item.has_number_rules) take_number_rules(first, plan, item, bytes);
    return first.verdict;
}

FieldVerdict check_date(const Plan& plan, const ItemPlan& item, std::string_view bytes) noexcept {
    First first(plan);
    if (item.type == ItemType::date_time) {
        if (!is_date_time14(bytes)) take_shape(first, plan, item, bytes);
        return first.verdict;
    }
    const std::optional<Date> date = parse_date8(bytes);
    if (date) {
        first.verdict.days = date->days;
    } else {
        first.verdict.is_date = false;
        take_shape(first, plan, item, bytes);
    }
    return first.verdict;
}

FieldVerdict check_code(const Plan& plan, const ItemPlan& item, std::string_view bytes) noexcept {
    First first(plan);
    if (!item.values.contains(bytes)) {
        first.take(plan.walker.walk(bytes).invalid, Code::FIL002);
        first.take(true, Code::COD001);
    }
    if (item.number_source) first.take(bytes == "9", Code::NUM010);
    return first.verdict;
}

}  // namespace

FieldVerdict check_field(const Plan& plan, const ItemPlan& item, std::string_view bytes) noexcept {
    switch (item.type) {
        case ItemType::digits:
        case ItemType::alphanumeric:
        case ItemType::identifier: return check_ascii(plan, item, bytes);
        case ItemType::kana:
        case ItemType::text: return check_text(plan, item, bytes);
        case ItemType::code: return check_code(plan, item, bytes);
        case ItemType::date:
        case ItemType::date_time: break;
    }
    return check_date(plan, item, bytes);
}

}  // namespace tsunagi::record
