#!/usr/bin/env python3
"""A second, slow and plain reading of the checks of tsunagi-validate.

It shares nothing with the library: the item tables stand below, the rules are written from the
contract alone. tests/agreement/run.py compares the two, finding by finding.

usage: reference.py [--profile P] [--layout L] [--as-of D] [--insurer N] FILE...
"""
import argparse
import calendar
import datetime
import json
import os
import re
import sys
import unicodedata
from dataclasses import dataclass, field
from typing import Optional

ALWAYS, NEVER = "always", "never"
ROW_LIMIT_BYTES = 1048576
ENDLESS = "99999999"

# name, official title, type, minimum, maximum, required or its condition, codes; "+" marks the
# items that only online-2024 has.
MEMBER_ITEMS = """
record_id            レコード識別番号   N 10 10 always
change_type          異動区分           F 1 1 always 1,2,3
insurer_number       保険者番号         N 8 8 always
member_id            基幹加入者番号     X 1 20 always
branch_number        被保険者枝番       N 1 20 never
individual_number    個人番号           N 12 12 change_type=1
+individual_number_source 個人番号取得方法 F 1 1 never 1,2,3,9
card_symbol          被保険者証記号     Z 1 19 never
card_number          被保険者証番号     Z 1 19 always
+card_branch_number  被保険者証枝番     N 1 2 never
member_kind          本人家族区分       F 1 1 always 1,2
relationship         続柄  F 2 2 member_kind=2 02,11,12,13,14,20,51,52,53,54,71,74,81,84,96,98,99,9Z
name_kanji           氏名(漢字)         Z 1 50 always
name_kana            氏名(カナ)         K 1 60 always
other_name_kanji     氏名その他(漢字)   Z 1 50 never
other_name_kana      氏名その他(カナ)   K 1 60 never
birth_date           生年月日           D 8 8 always
sex                  性別               F 1 1 always 1,2,3
postal_code          郵便番号           N 7 7 never
municipality_code    市区町村コード     N 6 6 never
address              住所               Z 1 200 never
acquired_on          資格取得年月日     D 8 8 always
acquired_reason      資格取得事由       X 1 2 never
lost_on              資格喪失年月日     D 8 8 never
lost_reason          資格喪失事由       F 2 2 never 01,02,03,99
qualification_kind   資格種別           F 1 1 never 1,2,3
changed_on           異動年月日         D 8 8 never
non_disclosure       不開示フラグ       F 1 1 never 0,1
+identity_flag       本人確認判定フラグ X 1 1 never
"""
NUMBER_ITEMS = "individual_number 個人番号 N 12 12 always"

WARNINGS = set("""FIL008 TXT008 COD002 COD005 NUM005 NUM008 NUM010 NUM011 DAT003 DAT004 DAT006
                  DAT007 ADR001 ADR002 ADR003""".split())
SYMBOL_EXCEPTIONS = {"06110829"}
KEPT_ON_DELETION = {"record_id", "change_type", "insurer_number", "member_id"}
LOST_MARK_ITEMS = {"name_kanji", "other_name_kanji", "address"}
PREFECTURES = tuple("""北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県
    千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県
    滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県
    愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県""".split())
assert len(PREFECTURES) == 47


@dataclass(frozen=True)
class Item:
    name: str
    title: str
    kind: str
    low: int
    high: int
    need: str
    codes: tuple
    column: int


@dataclass
class Profile:
    name: str
    utf8: bool
    header: bool
    quotes: bool
    any_line_end: bool
    byte_limit: bool
    address_required: bool
    rows_per_file: int


PROFILES = {
    "briefing-2017": Profile("briefing-2017", False, False, False, False, True, False, 10000),
    "online-2024": Profile("online-2024", True, True, True, True, False, True, 100000),
}


