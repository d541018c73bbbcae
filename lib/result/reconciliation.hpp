#pragma once
// The books: what the core has, what was sent, what was answered, and whether they agree. Facts
// come in that order; every disagreement is told once, where it was found.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ledger/book.hpp"
#include "result/layout_file.hpp"
#include "result/members.hpp"
#include "result/record_index.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/result.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::result {

// Why a member may be linked anew, by member_id.
using RelinkReasons = std::unordered_map<std::string, std::string>;

// One row of a result file.
struct Answer {
    digest::WideTag member{};
    std::uint64_t record_id = 0;
    std::uint64_t processed_at = 0;  // YYYYMMDDHHmmss as a number; 0: blank
    BranchNumber branch_number;
    std::string_view result_code;
    std::uint16_t message_class = 0;
    char change_type = 0;  // 0: blank, or the layout has none
    char result_class = 0;
    bool is_rehearsal = false;
};

// A refused record, as its reasons are listed.
struct Refusal {
    std::uint32_t sent = 0;
    std::uint16_t message_class = 0;
    std::string result_code;
};

struct SentFile {
    std::uint64_t as_of = 0;  // YYYYMMDDHHmmss of its name; 0: the name has none
    std::uint64_t header_lines = 0;
    bool is_answered = false;
};

class Reconciliation {
public:
    // Of a layout without member_id a member stands for a record under its record_key: one branch
    // number has any number of them.
    Reconciliation(const Schema& schema, const Layout& layout, DiagnosticSink& sink);

    Members& members() noexcept { return members_; }
    const Members& members() const noexcept { return members_; }
    std::span<const Sent> sent() const noexcept { return sent_; }
    const std::vector<Refusal>& refusals() const noexcept { return refusals_; }
    std::uint64_t last_record_id() const noexcept { return index_.last_id(); }
    const digest::WideKeys& keys() const noexcept { return keys_; }
    std::string format_record_id(std::uint64_t record_id) const;

    // The ledger, before all else. Its rows stand in no file of the run. An answer that it knows
    // already is not given twice. `settled` is borrowed.
    void begin_ledger(ledger::Server server, const ledger::SentRecords& settled);
    void add_registered(MemberIndex index, const BranchNumber& branch);
    void add_open(const Sent& record) { sent_.push_back(record); }

    // The core. `at` is the row; answers whose it is. `is_new`: none of the rows before can be of
    // the same member.
    MemberIndex add_core(const digest::WideTag& tag, const BranchNumber& branch, const Location& at,
                         bool is_new = false);

    // The bulk files, in order.
    void begin_sent_file(const SentFile& file) { sent_files_.push_back(file); }
    void add_sent(Sent record, const digest::WideTag& tag, const BranchNumber& branch);
    void end_sent();

    // The result files, in order. `at` is the row.
    void begin_result_file(std::uint64_t header_lines);
    void add_answer(const Answer& answer, const Location& at);
    // Of the file that was begun, as far as it may be shown.
    void set_reception(std::string_view reception_number);
    // A file whose answers were applied before: none of them is read.
    void skip_file() noexcept { result_files_.back().is_known = true; }
    void skip_answer() noexcept { ++answer_count_; }  // a row that could not be read
    void end_answers();

    // Of the sent records.
    void count(LinkSummary& summary) const;

    struct ResultFile {
        std::uint32_t first_answer = 0;  // number of its first row, over all result files
        std::uint64_t header_lines = 0;
        bool is_known = false;
        std::string reception_number{};
    };
    const std::vector<ResultFile>& result_files() const noexcept { return result_files_; }

private:
    // An answer took a branch number from a member that is to be linked anew.
    struct Displacement {
        MemberIndex owner = 0;
        MemberIndex taker = 0;
        Location at;
    };

    void tell(Code code, const Location& at, const Location& related, std::uint64_t record_id);
    Location place_of(const Sent& record) const noexcept;
    Location place_of_answer(std::uint32_t number) const noexcept;
    Location place_of_claim(const Member& member) const noexcept;
    std::optional<MemberIndex> owner_of(const BranchNumber& branch);
    bool claim(MemberIndex index, const BranchNumber& branch, Origin origin, std::uint32_t number,
               const Location& at, std::uint64_t record_id);
    bool is_repeated(const Sent& record, const Answer& answer) const noexcept;
    void accept(Sent& record, const Answer& answer, const Location& at);
    bool check_server(const Answer& answer, const Location& at);
    void settle_displacements();
    void settle_members();

    const Profile& profile_;
    DiagnosticSink& sink_;
    std::size_t record_id_digits_ = 0;
    bool are_records_ = false;  // not members
    digest::WideKeys keys_;
    Members members_;
    std::vector<Sent, file::LargePages<Sent>> sent_;
    RecordIndex index_;
    std::vector<SentFile> sent_files_;
    std::vector<ResultFile> result_files_;
    std::vector<Refusal> refusals_;
    std::vector<Displacement> displacements_;
    std::uint32_t answer_count_ = 0;
    int server_ = -1;  // of the first answer: 1 the rehearsal's, 0 another
    bool servers_told_ = false;
    const ledger::SentRecords* settled_ = nullptr;  // with a ledger
};

}  // namespace tsunagi::result
