#pragma once
/// Core extracts: what a society's core system hands over, and how it is read.

#include <string>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/encoding.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi {

/// A core extract and the tables that explain it.
///
/// Shape    CSV with a header line; fields quoted where needed (RFC 4180), LF or CRLF, a UTF-8 byte
///          order mark allowed. A row ends at LF, also inside quotes. Titles are the English or
///          Japanese names of the layout's items, or those that the mapping table names.
///
/// The mapping table has the columns `field,source,convert,argument`, one row per item:
///
///   field     the item, by its English or Japanese name
///   source    the title of a column, or several titles joined by `+`; blank for `const`
///   convert   one conversion or several, joined by `;`, done from left to right; blank is `copy`
///   argument  one argument per conversion, joined by `;`; missing ones are blank
///
/// An item that the table does not name is looked for under its own names. The conversions, on a
/// value that is not blank (a blank one stays blank):
///
///   copy        nothing
///   const       the argument is the value; there is no source, and no other conversion
///   code        core_value to server_value of the code kind in the argument (--codes): rows with
///               direction 1 or 2 that are valid on the as-of day
///   date        a Western date in any usual form (2026/4/1, 2026年4月1日, 20260401) to YYYYMMDD
///   era         an era date (S60.1.1, 昭和60年1月1日, or one digit by the profile's convention)
///               to YYYYMMDD
///   widen       ASCII and half-width katakana to full width
///   narrow      full-width ASCII and full-width spaces to ASCII
///   kana        hiragana and half-width katakana to full-width katakana
///   trim        ASCII and full-width spaces at both ends dropped
///   pad         a number of digits filled up with zeros on the left to the width in the argument
///   take        the first characters, as many as the argument says
///   join        the sources put together with the argument between them; blank ones are left out.
///               What stands before `join` is done to each source, what stands after it to the
///               whole.
///               Several sources without `join` are put together first, with nothing between them
///   characters  external characters replaced as their table says (--characters)
///   blank       blank where the value is one of those in the argument, which are separated by `|`
///
/// The code table is of the layout code-definition and has the columns
/// `code_kind,core_value,server_value,label,direction,valid_from,valid_to` (direction 1 both, 2 to
/// the server, 3 from it; dates YYYYMMDD or blank). The table of external characters is of the
/// layout external-characters and has `external_character,replacement,reason` and, where periods
/// matter, `valid_from,valid_to`: `U+` and the code point in hexadecimal digits, or the code in the
/// core's encoding; one or two characters that the profile accepts; why. Titles may be Japanese. A
/// row counts on the as-of day between its dates; periods of one value that overlap are LAY001.
///
/// What a conversion cannot do is never guessed. The field gets a value that its item refuses, so
/// that the row is rejected with the code of the item: DAT001 a date, COD001 a code, TXT006 or
/// NUM001 digits, letters and kana, TXT004 text. A character without a place in the profile's
/// encoding becomes one that is outside the accepted set (TXT004), bytes that are not valid in the
/// core's encoding become bytes that are not valid in the profile's (FIL002).
struct ExtractOptions {
    std::string path;            ///< "-" is standard input
    std::string mapping_path{};  ///< blank: titles are item names
    std::string codes_path{};
    std::string characters_path{};
    /// The core's. Another than cp932 and utf8 costs a copy of the extract in UTF-8, in memory.
    Encoding encoding = Encoding::utf8;
};

/// The core's encoding by the definition of its character code, of the layout charset-definition:
/// the row of the insurer that began last on or before the day. A blank `insurer` is that of the
/// table, which has no other then.
///
/// Errors   SYS001. LAY001 with the first wrong cell: a code that is not in codes/charset.csv or
///          whose English label names no encoding of ours, a date that is none, two rows of one
///          insurer that begin on one day; line 1: no row counts.
TSUNAGI_EXPORT Expected<Encoding, Diagnostic> read_charset_definition(const Schema& schema,
                                                                      const std::string& path,
                                                                      std::string_view insurer,
                                                                      Date as_of);

/// Checks a code table (--codes) as build and diff do, and its server values against the master
/// code_value of a release. Returns whether there is no error.
///
/// Shape    the master is `code_value.csv` of a release folder: kind, value, label, update_kind,
///          invalid_flag, valid_from, valid_to; no header.
/// Errors   emitted with the line and column of the code table: LAY001 a wrong cell; of the rows
///          valid on the day, MAS004 a server value that the master lacks and MAS007 one that it
///          has, but not valid on that day. Returned: SYS001; CSV001, CSV002, CSV003 and FIL006 a
///          row of the master that cannot be read.
TSUNAGI_EXPORT Expected<bool, Diagnostic> check_code_definition(const Schema& schema,
                                                                const std::string& codes_path,
                                                                const std::string& master_path,
                                                                Date as_of, DiagnosticSink& sink);

}  // namespace tsunagi