def items_of(profile: Profile, layout: str) -> list:
    """The items of a layout, in order."""
    table = {"member-info": MEMBER_ITEMS, "individual-number": NUMBER_ITEMS}[layout]
    items = []
    for line in table.strip().splitlines():
        part = line.split()
        if part[0][0] == "+" and profile.name != "online-2024":
            continue
        name = part[0].lstrip("+")
        need = ALWAYS if name == "address" and profile.address_required else part[5]
        codes = tuple(part[6].split(",")) if len(part) > 6 else ()
        items.append(Item(name, part[1], part[2], int(part[3]), int(part[4]), need, codes,
                          len(items) + 1))
    return items


def jisx0213() -> frozenset:
    """JIS X 0213:2004. The codec's two ASCII folds (815F, 81B0) count as full-width here."""
    found = {"\uff3c", "\uff5e"}
    for lead in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
        for trail in range(0x40, 0xFD):
            try:
                found.update(bytes((lead, trail)).decode("shift_jis_2004"))
            except UnicodeDecodeError:
                pass
    return frozenset(found | {chr(code) for code in range(0x20, 0x7F)})


def double_bytes() -> dict:
    """The 9,604 double-byte codes of P15A (the same as Python's cp932)."""
    pairs = {}
    for lead in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
        for trail in range(0x40, 0xFD):
            try:
                text = bytes((lead, trail)).decode("cp932")
            except UnicodeDecodeError:
                continue
            if len(text) == 1:
                pairs[lead, trail] = text
    assert len(pairs) == 9604
    return pairs


JISX0213 = jisx0213()
DOUBLE_BYTES = double_bytes()


def in_jisx0208(code: int) -> bool:
    return (0x8140 <= code <= 0x84BE or 0x889F <= code <= 0x9FFC
            or 0xE040 <= code <= 0xEAA4)


def decode_cp932(raw: bytes):
    """(text, characters outside jisx0208), or (None, 0) where a byte has no meaning."""
    text, foreign, at = [], 0, 0
    while at < len(raw):
        lead = raw[at]
        if lead < 0x80:
            text.append(chr(lead))
            foreign += not 0x20 <= lead <= 0x7E
            at += 1
        elif 0xA1 <= lead <= 0xDF:
            text.append(chr(0xFF61 + lead - 0xA1))
            foreign += 1
            at += 1
        else:
            if at + 1 == len(raw) or (lead, raw[at + 1]) not in DOUBLE_BYTES:
                return None, 0
            text.append(DOUBLE_BYTES[lead, raw[at + 1]])
            foreign += not in_jisx0208(lead << 8 | raw[at + 1])
            at += 2
    return "".join(text), foreign


def decode_utf8(raw: bytes):
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None, 0
    return text, sum(c not in JISX0213 for c in text)


def is_digits(text: str) -> bool:
    return re.fullmatch("[0-9]+", text) is not None


def individual_check(eleven: str) -> str:
    total = sum(int(d) * w for d, w in zip(eleven, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)))
    return "0" if total % 11 < 2 else str(11 - total % 11)


def insurer_check(base: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(base)):
        product = int(digit) * (2, 1)[place % 2]
        total += product // 10 + product % 10
    return str((10 - total % 10) % 10)


def municipality_check(five: str) -> str:
    total = sum(int(d) * w for d, w in zip(five, (6, 5, 4, 3, 2)))
    return str((11 - total % 11) % 10)


def is_date(text: str) -> bool:
    if not re.fullmatch("[0-9]{8}", text) or not "18680101" <= text <= "99981231":
        return False
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def birthday(birth: str, age: int) -> tuple:
    """The day as (year, month, day); 29 February is 1 March where the year has none."""
    year, month, day = int(birth[:4]) + age, int(birth[4:6]), int(birth[6:])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (year, 3, 1) if (month, day) == (2, 29) and not leap else (year, month, day)


def day(text: str) -> tuple:
    return int(text[:4]), int(text[4:6]), int(text[6:])


def fold_kana(text: str) -> str:
    large = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
    return text.replace("\u3000", "").replace(" ", "").translate(large)


def fold_number(run: str) -> str:
    digits = "一二三四五六七八九"
    if "十" not in run:
        return "".join(str(digits.index(c) + 1) for c in run)
    if not re.fullmatch(f"[{digits}]?十[{digits}]?", run):
        return run
    tens, ones = run.split("十")
    high = digits.index(tens) + 1 if tens else 1
    return str(high * 10 + (digits.index(ones) + 1 if ones else 0))


