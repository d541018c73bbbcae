#include "composition/row.hpp"

#include <utility>

namespace tsunagi::composition {
namespace {

template <std::size_t count>
std::array<std::string, count> encoded(const Tables& tables,
                                       const std::array<std::string_view, count>& words) {
    std::array<std::string, count> result;
    for (std::size_t index = 0; index < count; ++index)
        result[index] = tables.encoded(words[index]);
    return result;
}

constexpr std::array<std::string_view, 10> full_width_digits{"０", "１", "２", "３", "４",
                                                             "５", "６", "７", "８", "９"};
// Names of buildings that could stand anywhere.
constexpr std::array<std::string_view, 12> building_names{
    "グリーンハイツ", "コーポさくら",     "メゾン青葉",   "サンハイム",
    "みどり荘",       "富士見マンション", "ハイツ若葉",   "パークコート",
    "第二コーポ",     "メゾンドール",     "ひかりハイム", "中央マンション"};

// By Relation, Sex, LossReason, acquired_reason and qualification_kind.
constexpr std::array<std::string_view, 6> relation_words{"", "夫", "妻", "子", "父", "母"};
constexpr std::array<std::string_view, 6> relation_codes{"", "11", "12", "20", "51", "52"};
constexpr std::array<std::string_view, 3> sex_words{"不明", "男", "女"};
constexpr std::array<std::string_view, 2> kind_words{"本人", "家族"};
constexpr std::array<std::string_view, 5> loss_words{"", "死亡", "生活保護", "他保険加入",
                                                     "その他"};
constexpr std::array<std::string_view, 5> loss_codes{"", "01", "02", "03", "99"};
constexpr std::array<std::string_view, 6> reason_words{"",     "新規", "再取得",
                                                       "出生", "婚姻", "扶養"};
constexpr std::array<std::string_view, 3> qualification_words{"", "一般", "任継"};

template <std::size_t count, class Index>
std::string_view entry(const std::array<std::string_view, count>& table, Index index) noexcept {
    return table[static_cast<std::size_t>(index)];
}

void put_two_digits(unsigned value, Bytes& out) {
    const char digits[2] = {static_cast<char>('0' + value / 10 % 10),
                            static_cast<char>('0' + value % 10)};
    out.put(std::string_view{digits, 2});
}

struct Era {
    char letter;
    int first_year;
    Day first_day;
};

Era era_of(Day date) noexcept {
    using std::chrono::day;
    using std::chrono::month;
    using std::chrono::year;
    constexpr std::array<Era, 4> eras{{
        {'R', 2019, year{2019} / month{5} / day{1}},
        {'H', 1989, year{1989} / month{1} / day{8}},
        {'S', 1926, year{1926} / month{12} / day{25}},
        {'T', 1912, year{1912} / month{7} / day{30}},
    }};
    for (const Era& era : eras)
        if (date >= era.first_day) return era;
    return {'M', 1868, year{1868} / month{1} / day{25}};
}

void put_date(Day date, Notation notation, Bytes& out) {
    if (is_blank(date)) return;
    const int year = static_cast<int>(date.year());
    if (notation == Notation::era) {
        const Era era = era_of(date);
        out.put(era.letter);
        put_two_digits(static_cast<unsigned>(year - era.first_year + 1), out);
    } else {
        put_two_digits(static_cast<unsigned>(year) / 100, out);
        put_two_digits(static_cast<unsigned>(year), out);
    }
    if (notation == Notation::slashed) out.put('/');
    put_two_digits(static_cast<unsigned>(date.month()), out);
    if (notation == Notation::slashed) out.put('/');
    put_two_digits(static_cast<unsigned>(date.day()), out);
}

}  // namespace

std::string era_date(Day date) {
    Bytes bytes{16};
    put_date(date, Notation::era, bytes);
    return std::string{bytes.view()};
}

RowWriter::RowWriter(const Tables& tables, std::span<const Column> columns,
                     std::string insurer_number, int id_width_digits)
    : tables_(&tables),
      columns_(columns),
      insurer_number_(std::move(insurer_number)),
      id_width_digits_(id_width_digits),
      digits_(encoded(tables, full_width_digits)),
      buildings_(encoded(tables, building_names)),
      relations_(encoded(tables, relation_words)),
      sexes_(encoded(tables, sex_words)),
      kinds_(encoded(tables, kind_words)),
      losses_(encoded(tables, loss_words)),
      reasons_(encoded(tables, reason_words)),
      qualifications_(encoded(tables, qualification_words)),
      space_(tables.encoded("　")),
      district_(tables.encoded("丁目")),
      block_(tables.encoded("番")),
      house_(tables.encoded("号")),
      lot_(tables.encoded("番地")),
      hyphen_(tables.encoded("－")),
      room_(tables.encoded("号室")) {}

void RowWriter::put_header(Bytes& out) const {
    for (std::size_t index = 0; index < columns_.size(); ++index) {
        if (index != 0) out.put(',');
        out.put(tables_->encoded(columns_[index].title));
    }
    out.put("\r\n");
}

void RowWriter::put_member_id(std::uint64_t id, Bytes& out) const {
    out.put('M');
    out.put_number(id, id_width_digits_);
}

std::string RowWriter::member_id(std::uint64_t id) const {
    Bytes bytes{32};
    put_member_id(id, bytes);
    return std::string{bytes.view()};
}

void RowWriter::put_full_width(unsigned number, Bytes& out) const {
    if (number >= 10) put_full_width(number / 10, out);
    out.put(digits_[number % 10]);
}

// Four in ten as 丁目番号, three with full-width and three with ASCII hyphens, as people do.
void RowWriter::put_house_number(const Address& address) {
    if (address.style < 3) {
        put_full_width(address.district, street_);
        street_.put(district_);
        put_full_width(address.block, street_);
        street_.put(block_);
        put_full_width(address.house, street_);
        street_.put(house_);
    } else if (address.style < 4) {
        put_full_width(address.block * 26U + address.house, street_);
        street_.put(lot_);
    } else if (address.style < 7) {
        put_full_width(address.district, street_);
        street_.put(hyphen_);
        put_full_width(address.block, street_);
        street_.put(hyphen_);
        put_full_width(address.house, street_);
    } else {
        street_.put_number(address.district);
        street_.put('-');
        street_.put_number(address.block);
        street_.put('-');
        street_.put_number(address.house);
    }
}

void RowWriter::begin(const Household& household) {
    const Address& address = household.address;
    street_.clear();
    street_.put(tables_->place(address.place).town);
    put_house_number(address);
    building_.clear();
    if (address.building == 0) return;
    building_.put(buildings_[address.building - 1U]);
    put_full_width(address.room, building_);
    building_.put(room_);
}

void RowWriter::put_row(const Household& household, std::size_t index, std::uint64_t record_id,
                        Bytes& out) const {
    put_part(household, index, columns_[0], record_id, out);
    for (const Column& column : columns_.subspan(1)) {
        out.put(',');
        put_part(household, index, column, record_id, out);
    }
    out.put("\r\n");
}

void RowWriter::put_part(const Household& household, std::size_t index, const Column& column,
                         std::uint64_t record_id, Bytes& out) const {
    for (const Override& each : household.overrides)
        if (each.person == index && each.part == column.part) return out.put(each.bytes);

    const Person& person = household.persons[index];
    const auto also = [&](Part part) {
        put_part(household, index, Column{{}, part, column.notation}, record_id, out);
    };
    switch (column.part) {
        case Part::name_kanji:
            also(Part::surname_kanji);
            out.put(space_);
            return also(Part::given_kanji);
        case Part::name_kana:
            also(Part::surname_kana);
            out.put(space_);
            return also(Part::given_kana);
        case Part::address: {
            also(Part::region);
            also(Part::street);
            out.put(space_);
            const std::size_t before = out.size_bytes();
            also(Part::building);
            if (out.size_bytes() == before) out.drop(space_.size());
            return;
        }
        case Part::birth_date: return put_date(person.birth, column.notation, out);
        case Part::acquired_on: return put_date(person.acquired, column.notation, out);
        case Part::lost_on: return put_date(person.lost, column.notation, out);
        case Part::changed_on: return put_date(person.changed, column.notation, out);
        case Part::member_kind:
        case Part::relationship:
        case Part::sex:
        case Part::acquired_reason:
        case Part::lost_reason:
        case Part::qualification_kind:
        case Part::non_disclosure: return put_code(person, column, out);
        default: return put_identity(household, person, column.part, record_id, out);
    }
}

void RowWriter::put_identity(const Household& household, const Person& person, Part part,
                             std::uint64_t record_id, Bytes& out) const {
    const Tables::Place& place = tables_->place(household.address.place);
    const Tables::Name& surname = tables_->surname(person.surname);
    const Tables::Name& given = tables_->given(person.name_sex, person.given);
    const auto other_name = [&](std::string_view other, std::string_view own) {
        if (!person.has_other_name) return;
        out.put(other);
        out.put(space_);
        out.put(own);
    };
    switch (part) {
        case Part::record_id: return out.put_number(record_id, 10);
        case Part::change_type: return out.put('1');
        case Part::insurer_number: return out.put(insurer_number_);
        case Part::member_id: return put_member_id(person.id, out);
        case Part::individual_number:
            return out.put(std::string_view{person.number.data(), person.number.size()});
        case Part::card_symbol: return out.put_number(household.card_symbol);
        case Part::card_number: return out.put_number(person.card_number);
        case Part::surname_kanji: return out.put(surname.kanji);
        case Part::given_kanji: return out.put(given.kanji);
        case Part::surname_kana: return out.put(surname.kana);
        case Part::given_kana: return out.put(given.kana);
        case Part::other_name_kanji:
            return other_name(tables_->surname(person.other_surname).kanji, given.kanji);
        case Part::other_name_kana:
            return other_name(tables_->surname(person.other_surname).kana, given.kana);
        case Part::postal_code: return out.put(place.postal_code);
        case Part::municipality_code: return out.put(place.municipality_code);
        case Part::region: return out.put(place.region);
        case Part::street: return out.put(street_.view());
        case Part::building: return out.put(building_.view());
        default: return;  // branch_number: nobody has one yet
    }
}

void RowWriter::put_code(const Person& person, const Column& column, Bytes& out) const {
    const bool in_words = column.notation == Notation::word;
    const bool is_insured = person.relation == Relation::insured;
    switch (column.part) {
        case Part::member_kind:
            return in_words ? out.put(kinds_[is_insured ? 0 : 1]) : out.put(is_insured ? '1' : '2');
        case Part::relationship:
            return out.put(
                in_words ? std::string_view{relations_[static_cast<std::size_t>(person.relation)]}
                         : entry(relation_codes, person.relation));
        case Part::sex:
            if (in_words) return out.put(sexes_[static_cast<std::size_t>(person.sex)]);
            return out.put_number(person.sex == Sex::unknown ? 9U
                                                             : static_cast<unsigned>(person.sex));
        case Part::acquired_reason:
            return in_words ? out.put(reasons_[person.acquired_reason])
                            : out.put_number(person.acquired_reason, 2);
        case Part::lost_reason:
            return out.put(in_words
                               ? std::string_view{losses_[static_cast<std::size_t>(person.loss)]}
                               : entry(loss_codes, person.loss));
        case Part::qualification_kind:
            return in_words ? out.put(qualifications_[person.qualification_kind])
                            : out.put_number(person.qualification_kind);
        default: return out.put(person.non_disclosure ? '1' : '0');
    }
}

}  // namespace tsunagi::composition
