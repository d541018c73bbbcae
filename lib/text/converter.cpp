#include "text/converter.hpp"

#include <cstdint>

#include <unicode/ucnv_err.h>

namespace tsunagi::text {

namespace {

// ICU's own UCNV_FROM_U_CALLBACK_STOP drops characters that are not seen, among them the variation
// selectors of names. This leaves the error where it is.
void U_CALLCONV stop(const void*, UConverterFromUnicodeArgs*, const UChar*, std::int32_t, UChar32,
                     UConverterCallbackReason, UErrorCode*) {}

}  // namespace

Converter open_converter(const char* name, Misfit misfit) {
    const bool stops = misfit == Misfit::stops;
    UErrorCode error = U_ZERO_ERROR;
    Converter converter{ucnv_open(name, &error)};
    if (U_FAILURE(error)) return nullptr;
    ucnv_setToUCallBack(converter.get(), stops ? UCNV_TO_U_CALLBACK_STOP : UCNV_TO_U_CALLBACK_SKIP,
                        nullptr, nullptr, nullptr, &error);
    ucnv_setFromUCallBack(converter.get(), stops ? stop : UCNV_FROM_U_CALLBACK_SKIP, nullptr,
                          nullptr, nullptr, &error);
    if (U_FAILURE(error)) return nullptr;
    return converter;
}

}  // namespace tsunagi::text
