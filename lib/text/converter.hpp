#pragma once
// A converter of ICU that stops at what it cannot convert: nothing is ever substituted.

#include <memory>

#include <unicode/ucnv.h>

namespace tsunagi::text {

struct CloseConverter {
    void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

// What happens to a character or to bytes that cannot be converted.
enum class Misfit { stops, is_skipped };

// nullptr where ICU has no converter of that full name.
Converter open_converter(const char* name, Misfit misfit);

}  // namespace tsunagi::text
