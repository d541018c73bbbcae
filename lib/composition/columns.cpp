#include <array>

#include "composition/row.hpp"

namespace tsunagi::composition {
namespace {

// The items that a core system knows, titled with our names.
constexpr std::array<Column, 23> names_columns{{
    {"member_id", Part::member_id},
    {"individual_number", Part::individual_number},
    {"insurer_number", Part::insurer_number},
    {"card_symbol", Part::card_symbol},
    {"card_number", Part::card_number},
    {"member_kind", Part::member_kind},
    {"relationship", Part::relationship},
    {"name_kanji", Part::name_kanji},
    {"name_kana", Part::name_kana},
    {"other_name_kanji", Part::other_name_kanji},
    {"other_name_kana", Part::other_name_kana},
    {"birth_date", Part::birth_date},
    {"sex", Part::sex},
    {"postal_code", Part::postal_code},
    {"municipality_code", Part::municipality_code},
    {"address", Part::address},
    {"acquired_on", Part::acquired_on},
    {"acquired_reason", Part::acquired_reason},
    {"lost_on", Part::lost_on},
    {"lost_reason", Part::lost_reason},
    {"qualification_kind", Part::qualification_kind},
    {"changed_on", Part::changed_on},
    {"non_disclosure", Part::non_disclosure},
}};

// A vendor's extract: mapping-vendor.csv and codes-vendor.csv of the samples map it back.
constexpr std::array<Column, 27> vendor_columns{{
    {"保険者番号", Part::insurer_number},
    {"加入者コード", Part::member_id},
    {"証記号", Part::card_symbol},
    {"証番号", Part::card_number},
    {"本人家族", Part::member_kind, Notation::word},
    {"続柄名称", Part::relationship, Notation::word},
    {"姓漢字", Part::surname_kanji},
    {"名漢字", Part::given_kanji},
    {"姓カナ", Part::surname_kana},
    {"名カナ", Part::given_kana},
    {"通称漢字", Part::other_name_kanji},
    {"通称カナ", Part::other_name_kana},
    {"生年月日", Part::birth_date, Notation::era},
    {"性別", Part::sex, Notation::word},
    {"郵便番号", Part::postal_code},
    {"市区町村コード", Part::municipality_code},
    {"住所１", Part::region},
    {"住所２", Part::street},
    {"住所３", Part::building},
    {"資格取得日", Part::acquired_on, Notation::slashed},
    {"資格取得事由", Part::acquired_reason, Notation::word},
    {"資格喪失日", Part::lost_on, Notation::slashed},
    {"資格喪失事由", Part::lost_reason, Notation::word},
    {"資格区分", Part::qualification_kind, Notation::word},
    {"異動日", Part::changed_on, Notation::slashed},
    {"不開示", Part::non_disclosure},
    {"マイナンバー", Part::individual_number},
}};

// member-info of briefing-2017.
constexpr std::array<Column, 26> upload_columns{{
    {"", Part::record_id},        {"", Part::change_type},
    {"", Part::insurer_number},   {"", Part::member_id},
    {"", Part::branch_number},    {"", Part::individual_number},
    {"", Part::card_symbol},      {"", Part::card_number},
    {"", Part::member_kind},      {"", Part::relationship},
    {"", Part::name_kanji},       {"", Part::name_kana},
    {"", Part::other_name_kanji}, {"", Part::other_name_kana},
    {"", Part::birth_date},       {"", Part::sex},
    {"", Part::postal_code},      {"", Part::municipality_code},
    {"", Part::address},          {"", Part::acquired_on},
    {"", Part::acquired_reason},  {"", Part::lost_on},
    {"", Part::lost_reason},      {"", Part::qualification_kind},
    {"", Part::changed_on},       {"", Part::non_disclosure},
}};

constexpr std::array<Column, 1> numbers_columns{{{"", Part::individual_number}}};

}  // namespace

std::span<const Column> columns_of(ComposedForm form, ComposedColumns columns) noexcept {
    switch (form) {
        case ComposedForm::upload: return upload_columns;
        case ComposedForm::numbers: return numbers_columns;
        case ComposedForm::core: break;
    }
    if (columns == ComposedColumns::vendor) return vendor_columns;
    return names_columns;
}

}  // namespace tsunagi::composition
