#!/usr/bin/env python3
"""Holds tsunagi-validate against the reference reading, finding by finding, on composed files.

usage: run.py --validate PROGRAM --schemas DIR --seeds N [--first S] [--coverage]
       run.py --self-test          known answers of the reference itself
       run.py --coverage --seeds N how often each code occurs (needs no program)

A difference shows codes and places, never the text of a record. Exit 1 on a difference.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter

import compose
import reference

SHOWN = 12
REACHED = """FIL001 FIL002 FIL003 FIL004 FIL005 FIL006 FIL007 FIL008 FIL009 CSV001 CSV002 CSV003
    TXT001 TXT002 TXT004 TXT005 TXT006 TXT007 TXT008 COD001 COD002 COD003 COD004 COD005 COD006
    COD007 NUM001 NUM002 NUM003 NUM004 NUM005 NUM006 NUM007 NUM008 NUM010 NUM011 DAT001 DAT002
    DAT003 DAT004 DAT005 DAT006 DAT007 ADR001 ADR002 ADR003 SUM002""".split()


def shape(finding: dict) -> tuple:
    """What has to agree. The line of a file finding is free."""
    code, file = finding["code"], finding["file"]
    row = finding.get("row", 0)
    if row == 0:
        return code, file, 0, 0, 0, "", "", None, finding["severity"]
    related = finding.get("related")
    return (code, file, finding.get("line", 0), row, finding.get("column", 0),
            finding.get("field") or "", finding.get("record_id") or "",
            (related["file"], related["line"]) if related else None, finding["severity"])


def told(key: tuple) -> str:
    code, file, line, row, column, name, record_id, related, severity = key
    return (f"{code} {severity} file {file} line {line} row {row} column {column}"
            f" field {name or '-'} record_id {'there' if record_id else 'absent'}"
            f" related {related or '-'}")


def expected(paths: list, options: dict):
    files = []
    for path in paths:
        with open(path, "rb") as stream:
            files.append((path, stream.read()))
    findings, summary = reference.validate(files, options["profile"], options["layout"],
                                           options["as_of"], options["insurer"])
    return Counter(shape(finding.members()) for finding in findings), summary


def actual(program: str, schemas: str, paths: list, options: dict, folder: str):
    """(findings, summary, trouble)"""
    report = os.path.join(folder, "report.jsonl")
    command = [program, "--profile", options["profile"], "--as-of", options["as_of"]]
    if options["layout"] != "member-info":
        command += ["--layout", options["layout"]]
    if options["insurer"]:
        command += ["--insurer", options["insurer"]]
    command += ["--report", report, "--report-format", "jsonl", "--max-findings", "1000000"]
    try:
        done = subprocess.run(command + paths, env={**os.environ, "TSUNAGI_SCHEMAS": schemas},
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=300,
                              check=False)
    except subprocess.TimeoutExpired:
        return Counter(), {}, "still running after 300 seconds"
    if done.returncode not in (0, 1) or not os.path.exists(report):
        return Counter(), {}, f"status {done.returncode}, report {os.path.exists(report)}"
    try:
        with open(report, encoding="utf-8") as stream:
            lines = [json.loads(line) for line in stream]
    except ValueError:
        return Counter(), {}, "the report is not JSON lines in UTF-8"
    if not lines or lines[0].get("type") != "run" or lines[-1].get("type") != "summary":
        return Counter(), {}, "the report has no run line or no summary line"
    findings = Counter(shape(line) for line in lines if line["type"] == "finding")
    summary = lines[-1]
    if done.returncode != (1 if summary["errors"] else 0):
        return findings, summary, f"status {done.returncode} does not fit the totals"
    if summary.get("complete") is not True:
        return findings, summary, "summary is not complete"
    return findings, summary, ""


def differences(want: Counter, have: Counter, wanted: dict, totals: dict) -> list:
    def place(entry):
        code, file, line, row, column = entry[0][:5]
        return file, row, column, code, line

    out = [f"{word}: {told(key)} (x{count})"
           for word, left in (("missing", want - have), ("surplus", have - want))
           for key, count in sorted(left.items(), key=place)]
    for name in ("rows", "errors", "warnings"):
        here = totals.get(name)
        if here != wanted[name]:
            out.append(f"total {name}: wanted {wanted[name]}, found {here}")
    here = totals.get("by_code") or {}
    for code in sorted(set(here) | set(wanted["by_code"])):
        pair = wanted["by_code"].get(code, 0), here.get(code, 0)
        if pair[0] != pair[1]:
            out.append(f"total of {code}: wanted {pair[0]}, found {pair[1]}")
    return out


def compare(seed: int, given, seen: Counter) -> list:
    profile = ("briefing-2017", "online-2024")[seed % 2]
    with tempfile.TemporaryDirectory(prefix="agreement-") as folder:
        paths, options = compose.compose(seed, profile, folder)
        want, wanted = expected(paths, options)
        seen.update(wanted["by_code"])
        if not given.validate:
            return []
        have, totals, trouble = actual(given.validate, given.schemas, paths, options, folder)
        out = [f"trouble: {trouble}"] if trouble else []
        if totals or not trouble:
            out += differences(want, have, wanted, totals)
        head = f"seed {seed} {profile} {options['layout']} as-of {options['as_of']}"
        insurer = "insurer given" if options["insurer"] else "no insurer"
        return [f"{head}, {insurer}, {len(paths)} file(s)"] + out if out else []


# ---- known answers ------------------------------------------------------------------------------

GOOD = {"record_id": "0000000001", "change_type": "1", "insurer_number": "06132013",
        "member_id": "M1", "card_symbol": "12", "card_number": "345", "member_kind": "1",
        "name_kanji": "佐藤　一郎", "name_kana": "サトウ　イチロウ", "birth_date": "19800229",
        "sex": "1", "address": "東京都千代田区一番町１番", "acquired_on": "20100401"}
NAME = "member-info_06132013_20240401" + "000000_0001.csv"


def number(base: str) -> str:
    return base + reference.individual_check(base)


def row(profile: str, **changes) -> bytes:
    cells = {**GOOD, "individual_number": number("12345678902"), **changes}
    fields = []
    for item in reference.items_of(reference.PROFILES[profile], "member-info"):
        value = cells.get(item.name, "")
        encoding = "utf-8" if profile == "online-2024" else "cp932"
        fields.append(value if isinstance(value, bytes) else value.encode(encoding))
    return b",".join(fields) + b"\r\n"


def found(data, profile="briefing-2017", layout="member-info", name=NAME, insurer=None,
          as_of="2024-04-01"):
    """Codes with their column, or their row where they have none: "NUM002@6"."""
    files = data if isinstance(data, list) else [data]
    findings, _ = reference.validate([(name, one) for one in files], profile, layout, as_of,
                                     insurer)
    return " ".join(f"{f.code}@{f.column}" if f.column else f.code for f in findings)


def field_cases() -> list:
    """(changes, findings) of one row of briefing-2017"""
    kanji = "佐藤　一"
    return [
        ({}, ""),
        ({"individual_number": "12345678901"}, "NUM001@6"),
        ({"individual_number": "0" * 12}, "NUM003@6"),
        ({"individual_number": number("12345670890")[:11] + "0"}, "NUM002@6"),
        ({"individual_number": number("12345607890")[:11] + "0"}, "NUM002@6"),
        ({"individual_number": number("12345678901")}, "NUM011@6"),
        ({"individual_number": number("1" * 11)}, "NUM011@6"),
        ({"individual_number": number("98320567321")}, ""),
        ({"individual_number": ""}, "TXT001@6"),
        ({"individual_number": "", "change_type": "2", "branch_number": "7"}, ""),
        ({"change_type": "3", "branch_number": "7", "individual_number": "", "card_number": "",
          "member_kind": "", "name_kanji": "", "name_kana": "", "birth_date": "", "sex": "",
          "address": "", "acquired_on": ""}, ""),
        ({"change_type": "9"}, "COD001@2"),
        ({"change_type": "9", "individual_number": ""}, "COD001@2"),
        ({"change_type": "2"}, "COD007"),
        ({"branch_number": "12"}, "COD007"),
        ({"branch_number": "1" * 21}, "TXT002@5"),
        ({"record_id": "1"}, "TXT006@1"),
        ({"record_id": b"\x80"}, "FIL002@1"),
        ({"insurer_number": "06132014", "card_symbol": "A"}, "COD004@3"),
        ({"card_symbol": "A"}, "COD005@7"),
        ({"card_symbol": "A", "insurer_number": "06110829"}, ""),
        ({"card_symbol": "A", "insurer_number": "01130012"}, ""),
        ({"card_number": b"\xf0\x40"}, "TXT004@8"),
        ({"card_number": "●"}, ""),
        ({"name_kanji": b"\xf0\x40\x81\x40\x88\xea"}, "TXT005@11"),
        ({"name_kanji": b"\xb1\x81\x40\x88\xea"}, "TXT004@11"),
        ({"name_kanji": b"\x87\x90\x81\x40\x88\xea"}, "TXT004@11"),
        ({"name_kanji": "●藤　一"}, "TXT005@11"),
        ({"name_kanji": b"\x8d\xb2\x93"}, "FIL002@11"),
        ({"name_kanji": kanji + "　"}, "TXT007@11"),
        ({"name_kanji": "佐藤 　一"}, "TXT007@11"),
        ({"name_kanji": "佐藤一"}, "TXT008@11"),
        ({"name_kanji": "佐藤 一"}, "TXT008@11"),
        ({"name_kanji": "　"}, "TXT007@11"),
        ({"name_kanji": "佐　" + "藤" * 49}, "TXT002@11"),
        ({"name_kana": b"\xbb\xc4\xb3"}, "TXT006@12"),
        ({"name_kana": "サトウ イチロウ"}, "TXT006@12"),
        ({"other_name_kana": "サトウ"}, ""),
        ({"birth_date": "20230229"}, "DAT001@15"),
        ({"birth_date": "18671231"}, "DAT001@15"),
        ({"member_kind": "2"}, "TXT001@10"),
        ({"relationship": "12"}, "COD002"),
        ({"municipality_code": "131017"}, "COD006@18"),
        ({"municipality_code": "131016"}, ""),
        ({"address": ""}, "ADR001@19"),
        ({"address": "千代田区"}, "ADR002@19"),
        ({"address": "東京都千代田区１番地の２"}, "ADR003@19"),
        ({"address": "東京都？"}, "TXT005@19"),
        ({"acquired_on": "19790401"}, "DAT002 DAT004"),
        ({"acquired_on": "19950228"}, "DAT004"),
        ({"acquired_on": "19950301"}, ""),
        ({"acquired_on": "20240402"}, "DAT007"),
        ({"lost_on": "20240301"}, "COD003"),
        ({"lost_on": "20240231"}, "DAT001@22"),
        ({"lost_on": "20100331", "lost_reason": "99"}, "DAT002"),
        ({"birth_date": "19490401"}, "DAT003"),
        ({"birth_date": "19490402"}, ""),
        ({"birth_date": "19480229", "lost_on": "20230301", "lost_reason": "99"}, ""),
        ({"birth_date": "19480229", "lost_on": "20230302", "lost_reason": "99"}, "DAT003"),
        ({"birth_date": "18991231"}, "DAT003 DAT004"),
    ]


def pair_cases() -> list:
    """(changes of a second row, findings) where the first is GOOD"""
    other = number("22345678902")
    far = {"lost_on": "20100401", "lost_reason": "99"}
    return [
        ({}, "DAT005 SUM002@1 NUM005@6"),
        ({"record_id": "0000000002"}, "DAT005 NUM005@6"),
        ({"record_id": "0000000002", **far}, "NUM005@6"),
        ({"record_id": "2", "member_id": "M2"}, "TXT006@1 NUM006@6"),
        ({"record_id": "2", "member_id": "M2", "card_symbol": ""}, "TXT006@1 NUM005@6"),
        ({"record_id": "2", "member_id": "M2", "card_number": "9", "sex": "2"},
         "TXT006@1 NUM004@6"),
        ({"record_id": "2", "member_id": "M2", "individual_number": other},
         "NUM007 TXT006@1"),
        ({"record_id": "2", "member_id": "M2", "individual_number": other,
          "name_kana": "サトウ　イチロゥ", "address": "東京都千代田区1-1"}, "NUM008 TXT006@1"),
        ({"record_id": "2", "member_id": "M2", "individual_number": other, "card_number": "9",
          "name_kana": "サトゥ　イチロウ", "address": "東京都千代田区 一番町１－"},
         "NUM007 TXT006@1"),
        ({"record_id": "2", "member_id": "M2", "individual_number": other, "member_kind": "2",
          "relationship": "20", "birth_date": "20000101", "acquired_on": "20100331"},
         "DAT006 TXT006@1"),
    ]


def file_cases() -> list:
    """(data, options, findings)"""
    good, online = row("briefing-2017"), row("online-2024")
    titles = [i.title for i in reference.items_of(reference.PROFILES["online-2024"],
                                                  "member-info")]
    head = (",".join(titles) + "\n").encode("utf-8")
    new = {"profile": "online-2024"}
    numbers = {"layout": "individual-number"}
    one = number("12345678902").encode()
    return [
        (b"", {}, "FIL001"),
        (b"", {"name": "x"}, "FIL001"),
        (b"\xef\xbb\xbf", {}, "FIL001 FIL003"),
        (b"\xff\xfe" + good, {}, "FIL003"),
        (good[:-2], {}, "FIL005"),
        (good[:-1], {}, "FIL005 FIL006"),
        (good[:-2] + b"\n", {}, "FIL004"),
        (good, {"name": "x.csv"}, "FIL008"),
        (good, {"insurer": "06139463"}, "COD004@3"),
        (b"\r\n", {}, "CSV001"),
        (b"\t\"\r\n", {}, "FIL006"),
        (b"\"a\"" + good, {}, "CSV002"),
        (b"," * (1 << 20) + b"\r\n", {}, "CSV001"),
        (b"," * (1 << 20) + b",\r\n", {}, "CSV003"),
        (b"\r\n" * 10001, {}, "FIL007" + " CSV001" * 10001),
        (head + online, new, ""),
        (head, new, "FIL001"),
        (online, new, "FIL001 FIL009"),
        (head + online.replace(b",M1,", b",\"M1\","), new, ""),
        (head + online.replace(b",M1,", b",M\"1\","), new, "CSV002"),
        (head + online.replace(b",M1,", b",\"M1\"x,"), new, "CSV002"),
        (head + b"\"" + online, new, "CSV002"),
        (head + row("online-2024", address=""), new, "TXT001@21"),
        (head + row("online-2024", name_kanji="\U00020b9f　か\u309a"), new, ""),
        (head + row("online-2024", name_kanji="\u4e04　一"), new, "TXT004@13"),
        (head + row("online-2024", individual_number_source="9"), new, "NUM010@7"),
        (b"", numbers, ""),
        (one + b"\r\n" + one + b"\r\n", {**numbers, "name": "x"}, "NUM004@1"),
        (b"\r\n" + one[:11] + b"\r\n", numbers, "TXT001@1 NUM001@1"),
    ]


def fold_cases() -> list:
    folds = {"東京都港区十二丁目３番４号": "東京都港区12-3-4", "二十番一〇番": "20-一〇",
             "三十一五号": "三十一五", "十十番": "十十", "一二三番地の五": "123-五",
             "１２ー３－４−５‐": "12-3-4-5", "の　番 号": "", "二十三丁目": "23"}
    return [(reference.fold_address(text), want) for text, want in folds.items()] + [
        (reference.fold_kana("ヵ ヶ　ッャー"), "カケツヤー"),
        (reference.insurer_check("3312001"), "5"), (reference.insurer_check("0611082"), "9"),
        (reference.municipality_check("01100"), "2"), (reference.municipality_check("40130"), "7"),
        (number("62149832025")[-1], "7"), (number("1" * 10 + "1")[-1], "8"),
        (reference.birthday("20000229", 75), (2075, 3, 1)), (len(reference.JISX0213), 11304),
    ]


def self_test() -> int:
    results = []
    for changes, want in field_cases():
        results.append((f"field {sorted(changes)}", found(row("briefing-2017", **changes)), want))
    for changes, want in pair_cases():
        both = [row("briefing-2017"), row("briefing-2017", **changes)]
        results.append((f"pair {sorted(changes)}", found(both), want))
        in_one = found(b"".join(both))
        results.append((f"pair in one file {sorted(changes)}", in_one, want))
    for at, (data, options, want) in enumerate(file_cases(), 1):
        results.append((f"file {at}", found(data, **options), want))
    for at, (have, want) in enumerate(fold_cases(), 1):
        results.append((f"fold {at}", have, want))
    failed = [(name, have, want) for name, have, want in results if have != want]
    for name, have, want in failed:
        print(f"self-test: {name}: wanted {want!r}, found {str(have)[:200]!r}")
    print(f"self-test: {len(results) - len(failed)} of {len(results)} agree")
    return 1 if failed else 0


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--validate", metavar="PROGRAM")
    reader.add_argument("--schemas", metavar="DIR")
    reader.add_argument("--seeds", type=int, default=100)
    reader.add_argument("--first", type=int, default=1)
    reader.add_argument("--coverage", action="store_true")
    reader.add_argument("--self-test", action="store_true")
    given = reader.parse_args()
    if given.self_test:
        return self_test()
    if bool(given.validate) != bool(given.schemas) or not (given.validate or given.coverage):
        reader.error("--validate and --schemas go together")
    seen, bad = Counter(), 0
    for seed in range(given.first, given.first + given.seeds):
        out = compare(seed, given, seen)
        if out:
            bad += 1
            if bad <= 5:
                print("\n".join(out[:SHOWN + 1]))
                if len(out) > SHOWN + 1:
                    print(f"... and {len(out) - SHOWN - 1} more")
    if given.coverage:
        for code in sorted(set(REACHED) | set(seen)):
            print(f"{code} {seen[code]}")
        missing = [code for code in REACHED if not seen[code]]
        print(f"not reached: {' '.join(missing) or 'none'}")
    if given.validate:
        print(f"agreement: {given.seeds - bad} of {given.seeds} seeds agree,"
              f" {sum(seen.values())} findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
