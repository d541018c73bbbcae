// The receptions of a registry: which bulk files came, and what was answered.

#include <cerrno>

#include <fmt/format.h>

#include "digest/sealed.hpp"
#include "rehearsal/registry_state.hpp"

namespace tsunagi::rehearsal {

namespace {

constexpr const char* reception_columns =
    "SELECT id, reception_number, insurer_number, sequence, result_name, processed_at, completion"
    " FROM reception ";

Reception reception_of(const storage::Statement& row) {
    Reception reception;
    reception.id = row.integer(0);
    reception.reception_number = row.text(1);
    reception.insurer_number = row.text(2);
    reception.sequence = static_cast<std::uint32_t>(row.integer(3));
    reception.result_name = row.text(4);
    reception.processed_at = row.text(5);
    reception.completion = row.integer(6);
    return reception;
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// A label of its own for each sealed cell: answers moved to another row do not open.
std::string label_of(std::string_view reception_number) {
    return fmt::format("answers of {}", reception_number);
}

}  // namespace

// A hash of a file of one row could be searched for its number; a keyed one cannot.
digest::Tag Registry::tag_of_file(std::string_view sha256) {
    return state_->files->tag("", sha256);
}

Expected<std::optional<Reception>, Diagnostic> Registry::find(const digest::Tag& file) {
    static const std::string sql = std::string{reception_columns} + "WHERE file_tag = ?";
    auto select = state_->database->prepare(sql.c_str());
    if (!select) return Unexpected{select.error()};
    const auto row = select->bind(1, file).step();
    if (!row) return Unexpected{row.error()};
    if (!*row) return std::optional<Reception>{};
    return std::optional{reception_of(*select)};
}

Expected<void, Diagnostic> Registry::receive(const digest::Tag& file, Date day,
                                             Reception& reception,
                                             const std::vector<Answer>& answers) {
    State& state = *state_;
    auto last = state.database->prepare("SELECT coalesce(max(id), 0) FROM reception");
    if (!last) return Unexpected{last.error()};
    if (auto row = last->step(); !row) return Unexpected{row.error()};
    reception.id = last->integer(0) + 1;
    // 受付番号 has twenty characters: the century gives way to a fifth digit of the count.
    reception.reception_number =
        fmt::format("REHEARSAL{}{:05}", format_date8(day).substr(2), reception.id);
    std::string plain = format_answers(answers);
    const auto sealed = digest::seal(state.key, label_of(reception.reception_number), plain);
    digest::wipe(plain);
    if (!sealed) return Unexpected{trouble(Code::SYS002, state.path, EIO)};
    auto insert = state.database->prepare(
        "INSERT INTO reception (id, file_tag, reception_number, insurer_number, sequence,"
        " completion, answers, layout) VALUES (?, ?, ?, ?, ?, 0, ?, ?)");
    if (!insert) return Unexpected{insert.error()};
    return insert->bind(1, reception.id)
        .bind(2, file)
        .bind(3, reception.reception_number)
        .bind(4, reception.insurer_number)
        .bind(5, std::int64_t{reception.sequence})
        .bind(6, bytes_of(*sealed))
        .bind(7, reception.layout)
        .run();
}

Expected<std::vector<Answer>, Diagnostic> Registry::answers(const Reception& reception) {
    State& state = *state_;
    auto select = state.database->prepare("SELECT answers FROM reception WHERE id = ?");
    if (!select) return Unexpected{select.error()};
    const auto row = select->bind(1, reception.id).step();
    if (!row) return Unexpected{row.error()};
    auto plain = digest::unseal(state.key, label_of(reception.reception_number),
                                *row ? select->text(0) : std::string_view{});
    if (!plain) return Unexpected{trouble(Code::LED004, state.path)};
    auto parsed = parse_answers(*plain);
    digest::wipe(*plain);
    if (!parsed) return Unexpected{trouble(Code::LED004, state.path)};
    return std::move(*parsed);
}

Expected<void, Diagnostic> Registry::answer(const Reception& reception) {
    auto update = state_->database->prepare(
        "UPDATE reception SET result_name = ?, processed_at = ?, completion = ? WHERE id = ?");
    if (!update) return Unexpected{update.error()};
    return update->bind(1, reception.result_name)
        .bind(2, reception.processed_at)
        .bind(3, reception.completion)
        .bind(4, reception.id)
        .run();
}

Expected<bool, Diagnostic> Registry::is_name_taken(std::string_view result_name) {
    auto select = state_->database->prepare("SELECT 1 FROM reception WHERE result_name = ?");
    if (!select) return Unexpected{select.error()};
    return select->bind(1, result_name).step();
}

namespace {

Expected<std::vector<Reception>, Diagnostic> all_of(storage::Statement& select) {
    std::vector<Reception> found;
    for (;;) {
        const auto row = select.step();
        if (!row) return Unexpected{row.error()};
        if (!*row) return found;
        found.push_back(reception_of(select));
    }
}

}  // namespace

Expected<std::vector<Reception>, Diagnostic> Registry::pending(std::string_view layout) {
    static const std::string sql =
        std::string{reception_columns} + "WHERE result_name IS NULL AND layout = ? ORDER BY id";
    auto select = state_->database->prepare(sql.c_str());
    if (!select) return Unexpected{select.error()};
    return all_of(select->bind(1, layout));
}

Expected<std::int64_t, Diagnostic> Registry::last_completion() {
    auto select = state_->database->prepare("SELECT coalesce(max(completion), 0) FROM reception");
    if (!select) return Unexpected{select.error()};
    if (auto row = select->step(); !row) return Unexpected{row.error()};
    return select->integer(0);
}

Expected<std::vector<Reception>, Diagnostic> Registry::completed_by(std::int64_t completion,
                                                                     std::string_view layout) {
    static const std::string sql =
        std::string{reception_columns} + "WHERE completion = ? AND layout = ? ORDER BY id";
    auto select = state_->database->prepare(sql.c_str());
    if (!select) return Unexpected{select.error()};
    return all_of(select->bind(1, completion).bind(2, layout));
}

}  // namespace tsunagi::rehearsal
