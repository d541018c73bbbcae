#pragma once
// Folding: keys for comparison alone, never for output (contract: NUM007, NUM008).

#include <string>
#include <string_view>

#include <tsunagi/encoding.hpp>

namespace tsunagi::text {

// Kana folding: ASCII and full-width spaces dropped, small kana (U+30A1 30A3 30A5 30A7 30A9 30C3
// 30E3 30E5 30E7 30EE 30F5 30F6) made large. Replaces `out` by the folded bytes, in the same
// encoding. Hot path: no allocation beyond out's growth.
void fold_kana(std::string_view bytes, Encoding encoding, std::string& out);

// Address folding: NFKC; spaces dropped; runs of 一二三四五六七八九十 before 丁目, 番 or 号 made
// ASCII digits (without 十 digit by digit; [d]十[d] as a number: 十二 = 12, 二十 = 20; any other
// run stays); 丁目, 番地の, 番地, 番, 号, の, ー, －, −, ‐ made `-`; runs of `-` made one; `-` at
// the end dropped. Result in UTF-8.
std::string fold_address(std::string_view bytes, Encoding encoding);

// A title, folded: NFKC, spaces, `_` and `-` dropped, ASCII letters small. UTF-8 in and out.
std::string fold_title(std::string_view utf8);

}  // namespace tsunagi::text