def fold_address(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace(" ", "").replace("\u3000", "")
    text = re.sub("[一二三四五六七八九十]+(?=丁目|番|号)", lambda m: fold_number(m[0]), text)
    text = re.sub("丁目|番地の|番地|番|号|の|ー|－|−|‐", "-", text)
    return re.sub("-+", "-", text).rstrip("-")


def split_minimal(row: bytes):
    """The fields of an RFC 4180 row, or None where a quote stands wrongly."""
    fields, at = [], 0
    while True:
        if row[at:at + 1] == b'"':
            value, at = b"", at + 1
            while True:
                end = row.find(b'"', at)
                if end < 0:
                    return None
                value, at = value + row[at:end], end + 1
                if row[at:at + 1] != b'"':
                    break
                value, at = value + b'"', at + 1
        else:
            end = row.find(b",", at)
            end = len(row) if end < 0 else end
            value, at = row[at:end], end
            if b'"' in value:
                return None
        fields.append(value)
        if at == len(row):
            return fields
        if row[at:at + 1] != b",":
            return None
        at += 1


@dataclass
class Finding:
    code: str
    file: int
    line: int = 0
    row: int = 0
    column: int = 0
    field: Optional[str] = None
    record_id: Optional[str] = None
    related: Optional[tuple] = None

    def members(self) -> dict:
        out = {key: value for key, value in vars(self).items() if value is not None}
        if self.related:
            out["related"] = {"file": self.related[0], "line": self.related[1]}
        out["severity"] = "warning" if self.code in WARNINGS else "error"
        return out


@dataclass
class Cell:
    raw: bytes
    text: Optional[str]
    bad: bool = False


@dataclass
class Row:
    file: int
    line: int
    number: int
    cells: dict = field(default_factory=dict)

    def there(self, name: str) -> bool:
        return name in self.cells and self.cells[name].raw != b""

    def good(self, *names: str) -> bool:
        return all(self.there(name) and not self.cells[name].bad for name in names)

    def good_or_blank(self, *names: str) -> bool:
        return all(self.good(name) or not self.there(name) for name in names)

    def value(self, name: str) -> str:
        return self.cells[name].text

    def is_value(self, name: str, wanted: str) -> bool:
        return self.good(name) and self.value(name) == wanted

    def same(self, other: "Row", name: str) -> bool:
        """There in both, byte for byte."""
        return (self.there(name) and other.there(name)
                and self.cells[name].raw == other.cells[name].raw)

    def period(self) -> tuple:
        return self.value("acquired_on"), self.value("lost_on") or ENDLESS


class Validation:
    def __init__(self, profile: str, layout: str, as_of: str, insurer: Optional[str]):
        self.profile, self.layout, self.insurer = PROFILES[profile], layout, insurer
        self.items = items_of(self.profile, layout)
        self.columns = {item.name: item.column for item in self.items}
        self.as_of = as_of[:10].replace("-", "")
        self.is_upload = layout == "member-info"
        self.findings, self.checked, self.row_count = [], [], 0

    def tell(self, code: str, file: int, **more) -> None:
        self.findings.append(Finding(code, file, **more))

    def tell_row(self, code: str, row: Row, name: Optional[str] = None, related=None) -> None:
        shown = row.value("record_id") if row.good("record_id") else None
        self.tell(code, row.file, line=row.line, row=row.number, column=self.columns.get(name, 0),
                  field=name, record_id=shown,
                  related=(related.file, related.line) if related else None)

    # ---- rows -------------------------------------------------------------------------------

    def check_file(self, number: int, name: str, data: bytes) -> None:
        if data == b"":
            if self.is_upload:
                self.tell("FIL001", number)
            return
        for mark in (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe"):
            if data.startswith(mark):
                self.tell("FIL003", number)
                data = data[len(mark):]
                break
        pattern = re.escape(self.layout) + r"_[0-9]{8}_[0-9]{14}_[0-9]{4}\.csv"
        if self.is_upload and not re.fullmatch(pattern, os.path.basename(name)):
            self.tell("FIL008", number)
        lines = data.split(b"\n")
        last = lines.pop()
        if not self.profile.any_line_end and any(not line.endswith(b"\r") for line in lines):
            self.tell("FIL004", number)
        lines = [line[:-1] if line.endswith(b"\r") else line for line in lines]
        if last != b"":
            self.tell("FIL005", number)
            lines.append(last)
        first = 1
        if self.profile.header and lines:
            first = 2
            titles = [item.title.encode("utf-8") for item in self.items]
            if split_minimal(lines.pop(0)) != titles:
                self.tell("FIL009", number)
        if self.is_upload and not lines:
            self.tell("FIL001", number)
        if self.is_upload and len(lines) > self.profile.rows_per_file:
            self.tell("FIL007", number)
        self.row_count += len(lines)
        for index, line in enumerate(lines):
            self.check_row(Row(number, index + first, index + 1), line)

    def row_fault(self, line: bytes):
        """(code, fields)"""
        if any(byte < 0x20 or byte == 0x7F for byte in line):
            return "FIL006", None
        if len(line) > ROW_LIMIT_BYTES:
            return "CSV003", None
        if self.profile.quotes:
            fields = split_minimal(line)
        else:
            fields = None if b'"' in line else line.split(b",")
        if fields is None:
            return "CSV002", None
        return ("CSV001" if len(fields) != len(self.items) else None), fields

    def check_row(self, row: Row, line: bytes) -> None:
        code, fields = self.row_fault(line)
        if code:
            self.tell(code, row.file, line=row.line, row=row.number)
            return
        found = []
        for item, raw in zip(self.items, fields):
            text, foreign = (decode_utf8 if self.profile.utf8 else decode_cp932)(raw)
            code = self.field_fault(item, raw, text, foreign, row)
            row.cells[item.name] = Cell(raw, text, code is not None and code not in WARNINGS)
            if code:
                found.append((code, item.name))
        for code, name in found:
            self.tell_row(code, row, name)
        if self.is_upload:
            self.check_record(row)
        self.checked.append(row)

    # ---- fields -----------------------------------------------------------------------------

    def is_required(self, item: Item, row: Row) -> bool:
        if row.is_value("change_type", "3"):
            return item.name in KEPT_ON_DELETION
        if "=" in item.need:
            return row.is_value(*item.need.split("="))
        return item.need == ALWAYS

    def field_fault(self, item: Item, raw: bytes, text, foreign: int, row: Row):
        """The first finding of a field, or None."""
        if text is None:
            return "FIL002"
        if text == "":
            if self.is_required(item, row):
                return "TXT001"
            blank_address = item.name == "address" and not row.is_value("change_type", "3")
            return "ADR001" if blank_address else None
        if item.codes:
            if text not in item.codes:
                return "COD001"
            return "NUM010" if (item.name, text) == ("individual_number_source", "9") else None
        if item.kind == "D":
            return None if is_date(text) else "DAT001"
        if item.name == "individual_number":
            return individual_fault(text)
        if class_fault(item, text):
            return "TXT006"
        if len(text) > item.high:
            return "TXT002"
        limited = self.profile.byte_limit and item.name in ("card_symbol", "card_number")
        if limited and len(raw) > 38:
            return "TXT003"
        if item.name in LOST_MARK_ITEMS and any(
                c in "●〓\ufffd?？" or unicodedata.category(c) == "Co" for c in text):
            return "TXT005"
        if item.kind == "Z" and foreign:
            return "TXT004"
        if item.kind in "ZK" and re.search("^[ \u3000]|[ \u3000]{2}|[ \u3000]$", text):
            return "TXT007"
        if item.name in ("name_kana", "name_kanji") and (text.count("\u3000") != 1 or " " in text):
            return "TXT008"
        return self.item_fault(item.name, text, row)

    def item_fault(self, name: str, text: str, row: Row):
        if name == "insurer_number":
            wrong = insurer_check(text[:7]) != text[7] or self.insurer not in (None, text)
            return "COD004" if wrong else None
        if name == "municipality_code":
            return "COD006" if municipality_check(text[:5]) != text[5] else None
        if name == "card_symbol" and row.good("insurer_number") and not is_digits(text):
            insurer = row.value("insurer_number")
            if insurer[:2] in ("06", "63") and insurer not in SYMBOL_EXCEPTIONS:
                return "COD005"
        if name == "address":
            if not text.startswith(PREFECTURES):
                return "ADR002"
            if "本籍" in text or "番地の" in text:
                return "ADR003"
        return None

    # ---- records ----------------------------------------------------------------------------

    def check_record(self, row: Row) -> None:
        if row.good("relationship", "sex"):
            pair = row.value("relationship"), row.value("sex")
            if ((pair[1] == "2" and pair[0] in ("11", "13", "51", "53", "71", "74"))
                    or (pair[1] == "1" and pair[0] in ("12", "14", "52", "54", "81", "84"))):
                self.tell_row("COD002", row)
        if row.good_or_blank("lost_on", "lost_reason"):
            if row.there("lost_on") != row.there("lost_reason"):
                self.tell_row("COD003", row)
        if row.good("change_type") and row.good_or_blank("branch_number"):
            if (row.value("change_type") == "1") == row.there("branch_number"):
                self.tell_row("COD007", row)
        if row.good("birth_date", "acquired_on") and row.good_or_blank("lost_on"):
            start, end = row.period()
            if not row.value("birth_date") <= start <= end:
                self.tell_row("DAT002", row)
        if row.good("birth_date") and row.good_or_blank("lost_on"):
            limit, end = birthday(row.value("birth_date"), 75), row.value("lost_on")
            if day(self.as_of) >= limit and (not end or day(end) > limit):
                self.tell_row("DAT003", row)
        if row.good("member_kind", "birth_date", "acquired_on"):
            birth, start = row.value("birth_date"), row.value("acquired_on")
            young = row.value("member_kind") == "1" and day(start) < birthday(birth, 15)
            if young or birth < "19000101":
                self.tell_row("DAT004", row)
        if row.good("acquired_on") and row.value("acquired_on") > self.as_of:
            self.tell_row("DAT007", row)

    # ---- batches ----------------------------------------------------------------------------

    def groups(self, key) -> list:
        """Rows with one key, in input order; a row whose key is None is passed over."""
        found = {}
        for row in self.checked:
            value = key(row)
            if value is not None:
                found.setdefault(value, []).append(row)
        return list(found.values())

    def check_batch(self) -> None:
        self.check_numbers()
        if self.is_upload:
            self.check_persons()
            self.check_periods()
            self.check_households()
            for first, *later in self.groups(
                    lambda row: row.value("record_id") if row.good("record_id") else None):
                for row in later:
                    self.tell_row("SUM002", row, "record_id", first)

    def check_numbers(self) -> None:
        names = [n for n in ("insurer_number", "individual_number") if n in self.columns]
        for first, *later in self.groups(
                lambda row: tuple(map(row.value, names)) if row.good(*names) else None):
            for row in later:
                self.tell_row(shared_number(first, row), row, "individual_number", first)

    def check_persons(self) -> None:
        def key(row):
            names = "insurer_number", "birth_date", "sex", "name_kana", "individual_number"
            if not row.good(*names):
                return None
            return (*map(row.value, names[:3]), fold_kana(row.value("name_kana")))

        for first, *later in self.groups(key):
            for row in later:
                if row.value("individual_number") != first.value("individual_number"):
                    one, two = address_key(first), address_key(row)
                    self.tell_row("NUM007" if one and one == two else "NUM008", row, None, first)

    def check_periods(self) -> None:
        def key(row):
            if not row.good("insurer_number", "member_id", "acquired_on"):
                return None
            if not row.good_or_blank("lost_on"):
                return None
            return row.value("insurer_number"), row.value("member_id")

        for rows in self.groups(key):
            for at, row in enumerate(rows):
                for earlier in rows[:at]:
                    if overlap(row.period(), earlier.period()):
                        self.tell_row("DAT005", row, None, earlier)
                        break

    def check_households(self) -> None:
        def key(row):
            if not row.good("insurer_number", "card_number", "member_kind", "acquired_on"):
                return None
            if not row.good_or_blank("card_symbol", "lost_on"):
                return None
            return tuple(map(row.value, ("insurer_number", "card_symbol", "card_number")))

        for rows in self.groups(key):
            insured = [row for row in rows if row.value("member_kind") == "1"]
            if len(insured) != 1:
                continue
            start, end = insured[0].period()
            for row in rows:
                if row.value("member_kind") == "2" and (
                        row.period()[0] < start or row.period()[1] > end):
                    self.tell_row("DAT006", row, None, insured[0])

    def summary(self) -> dict:
        by_code = {}
        for finding in self.findings:
            by_code[finding.code] = by_code.get(finding.code, 0) + 1
        warnings = sum(finding.code in WARNINGS for finding in self.findings)
        return {"rows": self.row_count, "errors": len(self.findings) - warnings,
                "warnings": warnings, "by_code": by_code}


def individual_fault(text: str):
    if not re.fullmatch("[0-9]{12}", text):
        return "NUM001"
    if text == "0" * 12:
        return "NUM003"
    if individual_check(text[:11]) != text[11]:
        return "NUM002"
    placeholder = len(set(text[:11])) == 1 or text[:11] == "12345678901"
    return "NUM011" if placeholder else None


def class_fault(item: Item, text: str) -> bool:
    if item.kind == "N":
        return not is_digits(text) or (item.low == item.high and len(text) != item.high)
    if item.kind == "X":
        return re.fullmatch("[0-9A-Za-z]+", text) is None
    if item.kind == "K":
        return re.fullmatch("[\u30a1-\u30f6\u30fc\u3000]+", text) is None
    return False


def shared_number(first: Row, row: Row) -> str:
    if row.same(first, "member_id"):
        return "NUM005"
    if row.same(first, "card_number") and (
            row.cells["card_symbol"].raw == first.cells["card_symbol"].raw):
        return "NUM006"
    if all(row.same(first, name) for name in ("birth_date", "sex", "name_kana")):
        return "NUM005"
    return "NUM004"


def address_key(row: Row) -> Optional[str]:
    return fold_address(row.value("address")) if row.value("address") else None


def overlap(one: tuple, two: tuple) -> bool:
    if one[1] <= one[0] or two[1] <= two[0]:
        return False
    return max(one[0], two[0]) < min(one[1], two[1])


def validate(files: list, profile: str = "briefing-2017", layout: str = "member-info",
             as_of: str = "2024-04-01", insurer: Optional[str] = None):
    """(findings in order, summary) of [(name, bytes), ...]"""
    run = Validation(profile, layout, as_of, insurer)
    for number, (name, data) in enumerate(files, 1):
        run.check_file(number, name, data)
    run.check_batch()
    run.findings.sort(key=lambda f: (f.file, f.row, f.column, f.code))
    return run.findings, run.summary()


def main() -> int:
    reader = argparse.ArgumentParser(description="slow reference for tsunagi-validate")
    reader.add_argument("--profile", default="briefing-2017", choices=sorted(PROFILES))
    reader.add_argument("--layout", default="member-info",
                        choices=["member-info", "individual-number"])
    reader.add_argument("--as-of", default=datetime.date.today().isoformat())
    reader.add_argument("--insurer")
    reader.add_argument("files", nargs="+", metavar="FILE")
    given = reader.parse_args()
    files = []
    for name in given.files:
        with open(name, "rb") as stream:
            files.append((name, stream.read()))
    findings, summary = validate(files, given.profile, given.layout, given.as_of, given.insurer)
    for finding in findings:
        print(json.dumps(finding.members(), ensure_ascii=False))
    print(json.dumps({"type": "summary", **summary}))
    return 1 if summary["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
