#pragma once
// One pass over files of a layout: rows to findings and batch keys, parts of files side by side;
// and the way back to a row once it has passed.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "batch/batch.hpp"
#include "batch/key_store.hpp"
#include "batch/number_census.hpp"
#include "csv/control_records.hpp"
#include "csv/number_lines.hpp"
#include "csv/row_reader.hpp"
#include "csv/segments.hpp"
#include "file/input.hpp"
#include "record/checker.hpp"
#include "validation/known_members.hpp"
#include "validation/samples.hpp"

#include <tsunagi/schema.hpp>
#include <tsunagi/validation.hpp>

namespace tsunagi::validation {

// How often the place of a row is remembered.
inline constexpr std::uint64_t rows_per_offset = 256;

class FileScan {
public:
    FileScan(const Schema& schema, const Layout& layout, const ValidationOptions& options,
             const record::Context& context);
    // What else is known of files and rows.
    void ask(const KnownMembers& known) noexcept { known_ = &known; }
    // Instead of the layout's rules: these, and of the fields only what they read.
    void ask(std::shared_ptr<const batch::Rules> rules);

    Expected<void, Diagnostic> open();
    Expected<void, Diagnostic> scan();   // rows, fields, records
    Expected<void, Diagnostic> batch();  // rules over many rows
    // The findings of the batch rules by themselves, and where their rows stand.
    Expected<std::vector<batch::Finding>, Diagnostic> find_batch();
    struct RowPlace {
        std::size_t file_index = 0;
        std::uint64_t row_number = 0;
        std::uint64_t line_number = 0;
    };
    RowPlace locate(batch::RowIndex row) const;
    // Reads rows (ascending) once more, all their fields checked, in order.
    Expected<void, Diagnostic> fetch(std::span<const batch::RowIndex> rows,
                                     const batch::Visit& visit) const;
    // As fetch, in no order and on all threads: visit is called for different rows at once.
    Expected<void, Diagnostic> fetch_side_by_side(std::span<const batch::RowIndex> rows,
                                                  const batch::Visit& visit) const;
    void emit(DiagnosticSink& sink) { samples_.emit(schema_, layout_, lines_before_, sink); }
    const ValidationResult& result() const noexcept { return result_; }

private:
    // What a segment leaves behind.
    struct Part {
        Samples samples;
        batch::Keys keys;
        std::uint64_t rows = 0;
        std::uint64_t faulty_rows = 0;
        std::uint64_t other_line_ends = 0;
        bool unterminated = false;
        std::vector<std::uint64_t> offsets{};     // of every 256th row
        std::unique_ptr<batch::Dealer> dealer{};  // of a plain list
        batch::DealtNumbers dealt{};
        std::uint64_t passed_over = 0;
    };
    // Where the rows of a part are.
    struct Place {
        std::size_t file_index = 0;
        std::uint64_t end = 0;        // of the segment
        std::uint64_t first_row = 0;  // of the run
        std::uint64_t rows = 0;
        std::uint64_t rows_before = 0;  // in the same file
        std::vector<std::uint64_t> offsets;
    };
    // What is known of a file once all of its segments are taken.
    struct FileFacts {
        std::uint64_t rows = 0;
        std::uint64_t other_line_ends = 0;
        bool unterminated = false;
        std::uint64_t rows_wanted = 0;  // as its control record says
        bool wrong_count = false;
        bool wrong_header = false;
        bool was_sent = false;  // as the ledger knows
        bool is_blank = false;  // without a byte
    };
    class Fetcher;
    // What a thread works with: kept from one segment to the next, however many files there are.
    struct Worker {
        csv::RowReader reader;
        record::Checker checker;
    };

