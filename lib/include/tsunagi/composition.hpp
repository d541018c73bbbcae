#pragma once
/// Composition: the members of a society that does not exist, for samples, tests and benchmarks.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/encoding.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>

namespace tsunagi {

/// What is written.
enum class ComposedForm : std::uint8_t {
    core,    ///< a core extract: CSV with a header line
    upload,  ///< rows of the member-info layout of briefing-2017, no header, change_type 1
    numbers  ///< one individual number a line
};

/// The columns of a core extract.
enum class ComposedColumns : std::uint8_t {
    names,  ///< one column per item, titled with our item names, values as the layout wants them
    vendor  ///< a vendor's Japanese titles, names and addresses in parts, its own codes and dates
};

/// A fault that really happens, and what it must give.
struct FaultKind {
    std::string_view name;   ///< as it is typed, for example "family-number"
    std::string_view codes;  ///< codes that a validation must give, joined by spaces; may be empty
    std::string_view english;
    std::string_view japanese;
};

/// Every kind of fault, in a fixed order.
TSUNAGI_EXPORT std::span<const FaultKind> fault_kinds() noexcept;

/// A fault where it was placed.
struct PlacedFault {
    std::uint64_t line_number = 0;  ///< physical line of the row that must get the finding
    std::string member_id;          ///< of that row
    std::string_view kind;          ///< FaultKind::name
    std::string_view codes;         ///< FaultKind::codes
};

/// Shape    `members` from 1 to 1,000,000,000.
/// Units    `days_later` days after `as_of`; 0 composes the society as it is on `as_of`.
struct CompositionOptions {
    std::string data_folder;  ///< surnames.csv, given_male.csv, given_female.csv, addresses.csv
    std::uint64_t members = 1000;
    std::uint64_t seed = 1;
    Date as_of{};
    std::uint32_t days_later = 0;
    std::string insurer_number{};  ///< blank: that of the society that does not exist
    ComposedForm form = ComposedForm::core;
    ComposedColumns columns = ComposedColumns::names;
    Encoding encoding = Encoding::cp932;
    /// A layout of secondary copies: an extract of it in place of the members, with our titles.
    /// Qualifications of all, benefits of the last two years.
    std::string copy_layout{};
    std::vector<std::string> faults{};  ///< names of fault kinds, or "all"
    std::uint64_t rows_of_each_fault = 1;
};

/// Composes a society row by row. Every household is a function of the seed and its own position,
/// so the same options give the same bytes, and the same society some days later has the same
/// members.
///
/// Without faults asked for there is no finding but NUM008: in a large society some members have
/// the kana name, the birth date and the sex of another by chance (about one in a thousand of a
/// million).
///
/// Errors   SYS001 a table of the data folder cannot be read; LAY001 a table is wrong; SYS004
/// options
///          out of their range, or an unknown kind of fault.
/// Memory   the tables and one block: does not grow with the number of members.
/// Privacy  the members are made up, and their numbers are computed: a number that a person really
///          has would be chance.
class TSUNAGI_EXPORT Composer {
public:
    static Expected<Composer, Diagnostic> open(const CompositionOptions& options);
    Composer(Composer&&) noexcept;
    Composer& operator=(Composer&&) noexcept;
    ~Composer();

    /// The next block of whole lines; empty at the end. Valid until the next call.
    std::string_view next_block();

    /// Rows written so far, without the header.
    std::uint64_t rows() const noexcept;
    /// What has been placed so far, in the order of the lines.
    const std::vector<PlacedFault>& placed_faults() const noexcept;
    /// Rows of faults that have found no fitting member yet.
    std::uint64_t faults_left() const noexcept;

private:
    struct State;
    explicit Composer(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> state_;
};

/// Where a composition goes.
struct CompositionFiles {
    std::string output;
    std::string fault_list{};  ///< CSV line,member_id,fault,codes; blank: none
    bool overwrite = false;
};

/// Writes a whole composition, complete or not at all.
///
/// Errors   SYS002 a file cannot be written, or exists and may not be replaced.
/// Privacy  the list of faults names lines and member ids, and nothing else of a member.
TSUNAGI_EXPORT Expected<void, Diagnostic> write_composition(Composer& composer,
                                                            const CompositionFiles& files);

}  // namespace tsunagi
