#include "rehearsal/answer.hpp"

#include <array>

#include <fmt/format.h>

namespace tsunagi::rehearsal {

const RefusalEntry& entry_of(Refusal refusal) noexcept {
    static const std::array<RefusalEntry, refusal_count> table{{
        {"", "", {}},
        {"R01", "レコードの形式に誤りがあります。", {"malformed row", "レコードの形式の誤り"}},
        {"R02", "レコードの文字コードに誤りがあります。",
         {"bytes not valid in the encoding", "文字コードの誤り"}},
        {"R03", "レコード識別番号または基幹加入者番号に誤りがあります。",
         {"wrong record id or member id", "レコード識別番号または基幹加入者番号の誤り"}},
        {"R04", "異動区分に誤りがあります。", {"wrong change type", "異動区分の誤り"}},
        {"R05", "保険者番号に誤りがあります。", {"wrong insurer number", "保険者番号の誤り"}},
        {"R11", "個人番号が設定されていません。",
         {"individual number is blank", "個人番号が空"}},
        {"R12", "個人番号が12桁の数字ではありません。",
         {"individual number is not twelve digits", "個人番号が12桁の数字でない"}},
        {"R13", "個人番号がすべて0です。", {"individual number is all zeros", "個人番号がすべて0"}},
        {"R14", "個人番号の検査用数字に誤りがあります。",
         {"individual number check digit is wrong", "個人番号の検査用数字の誤り"}},
        {"R21", "同じ個人番号が別の加入者で既に登録されています。",
         {"the number is registered for another member", "個人番号が別の加入者で登録済み"}},
        {"R22", "この加入者は同じ個人番号で既に登録されています。",
         {"the member is registered with this number already", "同じ加入者と個人番号で登録済み"}},
        {"R31", "異動区分が登録のレコードに被保険者枝番が設定されています。",
         {"branch number given on a registration", "登録のレコードに枝番がある"}},
        {"R32", "被保険者枝番が設定されていません。", {"branch number is blank", "枝番が空"}},
        {"R33", "該当する被保険者枝番が登録されていません。",
         {"branch number is not registered", "枝番が登録されていない"}},
        {"R06", "レコード識別番号またはデータセットレコードキーに誤りがあります。",
         {"wrong record id or record key", "レコード識別番号またはレコードキーの誤り"}},
        {"R41", "この被保険者枝番の資格情報が登録されていません。",
         {"no registered qualification", "資格情報が登録されていない"}},
        {"R42", "このデータセットレコードキーは既に登録されています。",
         {"the record key is registered already", "レコードキーは登録済み"}},
        {"R43", "このデータセットレコードキーは別の被保険者枝番で登録されています。",
         {"the record key is that of another person", "レコードキーが別の人のもの"}},
        {"R44", "該当するデータセットレコードキーが登録されていません。",
         {"the record key is not registered", "レコードキーが登録されていない"}},
    }};
    return table[static_cast<std::size_t>(refusal)];
}

std::string format_answers(const std::vector<Answer>& answers) {
    std::string text;
    text.reserve(answers.size() * 48);
    for (const Answer& answer : answers)
        fmt::format_to(std::back_inserter(text), "{},{},{},{},{}\n", answer.record_id,
                       answer.member_id, answer.change_type, answer.branch_number,
                       static_cast<unsigned>(answer.refusal));
    return text;
}

namespace {

// Takes the text up to `end` off the front; nothing where there is none.
std::optional<std::string> take(std::string_view& text, char end) {
    const auto at = text.find(end);
    if (at == std::string_view::npos) return std::nullopt;
    std::string part{text.substr(0, at)};
    text.remove_prefix(at + 1);
    return part;
}

std::optional<Refusal> parse_refusal(std::string_view digits) {
    std::size_t number = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + static_cast<std::size_t>(c - '0');
        if (number >= refusal_count) return std::nullopt;
    }
    return digits.empty() ? std::nullopt : std::optional{static_cast<Refusal>(number)};
}

}  // namespace

std::optional<std::vector<Answer>> parse_answers(std::string_view text) {
    std::vector<Answer> answers;
    while (!text.empty()) {
        auto record_id = take(text, ',');
        auto member_id = take(text, ',');
        auto change_type = take(text, ',');
        auto branch_number = take(text, ',');
        const auto number = take(text, '\n');
        if (!record_id || !member_id || !change_type || !branch_number || !number)
            return std::nullopt;
        const auto refusal = parse_refusal(*number);
        if (!refusal) return std::nullopt;
        answers.push_back({.record_id = std::move(*record_id),
                           .member_id = std::move(*member_id),
                           .change_type = std::move(*change_type),
                           .branch_number = std::move(*branch_number),
                           .refusal = *refusal});
    }
    return answers;
}

}  // namespace tsunagi::rehearsal