    bool reads_once() const;
    Expected<void, Diagnostic> look_at_file(file::Input& input, FileFacts& facts);
    Expected<Part, Diagnostic> work(const csv::Segment& segment);
    std::unique_ptr<Worker> take_worker(const csv::Segment& segment, std::uint64_t begin);
    Expected<void, Diagnostic> work_on_rows(const csv::Segment& segment, Worker& worker,
                                            Part& part);
    Expected<std::uint64_t, Diagnostic> first_row_begin(const csv::Segment& segment);
    void count_line_ends(csv::RowEnd end, std::uint64_t rows, Part& part) const noexcept;
    // A plain list of individual numbers has a way of its own: see list_scan.cpp.
    bool is_plain_list() const;
    template <class Numbers, class OneRow>
    Expected<void, Diagnostic> walk_list(const csv::Segment& segment, Part& part,
                                         const Numbers& numbers, const OneRow& one_row);
    Expected<Part, Diagnostic> work_on_list(const csv::Segment& segment);
    static void add_base(const std::optional<std::uint64_t>& base, Part& part);
    Expected<std::vector<batch::Finding>, Diagnostic> find_repeated_numbers();
    // Reads the rows of a part once more.
    Expected<std::vector<batch::RepeatedRow>, Diagnostic> rows_of(
        const batch::RepeatedNumbers& repeated, const csv::Segment& segment,
        std::uint64_t rows_wanted);
    // The base of a row of a plain list, if its number is good.
    static std::optional<std::uint64_t> good_base(const csv::Row& row,
                                                  const record::Checker& checker);
    Expected<bool, Diagnostic> read_header(std::size_t file_index, csv::RowReader& reader,
                                           Part& part);
    record::Reads reads() const noexcept;
    // Rows whose fields nobody looks at: those that nothing is to be said of.
    Expected<void, Diagnostic> pass_plain(csv::RowReader& reader, const record::Checker& checker,
                                          Part& part) const;
    // The first is of a row whose fields nobody looks at.
    void take_row(csv::RowReader& reader, csv::Row& row, std::size_t file_index,
                  record::Checker& checker, Part& part) const;
    void take_row(const csv::Row& row, std::size_t file_index, record::Checker& checker,
                  Part& part) const;
    void take_known(const csv::Row& row, std::size_t file_index, const record::Checker& checker,
                    KnownMembers::Judge& judge, Part& part) const;
    void tell_row(const record::Finding& finding, const csv::Row& row, std::size_t file_index,
                  const record::Checker& checker, Part& part) const;
    void take_faulty_row(Code code, const csv::Row& row, std::size_t file_index, Part& part) const;
    Diagnostic wrong_row_count() const;
    Expected<void, Diagnostic> take(const csv::Segment& segment, Part&& part);
    void tell_file(std::size_t file_index);
    void tell_file(std::size_t file_index, Code code, std::uint64_t wanted = 0,
                   std::uint64_t found = 0);
    Sample sample_of(const batch::Finding& finding) const;
    const Place& place_of(batch::RowIndex row) const;
    Expected<void, Diagnostic> add_batch_findings(const std::vector<batch::Finding>& findings);

    const Schema& schema_;
    const Layout& layout_;
    const ValidationOptions& options_;
    record::Checker checker_;       // of whole rows
    record::Checker scan_checker_;  // copied by every worker
    std::optional<std::size_t> record_id_item_;
    const KnownMembers* known_ = nullptr;
    std::shared_ptr<const batch::Rules> rules_;
    std::vector<file::Input> inputs_;
    std::vector<std::uint64_t> begins_;        // of the first line, behind a byte order mark
    std::vector<std::uint64_t> lines_before_;  // of each file, before its rows
    std::vector<FileFacts> facts_;
    std::mutex workers_mutex_;
    std::vector<std::unique_ptr<Worker>> workers_;  // those without work
    std::vector<Place> places_;
    batch::KeyStore keys_;
    std::optional<batch::NumberMixing> mixing_;  // of a plain list
    std::vector<batch::DealtNumbers> dealt_;
    Samples samples_;
    ValidationResult result_;
    std::uint64_t bytes_done_ = 0;
    std::vector<std::size_t> columns_asked_;
    bool has_stream_ = false;
    bool asked_ = false;  // one question instead of the layout's rules
};

}  // namespace tsunagi::validation
