// The table of fault kinds: what is typed, what it must give, what it means.

#include <array>
#include <cstddef>

#include "composition/effect.hpp"

namespace tsunagi::composition {
namespace {

struct Entry {
    FaultKind kind;
    Effect effect;
};

constexpr std::array entries{
    Entry{{"family-number", "NUM006", "a dependant has the number of the insured person",
           "家族に本人の個人番号"},
          effect::family_number},
    Entry{{"stranger-number", "NUM004", "a member has the number of another member",
           "他の加入者の個人番号"},
          effect::stranger_number},
    Entry{{"registered-twice", "NUM005", "one person is registered under two member ids",
           "同じ人を二重に登録"},
          effect::registered_twice},
    Entry{{"two-numbers", "NUM007", "one person is registered twice, with two numbers",
           "同じ人に二つの個人番号"},
          effect::two_numbers},
    Entry{{"namesake", "NUM008", "another member has the same kana name, birth date and sex",
           "カナ氏名・生年月日・性別が同じ別人"},
          effect::namesake},
    Entry{{"overlap", "DAT005 NUM005", "two periods of one member overlap",
           "同じ加入者の資格期間が重複"},
          effect::overlap},
    Entry{{"swapped-digits", "NUM002", "two digits of the number are swapped",
           "個人番号の2桁が入れ替わり"},
          effect::swapped_digits},
    Entry{{"leading-zero", "NUM001", "a spreadsheet dropped the leading zero of the number",
           "個人番号の先頭の0が欠落"},
          effect::leading_zero},
    Entry{{"zero-number", "NUM003", "the number is all zeros", "個人番号がすべて0"},
          effect::zero_number},
    Entry{
        {"placeholder-number", "NUM011", "a placeholder stands for the number", "個人番号が仮の値"},
        effect::placeholder_number},
    Entry{{"no-number", "", "the number is not known yet: the member is held",
           "個人番号が未取得(保留になる)"},
          effect::no_number},
    Entry{{"lost-character", "TXT005", "a black circle stands for a character of the name",
           "氏名の1文字が●"},
          effect::lost_character},
    Entry{{"question-mark", "TXT005", "a question mark stands for a character of the name",
           "氏名の1文字が？"},
          effect::question_mark},
    Entry{{"user-character", "TXT005", "a character of the vendor's own in the name",
           "氏名に利用者定義文字"},
          effect::user_character},
    Entry{{"external-character", "TXT004", "a character outside JIS X 0208 in the name",
           "氏名にJIS X 0208にない文字"},
          effect::external_character},
    Entry{{"kana-half-width", "TXT006", "the kana name is half-width", "カナ氏名が半角"},
          effect::kana_half_width},
    Entry{{"doubled-space", "TXT007", "two spaces between surname and given name",
           "氏名の空白が二つ"},
          effect::doubled_space},
    Entry{{"broken-name", "TXT008", "a space inside the surname", "姓の中に空白"},
          effect::broken_name},
    Entry{{"long-address", "TXT002", "the address is longer than 200 characters",
           "住所が200文字を超過"},
          effect::long_address},
    Entry{{"card-number-blank", "TXT001", "the card has no number", "証の番号が空"},
          effect::card_number_blank},
    Entry{{"postal-leading-zero", "TXT006",
           "a spreadsheet dropped the leading zero of the postal code", "郵便番号の先頭の0が欠落"},
          effect::postal_leading_zero},
    Entry{{"card-symbol-letters", "COD005", "the card symbol has a letter", "証の記号に英字"},
          effect::card_symbol_letters},
    Entry{{"wrong-insurer", "COD004", "two digits of the insurer number are swapped",
           "保険者番号の2桁が入れ替わり"},
          effect::wrong_insurer},
    Entry{{"wrong-municipality", "COD006", "the check digit of the municipality is wrong",
           "市区町村コードの検査数字が不正"},
          effect::wrong_municipality},
    Entry{{"unknown-sex", "COD001", "the sex is a code that the table does not have",
           "性別がコード表にない値"},
          effect::unknown_sex},
    Entry{{"relation-sex", "COD002", "the sex disagrees with the relation", "続柄と性別が矛盾"},
          effect::relation_sex},
    Entry{{"loss-without-reason", "COD003", "a loss date without a reason",
           "喪失日があり喪失事由が空"},
          effect::loss_without_reason},
    Entry{
        {"era-date", "DAT001", "an era date in a column of western dates", "西暦の列に和暦の日付"},
        effect::era_date_in_place},
    Entry{{"impossible-date", "DAT001", "born on a 30 February", "2月30日生まれ"},
          effect::impossible_date},
    Entry{{"lost-before-acquired", "DAT002", "lost before it was acquired",
           "資格喪失が資格取得より前"},
          effect::lost_before_acquired},
    Entry{{"past-75", "DAT003", "the qualification goes on after the 75th birthday",
           "75歳以降も資格が継続"},
          effect::past_75},
    Entry{{"child-insured", "DAT004", "insured at the age of ten", "10歳の被保険者"},
          effect::child_insured},
    Entry{{"outside-insured-period", "DAT006", "a dependant was acquired before the insured person",
           "家族の資格取得が本人より前"},
          effect::outside_insured_period},
    Entry{
        {"future-acquired", "DAT007", "acquired after the as-of date", "資格取得日が基準日より後"},
        effect::future_acquired},
    Entry{{"address-blank", "ADR001", "there is no address", "住所が空"}, effect::address_blank},
    Entry{{"address-without-prefecture", "ADR002", "the address does not begin with a prefecture",
           "住所に都道府県がない"},
          effect::address_without_prefecture},
    Entry{{"domicile-address", "ADR003", "a registered domicile stands for the address",
           "住所が本籍の表記"},
          effect::domicile_address},
};

constexpr std::array<FaultKind, entries.size()> kinds = [] {
    std::array<FaultKind, entries.size()> result{};
    for (std::size_t index = 0; index < result.size(); ++index) result[index] = entries[index].kind;
    return result;
}();

}  // namespace

Effect effect_of(std::size_t kind) noexcept { return entries[kind].effect; }

}  // namespace tsunagi::composition

namespace tsunagi {

std::span<const FaultKind> fault_kinds() noexcept { return composition::kinds; }

}  // namespace tsunagi
