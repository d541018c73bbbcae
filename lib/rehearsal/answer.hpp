#pragma once
// What the server answers to one row.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/diagnostic.hpp>

namespace tsunagi::rehearsal {

// Why a row is refused. The numbers are stored in registries: never reused.
enum class Refusal : std::uint8_t {
    none = 0,
    row_malformed = 1,
    row_undecodable = 2,
    record_id_wrong = 3,
    change_type_wrong = 4,
    insurer_number_wrong = 5,
    number_blank = 6,
    number_shape = 7,
    number_zeros = 8,
    number_check_digit = 9,
    number_of_another = 10,
    registered_already = 11,
    branch_number_given = 12,
    branch_number_blank = 13,
    branch_number_unknown = 14,
    // Of secondary copies.
    record_key_wrong = 15,
    qualification_missing = 16,
    record_registered_already = 17,
    record_of_another = 18,
    record_unknown = 19
};
inline constexpr std::size_t refusal_count = 20;

struct RefusalEntry {
    const char* result_code;  // 処理結果コード
    const char* message;      // 処理結果メッセージ, UTF-8: a sentence that names no value of the row
    PublicText reason;        // for RES007
};
const RefusalEntry& entry_of(Refusal refusal) noexcept;

struct Answer {
    std::string record_id;      // these three blank where the row does not give them
    std::string member_id;      // in a secondary copy the record key
    std::string change_type;
    std::string branch_number;  // blank when refused
    Refusal refusal = Refusal::none;
};

// The answers of a file as they are sealed in the registry, and back; nothing where the text is no
// such.
std::string format_answers(const std::vector<Answer>& answers);
std::optional<std::vector<Answer>> parse_answers(std::string_view text);

}  // namespace tsunagi::rehearsal
