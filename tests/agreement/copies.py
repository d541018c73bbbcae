#!/usr/bin/env python3
"""A second, plain reading of the rules of secondary copies, held against tsunagi-validate.

It shares nothing with the library: layouts, sums and days stand below. Files are composed with the
values at which a rule turns; a difference shows codes and places, never a field.

usage: copies.py --validate PROGRAM --schemas DIR --seeds N [--first S]
"""
import argparse
import datetime
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter

from reference import individual_check, insurer_check, is_date

HEAD = """record_id N10! change_type F:1,2,3! data_set_code X16! layout_version N4!
    branch_number N20! record_key X30! published_from D published_to D updated_at T!"""
BIRTH = """birth_on D+ child_count N1+ stillbirth F:0,1 obstetric_compensation F:0,1
    payment_method F:1,2,3 paid_amount N9+ paid_on D mother_branch_number N20"""
FUNERAL = """died_on D+ deceased_branch_number N20+ funeral_kind F:1,2 paid_amount N9+ paid_on D"""
LAYOUTS = {
    "qualification": """insurer_number N8! card_symbol Z19 card_number Z19+ *card_branch_number N2
        member_kind F:1,2+ principal_branch_number N20? acquired_on D+ acquired_reason X2 lost_on D
        lost_reason F:01,02,03,99 qualification_kind F:1,2,3 card_issued_on D""",
    "combined-care": """period_from D+ period_to D+ certificate_number X20 own_total N9
        care_total N9 decided_on D+ paid_amount N9+ paid_on D""",
    "injury-allowance": """first_paid_on D+ period_from D+ period_to D+ paid_days N4+
        daily_amount N6 paid_amount N9+ paid_on D expiry_on D""",
    "maternity-allowance": """due_on D birth_on D multiple F:0,1 period_from D+ period_to D+
        paid_days N3+ paid_amount N9+ paid_on D""",
    "childbirth": BIRTH, "family-childbirth": BIRTH + "+", "funeral": FUNERAL,
    "family-funeral": FUNERAL}
FIXED = {"record_id": 10, "insurer_number": 8}
DAYS = """20200701 20200702 20211231 20220101 20220102 20220304 20220831 20230331 20230401
    20230903 20240731 20240801 20250731 20250801 20260319 20260320 20260501 20260626 20260627
    20261122""".split()
AMOUNTS = """0 500 501 49999 50000 50001 404000 408000 420000 488000 500000 816000 840000
    1000000""".split()
KNOWN = ["1000000001", "1000000002", "01", "322072254837"]
QUALIFIED = ["1000000001", "01"]
WARNINGS = {"CPY005", "COD005", "DAT007"}
AS_OF, INSURER = "20261122", "06139992"


def items_of(layout: str, profile: str) -> list:
    out = []
    for name, kind in zip(*[iter((HEAD + " " + LAYOUTS[layout]).split())] * 2):
        if name[0] != "*" or profile == "online-2024":
            need = kind[-1] if kind[-1] in "!+?" else ""
            out.append((name.lstrip("*"), kind.rstrip("!+?"), need))
    return out


def day(text: str) -> datetime.date:
    return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))


