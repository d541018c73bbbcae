#!/usr/bin/env python3
"""Writes cp932.txt beside it: python3 cp932.py > cp932.txt

CP932 as CPython's codec cp932 reads it, made without ICU. A line `pair: U U …` gives the code
points of consecutive pairs, `=PPPP` behind one the pair that it is written back to, if another.
A pair that is in no line is unassigned.

Where several pairs mean one character, Windows writes the first of JIS X 0208, NEC row 13, the IBM
extensions and the NEC selection of them (Microsoft, knowledge base article 170559). CPython's own
encoder prefers the last to the IBM extensions, so it is not asked.
"""
import sys


def decode(pair):
    try:
        text = pair.decode("cp932")
    except UnicodeDecodeError:
        return None
    return ord(text) if len(text) == 1 else None


def rank(pair):
    if pair <= 0x84BE or 0x889F <= pair <= 0xEAA4:
        return 0
    if 0x8740 <= pair <= 0x879C:
        return 1
    return 3 if 0xED40 <= pair <= 0xEEFC else 2


def main():
    print(f"# CPython {sys.version_info[0]}.{sys.version_info[1]} codec cp932; made by cp932.py.")
    code_points = {}
    for pair in range(0x10000):
        code_point = decode(pair.to_bytes(2, "big"))
        if code_point is not None:
            code_points[pair] = code_point
    written = {}
    for pair in sorted(code_points, key=rank):
        written.setdefault(code_points[pair], pair)
    moved = 0
    line, following = "", -1
    for pair, code_point in code_points.items():
        entry, back = f" {code_point:04X}", written[code_point]
        if back != pair:
            entry += f"={back:04X}"
            moved += 1
        if pair != following or len(line) + len(entry) > 99:
            if line:
                print(line)
            line = f"{pair:04X}:"
        line += entry
        following = pair + 1
    print(line)
    assigned = len(code_points)
    if (assigned, moved) != (9604, 398):
        sys.exit(f"{assigned} assigned, {moved} not written back")


main()
