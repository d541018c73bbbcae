#pragma once
/// Diagnostics: every bad news of the toolkit is a Diagnostic, a fact about a place.
///
/// If it stops the work it is returned, Expected<T, Diagnostic>. If it describes the data it is
/// emitted to a DiagnosticSink and the work goes on. In a loop over fields, where the place is
/// known, a function returns a Code and the caller adds the place.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>
#include <tsunagi/field.hpp>

namespace tsunagi {

/// What happened. The enumerator is the id that people and scripts read: one name for one thing.
enum class Code : std::uint8_t {
#define TSUNAGI_CODE(id, severity, level, english, japanese, definition) id,
#include <tsunagi/diagnostic_codes.def>
#undef TSUNAGI_CODE
};

inline constexpr std::size_t code_count = 0
#define TSUNAGI_CODE(id, severity, level, english, japanese, definition) +1
#include <tsunagi/diagnostic_codes.def>
#undef TSUNAGI_CODE
    ;

constexpr std::size_t index_of(Code code) noexcept { return static_cast<std::size_t>(code); }

/// How bad it is. Policy, not part of the code: a profile may set another.
enum class Severity : std::uint8_t { off, warning, error };

/// What a fact is about.
enum class Level : std::uint8_t { file, row, field, record, batch, ledger, reconcile };

enum class Language : std::uint8_t { english, japanese };

/// One line of the code table.
struct CodeEntry {
    Code code;
    std::string_view id;
    Severity severity;
    Level level;
    std::string_view english;
    std::string_view japanese;
    std::string_view definition;

    constexpr std::string_view title(Language language) const noexcept {
        return language == Language::japanese ? japanese : english;
    }
};

/// The whole table, in the order of Code.
TSUNAGI_EXPORT const std::array<CodeEntry, code_count>& code_table() noexcept;
inline const CodeEntry& entry_of(Code code) noexcept { return code_table()[index_of(code)]; }
/// Finds a code by its id, for example "NUM002".
TSUNAGI_EXPORT std::optional<Code> find_code(std::string_view id) noexcept;

std::string_view name_of(Severity severity) noexcept;

/// A string literal: consteval, so that a run-time string does not compile here.
class Literal {
public:
    consteval Literal(const char* text) : text_(text) {}  // NOLINT: implicit, that is its use
    constexpr std::string_view text() const noexcept { return text_; }

private:
    std::string_view text_;
};

/// Text that cannot hold personal data: a literal of the program in both languages, or text of a
/// schema table. Record text cannot become one: the only other constructor is Schema's.
class PublicText {
public:
    PublicText() = default;
    PublicText(Literal english, Literal japanese)
        : english_literal_(english.text()), japanese_literal_(japanese.text()) {}

    std::string_view text(Language language) const noexcept {
        if (!owned_[0].empty() || !owned_[1].empty())
            return owned_[language == Language::japanese ? 1 : 0];
        return language == Language::japanese ? japanese_literal_ : english_literal_;
    }
    bool empty() const noexcept { return text(Language::english).empty(); }

private:
    friend class SchemaQuote;  // schema/: quotes the tables of schemas/, which hold no member
    std::string_view english_literal_;
    std::string_view japanese_literal_;
    std::array<std::string, 2> owned_;
};

/// A record_id or member_id that was proven to be printable: not personal, not twelve digits with a
/// right check digit. identifier/ alone can make one.
class PrintableId {
public:
    PrintableId() = default;
    std::string_view text() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }

private:
    friend TSUNAGI_EXPORT PrintableId printable_id(FieldText field);
    explicit PrintableId(std::string_view text) : text_(text) {}
    std::string text_;
};

/// Where. Numbers are 1-based, 0 means the whole.
struct Location {
    std::uint32_t file_number = 0;    ///< position in the run's list of files
    std::uint64_t line_number = 0;    ///< physical line, header included
    std::uint64_t row_number = 0;     ///< data row, header excluded
    std::uint32_t column_number = 0;  ///< position of the item in the layout

    friend bool operator==(const Location&, const Location&) = default;
};

/// What a field held, classified. Never its text.
enum class CharacterClass : std::uint8_t {
    blank,
    digits,
    letters,
    kana,
    half_width_kana,
    kanji,
    control,
    other
};

/// One character that cannot stay: told by tsunagi-convert alone, and never with its neighbours.
struct CodePoint {
    char32_t value = 0;
};

using Wanted = std::variant<std::monostate, std::uint64_t, PublicText>;
using Found = std::variant<std::monostate, std::uint64_t, CharacterClass, CodePoint>;

struct Diagnostic {
    Code code{};
    Severity severity = Severity::error;
    Location at{};
    Location related{};             ///< the earlier row of a duplicate, the other side of a join
    Wanted wanted{};                ///< what the layout wanted: may quote the schema
    Found found{};                  ///< what the record held: counted or classified, never quoted
    std::string field{};            ///< English name of the item, from the schema
    std::string label{};            ///< its official Japanese name
    PrintableId record_id{};        ///< of the row, where it is printable
    std::string path{};             ///< the file, where the work stopped over one
    int system_error = 0;           ///< errno, where the system refused
    PublicText detail{};            ///< what exactly is wrong, in both languages
    std::uint64_t byte_number = 0;  ///< in its row, of the character it is about; 0: not told
};

/// A Diagnostic that stops the work: severity error, about a file.
TSUNAGI_EXPORT Diagnostic trouble(Code code, std::string_view path, int system_error = 0,
                                  PublicText detail = {});

/// Where facts about the data go.
class TSUNAGI_EXPORT DiagnosticSink {
public:
    DiagnosticSink() = default;
    DiagnosticSink(const DiagnosticSink&) = delete;
    DiagnosticSink& operator=(const DiagnosticSink&) = delete;
    virtual ~DiagnosticSink();

    /// One fact, to be shown and counted.
    virtual void emit(const Diagnostic& diagnostic) = 0;
    /// Facts beyond the samples that are kept: counted, not shown. Totals stay exact.
    virtual void count(Code code, Severity severity, std::uint64_t facts) = 0;
};

/// Exact totals.
struct Tally {
    std::uint64_t rows = 0;
    std::uint64_t errors = 0;
    std::uint64_t warnings = 0;
    std::array<std::uint64_t, code_count> by_code{};

    void add(Code code, Severity severity, std::uint64_t facts) noexcept {
        by_code[index_of(code)] += facts;
        if (severity == Severity::error) errors += facts;
        if (severity == Severity::warning) warnings += facts;
    }
};

}  // namespace tsunagi