def months_later(first: datetime.date, months: int) -> datetime.date:
    """The last day of so many months: the day before the same day, or the month's last."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    try:
        return datetime.date(year, month + 1, first.day) - datetime.timedelta(1)
    except ValueError:
        after = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
        return after - datetime.timedelta(1)


class Row:
    def __init__(self, layout, items, values):
        self.layout, self.items = layout, items
        self.raw = dict(zip((name for name, _, _ in items), values))
        self.bad, self.found = set(), []
        for column, (name, kind, need) in enumerate(items, 1):
            code = self.field_fault(name, kind, need)
            if code:
                self.found.append((code, column))
                if code not in WARNINGS:
                    self.bad.add(name)
        self.found.sort(key=lambda each: each[1])

    def is_good(self, *names):
        return all(self.raw.get(name) and name not in self.bad for name in names)

    def is_good_or_blank(self, *names):
        return not any(name in self.bad for name in names)

    def __getitem__(self, name):
        return self.raw.get(name, "")

    def date(self, name):
        return day(self[name])

    def field_fault(self, name, kind, need):
        text = self.raw[name]
        if not text:
            deletes = self["change_type"] == "3"
            wanted = need == "!" or not deletes and (
                need == "+" or need == "?" and self["member_kind"] == "2")
            return ("CPY001" if name == "branch_number" else "TXT001") if wanted else None
        if kind[0] == "F":
            return None if text in kind[2:].split(",") else "COD001"
        if kind[0] == "D":
            return None if is_date(text) else "DAT001"
        if kind[0] == "T":
            clock = re.fullmatch("([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]", text[8:])
            return None if is_date(text[:8]) and clock else "DAT001"
        width = FIXED.get(name)
        if kind[0] == "N" and (not re.fullmatch("[0-9]+", text) or width and len(text) != width):
            return "TXT006"
        if kind[0] == "X" and not re.fullmatch("[0-9A-Za-z]+", text):
            return "TXT006"
        if len(text) > int(kind[1:]):
            return "TXT002"
        if name == "insurer_number":
            return "COD004" if text != INSURER or insurer_check(text[:7]) != text[7] else None
        if name == "card_symbol" and not text.isdigit() and self["insurer_number"] == INSURER:
            return "COD005"
        if name.endswith("branch_number") and name != "card_branch_number" and text not in KNOWN:
            return "CPY001"
        number = re.fullmatch("[0-9]{12}", text) and individual_check(text[:11]) == text[11]
        return "CPY008" if number and name != "branch_number" else None

    def record_codes(self):
        if "lost_on" in self.raw and self.is_good_or_blank("lost_on", "lost_reason"):
            if bool(self["lost_on"]) != bool(self["lost_reason"]):
                yield "COD003"
        if self.is_good("acquired_on") and self.is_good_or_blank("lost_on"):
            if self["lost_on"] and self["lost_on"] < self["acquired_on"]:
                yield "DAT002"
        for first in ("decided_on", "died_on"):
            if self.is_good(first, "paid_on") and self["paid_on"] < self[first]:
                yield "DAT002"
        if self.is_good("acquired_on") and self["acquired_on"] > AS_OF:
            yield "DAT007"
        if self.layout != "qualification" and self.is_good("branch_number"):
            if self["branch_number"] not in QUALIFIED:
                yield "CPY002"
        subject = {"family-childbirth": "mother_branch_number",
                   "family-funeral": "deceased_branch_number"}.get(self.layout)
        if subject and self.is_good(subject, "branch_number"):
            if self[subject] == self["branch_number"]:
                yield "CPY004"
        if self.differs():
            yield "CPY005"
        if self.is_good("paid_days", "period_from", "period_to"):
            span = (self.date("period_to") - self.date("period_from")).days + 1
            if int(self["paid_days"]) > span:
                yield "CPY006"

    def differs(self):
        if "childbirth" in self.layout:
            return self.childbirth_differs()
        if "funeral" in self.layout:
            if not self.is_good("died_on", "paid_amount") or "funeral_kind" in self.bad:
                return False
            cost = self.layout == "funeral" and self["funeral_kind"] == "2"
            paid = int(self["paid_amount"])
            return paid > 50000 if cost else paid != 50000
        test = {"injury-allowance": self.injury_differs, "combined-care": self.care_differs,
                "maternity-allowance": self.maternity_differs}.get(self.layout)
        return bool(test and test())

    def childbirth_differs(self):
        if not self.is_good("birth_on", "child_count", "paid_amount"):
            return False
        if "obstetric_compensation" in self.bad:
            return False
        born, count = self["birth_on"], int(self["child_count"])
        with_it = 420000 if born <= "20230331" else 500000
        without = 404000 if born <= "20211231" else 408000 if born <= "20230331" else 488000
        sums = {"1": [with_it], "0": [without]}.get(self["obstetric_compensation"],
                                                    [with_it, without])
        return int(self["paid_amount"]) not in [count * each for each in sums]

    def injury_differs(self):
        if not self.is_good("first_paid_on", "period_from", "period_to", "paid_days"):
            return False
        if "expiry_on" in self.bad:
            return False
        first = self.date("first_paid_on")
        if self.date("period_from") < first:
            return True
        last = months_later(first, 18)
        if self["first_paid_on"] < "20200702":
            return self.date("period_to") > last or bool(
                self["expiry_on"] and self.date("expiry_on") != last)
        return int(self["paid_days"]) > (last - first).days + 1

    def maternity_differs(self):
        names = [name for name in ("due_on", "birth_on") if self[name]]
        if not self.is_good("period_from", "period_to", *names) or "multiple" in self.bad:
            return False
        if not names:
            return False
        before = 98 if self["multiple"] == "1" else 42
        begin = min(map(self.date, names)) - datetime.timedelta(before)
        if self.date("period_from") < begin:
            return True
        return bool(self["birth_on"]) and (
            self.date("period_to") > self.date("birth_on") + datetime.timedelta(56))

    def care_differs(self):
        if not self.is_good("period_from", "period_to", "paid_amount"):
            return False
        if not self.is_good_or_blank("own_total", "care_total"):
            return False
        first, last = self.date("period_from"), self.date("period_to")
        ends = datetime.date(first.year + (first.month >= 8), 7, 31)
        own, care = self["own_total"], self["care_total"]
        return (last > ends or last < first or int(self["paid_amount"]) <= 500
                or own and int(own) == 0 or care and int(care) == 0
                or own and care and int(own) <= int(care))


def group(rows, key):
    found = {}
    for number, row in enumerate(rows, 1):
        value = key(row)
        if value is not None:
            found.setdefault(value, []).append((number, row))
    return found.values()


def overlaps(rows, key, period):
    for members in group(rows, key):
        for at, (number, row) in enumerate(members):
            for other, earlier in members[:at]:
                (a, b), (c, d) = period(row), period(earlier)
                if a < b and c < d and max(a, c) < min(b, d):
                    yield number, other
                    break


def sums_beyond(rows, key):
    """Days paid for in all the rows of a person and a first day, where the new rule counts them."""
    for (first, row), *later in group(rows, key):
        begin = row.date("first_paid_on")
        payable = (months_later(begin, 18) - begin).days + 1
        paid = int(row["paid_days"]) if row.is_good("paid_days") else 0
        for number, each in later:
            days = int(each["paid_days"]) if each.is_good("paid_days") else 0
            paid += days
            if each["first_paid_on"] >= "20200702" and days and paid > payable:
                yield number, first


def reading(layout, items, lines) -> Counter:
    rows = [Row(layout, items, line) for line in lines]
    out = Counter()
    for number, row in enumerate(rows, 1):
        for code, column in row.found:
            out[code, number, column, 0] += 1
        for code in row.record_codes():
            out[code, number, 0, 0] += 1
    for name, code, column in (("record_key", "CPY003", 0), ("record_id", "SUM002", 1)):
        for (first, _), *later in group(rows, lambda r: r[name] if r.is_good(name) else None):
            for number, _ in later:
                out[code, number, column, first] += 1
    one = datetime.timedelta(1)
    if layout == "injury-allowance":
        names = "branch_number", "first_paid_on", "period_from", "period_to"
        for number, first in overlaps(
                rows, lambda r: (r[names[0]], r[names[1]]) if r.is_good(*names) else None,
                lambda r: (r.date("period_from"), r.date("period_to") + one)):
            out["CPY007", number, 0, first] += 1
        for number, first in sums_beyond(
                rows, lambda r: (r[names[0]], r[names[1]]) if r.is_good(*names) else None):
            out["CPY005", number, 0, first] += 1
    if layout == "qualification":
        names = "insurer_number", "branch_number", "acquired_on"
        for number, first in overlaps(
                rows, lambda r: r["branch_number"] if r.is_good(*names)
                and r.is_good_or_blank("lost_on") else None,
                lambda r: (r["acquired_on"], r["lost_on"] or "99999999")):
            out["DAT005", number, 0, first] += 1
    return out


def compose(draw, items, layout):
    def value(name, kind, need, number):
        if name == "record_id":
            return f"{number:010d}" if draw.random() < 0.95 else "0000000001"
        if name == "change_type":
            return draw.choice("1111123")
        if name == "insurer_number":
            return INSURER if draw.random() < 0.95 else "06139991"
        if name.endswith("branch_number") and name != "card_branch_number":
            return draw.choice(KNOWN + ["1000000003", "1"]) if need or draw.random() < 0.5 else ""
        if name == "record_key":
            return draw.choice(["322072254837", "K-1", ""] + [f"K{n}" for n in range(9)])
        if not need and draw.random() < 0.4:
            return ""
        if kind[0] == "F":
            return draw.choice(kind[2:].split(",") * 4 + ["x"])
        if kind[0] == "T":
            return draw.choice(["20261122000000"] * 9 + ["20261122240000", "2026112200000"])
        if kind[0] == "D":
            return draw.choice(DAYS * 2 + ["20260230"])
        if name == "paid_days":
            return draw.choice("0 1 29 30 31 98 99 100 548 549 550".split())
        if kind[0] == "N":
            return draw.choice(AMOUNTS + ["1", "2", "12a"])
        return draw.choice(["1", "322072254837", "322072254838", "AB", "A" * (int(kind[1:]) + 1)])

    lines = []
    for number in range(1, draw.randint(20, 60)):
        line = [value(*item, number) for item in items]
        if layout == "injury-allowance" and draw.random() < 0.5:
            line[9] = draw.choice(["20200701", "20220304"])
            line[10], line[11] = sorted(draw.choices(DAYS, k=2))
            line[12] = draw.choice("0 1 100 274 275 448 449 549".split())
        if "childbirth" in layout and draw.random() < 0.6:
            line[9] = draw.choice(["20211231", "20220101", "20230331", "20230401"])
            line[10], line[12] = draw.choice("112"), draw.choice(["0", "1", ""])
            line[14] = str(int(line[10]) * draw.choice([404000, 408000, 420000, 488000, 500000]))
        if layout == "maternity-allowance" and draw.random() < 0.6:
            line[9:12] = draw.choice([["20260501", "20260501"], ["20260501", "20260508"],
                                      ["20260501", ""], ["20260508", "20260501"]]) + [
                                          draw.choice(["0", "1", ""])]
            early, late = draw.choice([41, 42, 43, 97, 98, 99]), draw.choice([56, 57, 63, 64])
            line[12] = f"{day('20260501') - datetime.timedelta(early):%Y%m%d}"
            line[13] = f"{day('20260501') + datetime.timedelta(late):%Y%m%d}"
        if draw.random() < 0.02:
            line[5] = ""
        lines.append(line)
    return lines


def compare(seed, options) -> list:
    draw = random.Random(seed)
    layout = list(LAYOUTS)[seed % len(LAYOUTS)]
    profile = ("briefing-2017", "online-2024")[seed // len(LAYOUTS) % 2]
    items = items_of(layout, profile)
    lines = compose(draw, items, layout)
    with tempfile.TemporaryDirectory(prefix="copies-") as folder:
        def write(name, text):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
            return path

        heads = 1 if profile == "online-2024" else 0
        titles = ["x"] * len(items)  # the header is not what is compared: FIL009
        path = write(f"{layout}_{INSURER}_20261122000000_0001.csv", "".join(
            ",".join(line) + "\r\n" for line in ([titles] if heads else []) + lines))
        keys = write("keys.csv", "member_id,branch_number\n" + "".join(
            f"M{n},{number}\n" for n, number in enumerate(KNOWN)))
        accepted = write("result.csv", ("x\r\n" if heads else "") + "".join(
            f"R,{n:010d},K{n},1,1,,,{number},1,20261122000000\r\n"
            for n, number in enumerate(QUALIFIED, 1)))
        report = os.path.join(folder, "report.jsonl")
        command = [options.validate, "--profile", profile, "--layout", layout, "--insurer", INSURER,
                   "--as-of", "2026-11-22", "--known", keys, "--report", report,
                   "--report-format", "jsonl", "--max-findings", "100000"]
        if layout != "qualification":
            command += ["--qualification", accepted]
        done = subprocess.run([*command, "--threads", "1", path], capture_output=True, timeout=300,
                              env={**os.environ, "TSUNAGI_SCHEMAS": options.schemas}, check=False)
        if done.returncode not in (0, 1):
            return [f"seed {seed}: status {done.returncode}"]
        with open(report, encoding="utf-8") as stream:
            told = [json.loads(line) for line in stream]
    have = Counter()
    for each in told:
        if each["type"] == "finding" and each.get("row"):
            related = each["related"]["line"] - heads if "related" in each else 0
            have[each["code"], each["row"], each.get("column", 0), related] += 1
            if (each["severity"] == "warning") != (each["code"] in WARNINGS):
                return [f"seed {seed}: severity of {each['code']}"]
    want = reading(layout, items, lines)
    for (code, *_), count in want.items():
        options.seen[code] += count
    return [f"seed {seed} {profile} {layout} {word}: {code} row {row} column {column} first {first}"
            for word, left in (("missing", want - have), ("surplus", have - want))
            for (code, row, column, first), _ in sorted(left.items())]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--validate", required=True)
    parser.add_argument("--schemas", required=True)
    parser.add_argument("--seeds", type=int, default=64)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    options.seen = Counter()
    wrong = 0
    for seed in range(options.first, options.first + options.seeds):
        for line in compare(seed, options)[:12]:
            wrong += 1
            print(line)
    rules = [f"CPY00{n}" for n in range(1, 9)] + ["DAT002", "DAT005", "SUM002", "COD003"]
    unreached = [code for code in rules if not options.seen[code]]
    if unreached:
        print("never reached: " + " ".join(unreached))
    print(f"{options.seeds} compositions, {sum(options.seen.values())} findings,"
          f" {wrong} differences")
    return 1 if wrong or unreached else 0


if __name__ == "__main__":
    sys.exit(main())
