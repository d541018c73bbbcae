#pragma once
// The registry: what the server of the rehearsal remembers.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

#include "digest/keyed_tag.hpp"
#include "rehearsal/answer.hpp"
#include "storage/database.hpp"

namespace tsunagi::rehearsal {

// A bulk file as it was received.
struct Reception {
    std::int64_t id = 0;           // from 1, in the order of receiving
    std::string layout = "member-info";  // of the file
    std::string reception_number;  // REHEARSAL, YYMMDD, five digits
    std::string insurer_number;    // of its first row that has one, else eight zeros
    std::uint32_t sequence = 1;    // in the name of its result
    std::string result_name;       // blank while pending
    std::string processed_at;      // YYYYMMDDHHmmss, blank while pending
    std::int64_t completion = 0;   // the --complete that answered it; 0: its own run, or pending
    bool is_pending() const noexcept { return result_name.empty(); }
};

// Members and receptions in one SQLite file, under the key in FILE.key. All changes are one
// transaction.
// Privacy  numbers, branch numbers and member ids are keyed tags, in a context of their insurer;
//          answers (which hold branch numbers and member ids) are sealed with the same key.
class Registry {
public:
    // Makes registry and key where both are absent and `may_create`. One without the other is
    // refused (SYS001), another key LED002, another version LED004.
    static Expected<Registry, Diagnostic> open(const std::string& path, bool may_create,
                                               std::uint32_t branch_digits);
    Registry(Registry&&) noexcept;
    Registry& operator=(Registry&&) = delete;
    ~Registry();  // without commit() all is as it was, and what open() made is gone

    // --- members -----------------------------------------------------------------------------
    // Judges and books one row. A new branch number is left in `branch_number` on registration.
    struct Change {
        std::string_view insurer_number;
        std::string_view member_id;
        std::string_view individual_number;  // blank on an update: as it was
    };
    Expected<Refusal, Diagnostic> add(const Change& change, std::string& branch_number);
    Expected<Refusal, Diagnostic> update(const Change& change, std::string_view branch_number);
    Expected<Refusal, Diagnostic> remove(std::string_view insurer_number,
                                         std::string_view branch_number);

    // --- secondary copies ----------------------------------------------------------------------
    struct Copy {
        std::string_view layout;
        std::string_view insurer_number;
        std::string_view record_key;
        std::string_view branch_number;
    };
    Expected<bool, Diagnostic> is_registered(std::string_view insurer_number,
                                             std::string_view branch_number);
    // Whether a qualification was accepted, and its result is out.
    Expected<bool, Diagnostic> is_qualified(std::string_view insurer_number,
                                            std::string_view branch_number);
    Expected<Refusal, Diagnostic> add_copy(const Copy& copy);
    Expected<Refusal, Diagnostic> update_copy(const Copy& copy);
    Expected<Refusal, Diagnostic> remove_copy(const Copy& copy);

    // --- receptions --------------------------------------------------------------------------
    digest::Tag tag_of_file(std::string_view sha256);
    Expected<std::optional<Reception>, Diagnostic> find(const digest::Tag& file);
    // Books a reception as pending, with its answers; gives it its id and reception number.
    Expected<void, Diagnostic> receive(const digest::Tag& file, Date day, Reception& reception,
                                       const std::vector<Answer>& answers);
    Expected<std::vector<Answer>, Diagnostic> answers(const Reception& reception);
    Expected<void, Diagnostic> answer(const Reception& reception);  // name, time and completion
    Expected<bool, Diagnostic> is_name_taken(std::string_view result_name);
    Expected<std::vector<Reception>, Diagnostic> pending(std::string_view layout);
    Expected<std::int64_t, Diagnostic> last_completion();  // 0: none
    Expected<std::vector<Reception>, Diagnostic> completed_by(std::int64_t completion,
                                                               std::string_view layout);

    Expected<void, Diagnostic> commit();

private:
    struct State;
    explicit Registry(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tsunagi::rehearsal
