#!/usr/bin/env python3
"""Writes lib/text/jisx0213.inc: python3 jisx0213.py > lib/text/jisx0213.inc

JIS X 0213:2004 as CPython's codec euc_jis_2004 decodes it, confirmed by shift_jis_2004. The codec
also decodes JIS X 0212 behind the byte 8F; the rows that JIS X 0213 uses keep the two apart.
"""
import sys

PLANE_2_ROWS = [1, 3, 4, 5, 8, 12, 13, 14, 15, *range(78, 95)]
PLANE_2_LEADS = dict(zip(PLANE_2_ROWS[:9], b"\xF0\xF1\xF1\xF2\xF0\xF2\xF3\xF3\xF4"))


def euc(plane, row, cell):
    return (b"\x8f" if plane == 2 else b"") + bytes([0xA0 + row, 0xA0 + cell])


def shift_jis(plane, row, cell):
    if plane == 1:
        lead = (row + 0x101) // 2 if row <= 62 else (row + 0x181) // 2
    else:
        lead = PLANE_2_LEADS.get(row) or (row + 0x19B) // 2
    if row % 2:
        trail = cell + 0x3F if cell <= 63 else cell + 0x40
    else:
        trail = cell + 0x9E
    return bytes([lead, trail])


def decode(pair, codec):
    try:
        return pair.decode(codec)
    except UnicodeDecodeError:
        return ""


def code_points():
    found, cells = set(range(0x20, 0x7F)), 0
    for plane, rows in ((1, range(1, 95)), (2, PLANE_2_ROWS)):
        for row in rows:
            for cell in range(1, 95):
                text = decode(euc(plane, row, cell), "euc_jis_2004")
                other = decode(shift_jis(plane, row, cell), "shift_jis_2004")
                # Shift_JIS has \ and ~ at one byte and decodes their full-width cells to them.
                if text != other and (plane, row, cell) not in ((1, 1, 32), (1, 2, 18)):
                    sys.exit(f"codecs disagree at {plane}-{row}-{cell}")
                cells += bool(text)
                found |= set(map(ord, text))
    if cells != 11233:
        sys.exit(f"JIS X 0213:2004 has 11233 characters, not {cells}")
    return found


HEADER = """\
// The accepted set jisx0213: ASCII printable and every code point of the 11,233 characters of
// JIS X 0213:2004 (a character of two code points contributes both).
//
// Generated, not written: tests/unit/golden/jisx0213.py made it from the codecs euc_jis_2004 and
// shift_jis_2004 of CPython 3.11. tests/unit/text.cpp compares it with the C library's converter.
//
// {block, {bits}}: block << 8 is the first code point; bit n of word w is 64 * w + n behind it.
"""


def main():
    found = code_points()
    blocks = [b for b in sorted({c >> 8 for c in found if c <= 0xFFFF})]
    out = [HEADER, f"constexpr std::array<Block, {len(blocks)}> blocks = {{{{\n"]
    for block in blocks:
        words = []
        for start in range(block << 8, (block + 1) << 8, 64):
            bits = sum(1 << n for n in range(64) if start + n in found)
            words.append(f"0x{bits:016X}")
        out.append(f"    {{0x{block:02X}, {{" + ", ".join(words) + "}},\n")
    beyond = sorted(c for c in found if c > 0xFFFF)
    out.append("}};\n\n// Beyond U+FFFF.\n")
    out.append(f"constexpr std::array<char32_t, {len(beyond)}> beyond = {{\n")
    for start in range(0, len(beyond), 10):
        out.append("    " + " ".join(f"0x{c:05X}," for c in beyond[start:start + 10]) + "\n")
    out.append("};\n")
    sys.stdout.write("".join(out))


main()
