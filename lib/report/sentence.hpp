#pragma once
// The parts of a finding as words.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <tsunagi/diagnostic.hpp>

namespace tsunagi::report {

// The file of a location as the operator named it; empty where the location names none.
std::string_view file_name_of(const Location& at, std::span<const std::string> files) noexcept;

// "12", or text of the schema; empty where nothing is said.
std::string wanted_text(const Wanted& wanted, Language language);
std::string found_text(const Found& found, Language language);
// For machines: digits, half_width_kana.
std::string_view id_of(CharacterClass character_class) noexcept;

std::string_view severity_text(Severity severity, Language language) noexcept;

// Why the system refused, in the language of the run and not of the process's locale.
std::string reason_text(int system_error, Language language);

// `title (field), wanted 12, found 11: path: reason: detail`: all but the place and the code.
std::string sentence_of(const Diagnostic& diagnostic, Language language, bool with_path);

}  // namespace tsunagi::report
