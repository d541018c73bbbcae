#!/usr/bin/env python3
"""Composes member files full of faults, the same for the same seed.

Most rows are right and look like a society's: households with real-looking names, addresses and
periods. Faults are set at every level: bytes, fields, records, batches, rows, files.
"""
import calendar
import datetime
import os
import random

import reference

SURNAMES = """佐藤 サトウ,鈴木 スズキ,高橋 タカハシ,田中 タナカ,伊藤 イトウ,渡辺 ワタナベ,山本 ヤマモト,
中村 ナカムラ,小林 コバヤシ,加藤 カトウ,吉田 ヨシダ,佐々木 ササキ,斎藤 サイトウ,井上 イノウエ,服部 ハットリ,
新田 ニッタ,一ノ瀬 イチノセ,長谷川 ハセガワ,渡邊 ワタナベ,柳 ヤナギ,表 オモテ,能見 ノウミ,髙橋 タカハシ,
山﨑 ヤマサキ,\U00020bb7田 ヨシダ,服ヶ丘 ハットリガオカ"""
GIVEN = {
    "1": """一郎 イチロウ,翔一 ショウイチ,健太 ケンタ,大輔 ダイスケ,隆 タカシ,雄一 ユウイチ,亮 リョウ,
譲 ジョウ,達也 タツヤ,竜 リュウ""",
    "2": """花子 ハナコ,美咲 ミサキ,京子 キョウコ,優子 ユウコ,陽菜 ヒナ,恵 メグミ,千夏 チナツ,
順子 ジュンコ,美香 ミカ,ヴィッキー ヴィッキー""",
}
PLACES = """東京都千代田区一番町,東京都八王子市元横山町,大阪府大阪市北区梅田,北海道札幌市中央区北一条西,
京都府京都市下京区,神奈川県横浜市港北区日吉,福岡県福岡市博多区,沖縄県那覇市おもろまち,三重県四日市市の宮"""
TOWNS = "131016 011002 131121 271004 141003 401307 130001 472018 012025".split()
SPLIT = {"SURNAMES": SURNAMES, "1": GIVEN["1"], "2": GIVEN["2"], "PLACES": PLACES}
POOL = {key: text.replace("\n", "").split(",") for key, text in SPLIT.items()}
INSURERS = ["06132013", "06132013", "06132013", "06139463", "06110829", "33120015", "01130012"]
AS_OF = """2024-04-01 2024-02-29 2023-03-01 2023-02-28 2017-07-03
    2025-01-01T08:30:00""".split()

# Bytes that are strange in CP932: invalid, user-defined, doubled codes, NEC and IBM rows.
STRANGE_CP932 = [bytes.fromhex(code) for code in """80 a0 fd fe ff
    81 88 fc e0 81ad 8540 eaa5 fcfc f040 f9fc f47e f0fc 8740 8754 878a 8790 8791 8792 8795 8796
    8797 879a 879b 879c eef9 fa54 fa5b fbfc eee0 ed95 fc4b fa40 b1 df a1 817f 8180 815c 8160 817c
    84be 84bf 889e 889f 9ffc e040 eaa4 815f 5c 8150 8151 827f 8148 819c 81ac""".split()]
STRANGE_UTF8 = [bytes.fromhex(code) for code in """80 c3 e381 eda080 edb080
    c0af e080af f5808080 f4908080 fe ff efbfbd efbfbe ee8080 efa3bf f3b08080 f48fbfbd f0a0aeb7
    f0a0ae9f f0a09080 e38299 e3829a e3818be3829a f09f9880 c280 c285 c2a0 efbbbf e2808b efbdb1
    efbe9f efbc9f e2978f e38093 e4b884 e9ab99 efa891 efbd9e e3809c e28892 efbc8d efbcbc c2a5
    e280be e29180 e291a0 e38bbf f3a08480 e383b7 e383bb e38080e3 2c 22 2222 612c62 f09f""".split()]

WRONG = {kind: text.replace("_", " ").split("/") for kind, text in {
    "N": "/1/12/123/1234567/12345678/123456789/1234567890/x/12a4567/１２３４５６７/_1234567/1234567_/"
         "+123456/-1/1_2/0000000/" + "1" * 20 + "/" + "1" * 21 + "/1.5",
    "X": "/A-1/A:1/ＡＢ/ア/A_1/_/AA/AAA/" + "b" * 20 + "/" + "b" * 21 + "/zZ9/?/é",
    "F": "/0/1/2/3/4/9/A/１/_/1_/01/02/03/99/9Z/9z/001/20/00/?/●",
    "D": "/20230229/20240229/18671231/18680101/99981231/99981201/99991231/00000000/20231301/"
         "20230431/2023041/202304011/H3504010/2023-4-1/２０２３０４０１/19000229/20000229/18991231/"
         "19000101/20230400/_0230401/19480229/19490301/20090301/20990101",
    "K": "/さとう　いちろう/サトウ_イチロウ/サトウ　　イチロウ/サトウ　イチロウ　/　サトウ/サトウイチロウ/"
         "サトウ　イチロウ　ジュニア/サ・トウ　イチ/ヷ　ア/ヵヶ　ヮッ/　/" + "ア" * 29 + "　" + "イ" * 30 + "/"
         + "ア" * 30 + "　" + "イ" * 30 + "/A　B/ｻﾄｳ　ｲﾁﾛｳ/ヴー　ヶ/ァ　ヾ/サトウ　１",
    "Z": "/●藤　一郎/佐〓　一郎/佐?　一郎/佐？　一郎/佐藤　　一郎/佐藤_　一郎/佐藤　一郎_/_佐藤　一郎/佐藤一郎/"
         "佐藤_一郎/佐　藤　一郎/　/_/①②/㈱日本/ｻﾄｳ　ｲﾁ/" + "あ" * 19 + "/" + "あ" * 20 + "/あ　"
         + "い" * 48 + "/あ　" + "い" * 49 + "/" + "a" * 38 + "/" + "1" * 19 + "/１２/A1/12/~^\\|/"
         + "京" * 201 + "/" + "京" * 200 + "/髙　﨑/凜　熙/纊　一/≒　∑/a_b/a__b/〜　−/～　－",
}.items()}
ADDRESSES = ["{0}", "", "本籍 {0}", "{0}番地の{1}", "{0}本籍", "千代田区１番", "東京", "東京都", "大阪府",
             "京都", "の", "番地", "－", "東京都の番号", "北海道 本籍？", "{0}　{1}", "{0}  {1}"]


def digits(rng, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def individual(rng) -> str:
    base = digits(rng, 11)
    return base + reference.individual_check(base)


def compact(date: datetime.date) -> str:
    return f"{date.year:04}{date.month:02}{date.day:02}"


class Composer:
    def __init__(self, seed: int, profile: str):
        self.rng = random.Random(f"{seed}/{profile}")
        self.profile = profile
        self.utf8 = profile == "online-2024"
        self.items = reference.items_of(reference.PROFILES[profile], "member-info")
        self.as_of = self.rng.choice(AS_OF)
        self.today = datetime.date.fromisoformat(self.as_of[:10])
        self.next_id = self.rng.choice([1, 1, 990])
        self.rows = []

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, things):
        return self.rng.choice(things)

    # ---- right rows -------------------------------------------------------------------------

    def date_between(self, first: datetime.date, last: datetime.date) -> datetime.date:
        if self.chance(0.1):
            years = [y for y in range(first.year, last.year) if calendar.isleap(y)]
            if years:
                return max(first, datetime.date(self.pick(years), 2, 29))
        return first + datetime.timedelta(self.rng.randint(0, max(0, (last - first).days)))

    def address(self) -> str:
        numbers = [self.rng.randint(1, 30) for _ in range(3)]
        return self.written(self.pick(POOL["PLACES"]), numbers)

    def written(self, place: str, numbers: list) -> str:
        """One address in one of the ways people write it; most fold to the same text."""
        ideographs = "一二三四五六七八九"

        def han(n):
            tens, ones = divmod(n, 10)
            text = (ideographs[tens - 1] if tens > 1 else "") + ("十" if tens else "")
            return text + (ideographs[ones - 1] if ones else "")

        def wide(n):
            return str(n).translate({48 + d: 0xFF10 + d for d in range(10)})

        one, two, three = numbers
        text = self.pick([
            f"{wide(one)}丁目{wide(two)}番{wide(three)}号", f"{one}-{two}-{three}",
            f"{han(one)}丁目{han(two)}番{han(three)}号", f"{wide(one)}－{wide(two)}－{wide(three)}",
            f"{wide(one)}ー{wide(two)}ー{wide(three)}", f"{one}丁目{two}番地の{three}",
            f"{han(one)}丁目{wide(two)}番地{three}", f"{one}の{two}の{three}",
            f"{han(one)}丁目 {two}番　{three}号", f"{one}‐{two}‐{three}", f"{one}丁目{two}番{three}番地",
            f"{han(one)}十番{two}", f"{wide(one)}丁目{wide(two)}番{wide(three)}号　メゾン２０１",
            f"{one // 10 or ''}{han(one % 10 or 10)}丁目{two}番{three}"])
        return place + text

    def person(self, born: tuple, sex: str, surname: str) -> dict:
        surname, kana = surname.split(" ")
        given, given_kana = self.pick(POOL[sex]).split(" ")
        first = self.today - datetime.timedelta(366 * born[1])
        last = self.today - datetime.timedelta(366 * born[0])
        self.next_id += 1
        return {
            "record_id": f"{self.next_id:010}", "change_type": "1",
            "member_id": f"{self.pick('MK')}{self.next_id:06}",
            "individual_number": individual(self.rng),
            "name_kanji": f"{surname}　{given}", "name_kana": f"{kana}　{given_kana}",
            "birth_date": compact(self.date_between(first, last)), "sex": sex,
            "postal_code": digits(self.rng, 7) if self.chance(0.8) else "",
            "municipality_code": self.pick(TOWNS) if self.chance(0.6) else "",
            "acquired_reason": self.pick(["", "", "01", "A"]),
            "qualification_kind": self.pick(["", "1", "2"]),
            "changed_on": self.pick(["", "", "20170401"]),
            "non_disclosure": self.pick(["", "0", "1"]), "identity_flag": self.pick(["", "2"]),
            "individual_number_source": self.pick(["", "1", "2", "3"]),
            "card_branch_number": self.pick(["", "01", "2"]),
            "other_name_kanji": self.pick(["", "", "", "通称　名", "ジョン"]),
            "other_name_kana": self.pick(["", "", "", "ツウショウ"]),
        }

    def household(self) -> list:
        insurer, surname = self.pick(INSURERS), self.pick(POOL["SURNAMES"])
        shared = {"insurer_number": insurer, "address": self.address(),
                  "card_symbol": self.pick(["12", "3456", "", "７"]),
                  "card_number": digits(self.rng, 6)}
        if insurer[:2] == "06" and shared["card_symbol"] == "７" and self.chance(0.7):
            shared["card_symbol"] = "7"
        head = {**self.person((20, 77), self.pick("12"), surname), "member_kind": "1"}
        first = datetime.date(max(int(head["birth_date"][:4]) + 16, 1950), 1, 1)
        start = self.date_between(min(first, self.today), self.today)
        end = self.date_between(start, self.today) if self.chance(0.2) else None
        family = [head]
        spouse = "2" if head["sex"] == "1" else "1"
        for relation, sex, ages, share in (
                (("11", "13") if spouse == "1" else ("12", "14"), spouse, (20, 76), 0.5),
                (("20",), self.pick("12"), (1, 18), 0.5), (("20",), self.pick("12"), (0, 15), 0.3),
                (("51",), "1", (50, 90), 0.1), (("52",), "2", (50, 90), 0.1),
                (("71", "96", "9Z"), "1", (20, 60), 0.05)):
            if self.chance(share):
                family.append({**self.person(ages, sex, surname), "member_kind": "2",
                               "relationship": self.pick(relation)})
        for member in family:
            born = datetime.datetime.strptime(member["birth_date"], "%Y%m%d").date()
            member.update(shared, acquired_on=compact(max(start, born)))
            if end:
                member.update(lost_on=compact(max(end, start, born)),
                              lost_reason=self.pick(["01", "02", "03", "99"]))
            if self.chance(0.15):
                member.update(change_type=self.pick("23"), branch_number=digits(self.rng, 10))
                if member["change_type"] == "3" and self.chance(0.6):
                    for name in set(member) - reference.KEPT_ON_DELETION - {"branch_number"}:
                        member[name] = ""
        return family

    # ---- faults -----------------------------------------------------------------------------

    def encode(self, value) -> bytes:
        if isinstance(value, bytes):
            return value
        if self.utf8:
            return value.encode("utf-8")
        return value.encode("cp932", "replace")

    def set_value(self, row: dict) -> None:
        item = self.pick(self.items)
        kind = "F" if item.codes else item.kind
        row[item.name] = self.pick(WRONG[kind])

    def set_bytes(self, row: dict) -> None:
        texts = [i.name for i in self.items if i.kind in "ZK" or self.chance(0.1)]
        name = self.pick(texts)
        raw = self.encode(row.get(name, ""))
        at = self.pick([0, len(raw), self.rng.randint(0, len(raw))])
        if self.utf8:
            raw = row.get(name, "") if isinstance(row.get(name, ""), str) else ""
            at = self.rng.randint(0, len(raw))
            row[name] = raw[:at].encode() + self.pick(STRANGE_UTF8) + raw[at:].encode()
        elif self.chance(0.7):
            at -= at % 2
            row[name] = raw[:at] + self.pick(STRANGE_CP932) + raw[at:]
        else:
            row[name] = raw[:at] + raw[at + 1:]

    def set_number(self, row: dict) -> None:
        number = individual(self.rng)
        swap = self.rng.randint(0, 10)
        row["individual_number"] = self.pick([
            number[:11] + str((int(number[11]) + 1) % 10), "0" * 12, number[1:], number + "0", "",
            number[:swap] + number[swap + 1] + number[swap] + number[swap + 2:], "x" * 12,
            self.pick([d * 11 + reference.individual_check(d * 11) for d in "123456789"]),
            "12345678901" + reference.individual_check("12345678901"),
            number.translate({48 + d: 0xFF10 + d for d in range(10)}), " " + number[1:]])

    def set_codes(self, row: dict) -> None:
        row.update(self.pick([
            {"insurer_number": "06132014"}, {"insurer_number": "06139463"}, {"insurer_number": ""},
            {"insurer_number": "0613201"}, {"insurer_number": "63" + "13201" +
                                             reference.insurer_check("6313201")},
            {"municipality_code": "131017"}, {"municipality_code": digits(self.rng, 6)},
            {"card_symbol": "A1"}, {"card_symbol": "組合"}, {"card_symbol": "１２"},
            {"individual_number_source": "9"}, {"individual_number_source": "4"},
            {"address": self.pick(ADDRESSES).format(self.address(), 5)},
            {"address": self.pick(ADDRESSES).format(self.address(), 6)},
            {"address": ""}, {"address": ""}, {"name_kanji": "柳　●"}, {"name_kana": ""}]))

    def set_record(self, row: dict) -> None:
        later = compact(self.today + datetime.timedelta(self.rng.randint(-1, 40)))
        edge = compact(self.today.replace(year=self.today.year - 75, day=1))
        row.update(self.pick([
            {"sex": self.pick("123")}, {"relationship": self.pick(["11", "12", "51", "52", "81"])},
            {"member_kind": self.pick("12")}, {"lost_on": ""}, {"lost_reason": ""},
            {"lost_on": row.get("acquired_on", "")}, {"lost_reason": "99"}, {"lost_on": later},
            {"change_type": self.pick("123")}, {"branch_number": self.pick(["", "77", "7x"])},
            {"acquired_on": later}, {"acquired_on": row.get("birth_date", "")},
            {"birth_date": row.get("acquired_on", "")}, {"birth_date": edge}, {"member_kind": ""},
            {"birth_date": self.pick(["19480229", "19490301", "19490401", "19490402", "18991231"])},
            {"birth_date": "19480229", "lost_on": self.pick(["20230228", "20230301", "20230302"]),
             "lost_reason": "99"}, {"birth_date": "99800101"}, {"change_type": "3"},
            {"birth_date": "20000229", "acquired_on": self.pick(["20150228", "20150301"]),
             "member_kind": "1"}, {"lost_on": "20231399"}]))

    def set_batch(self) -> None:
        """Makes one row share something with another, before or behind it."""
        one, two = self.pick(self.rows), self.pick(self.rows)
        keys = ["record_id", "member_id", "individual_number", "insurer_number"]
        self.pick([
            lambda: two.update({k: one.get(k, "") for k in self.rng.sample(keys, 2)}),
            lambda: two.update(record_id=one["record_id"]),
            lambda: self.share_number(one, two), lambda: self.share_number(one, two),
            lambda: self.share_name(one, two), lambda: self.share_name(one, two),
            lambda: self.share_period(one), lambda: self.share_household(one, two),
            lambda: self.rows.append(dict(one)),
        ])()

    def share_number(self, one: dict, two: dict) -> None:
        for name in self.pick([
                (), ("member_id",), ("card_number", "card_symbol"), ("card_number",),
                ("birth_date", "sex", "name_kana"), ("birth_date", "sex"), ("name_kana",)]):
            two[name] = one.get(name, "")
        for name in ("individual_number", "insurer_number"):
            two[name] = one.get(name, "")
        if self.chance(0.15):
            one["member_id"] = two["member_id"] = self.pick(["", "A-1"])

    def share_name(self, one: dict, two: dict) -> None:
        for name in ("insurer_number", "name_kana", "birth_date", "sex"):
            two[name] = one.get(name, "")
        place, numbers = self.pick(POOL["PLACES"]), [self.rng.randint(1, 30) for _ in range(3)]
        if self.chance(0.8):
            one["address"] = self.written(place, numbers)
            two["address"] = self.written(place, numbers)
        if self.chance(0.3):
            two["address"] = self.pick(["", "の番地", b"\x81", "●●", one["address"]])
        if self.chance(0.1):
            one["address"] = two["address"]
        if isinstance(two["name_kana"], str) and self.chance(0.5):
            two["name_kana"] = two["name_kana"].translate(str.maketrans(
                "ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ"))
            if self.chance(0.3):
                two["name_kana"] = two["name_kana"].replace("　", "")

    def share_period(self, one: dict) -> None:
        """A member once more, with periods that touch, overlap or run backwards."""
        for _ in range(self.rng.randint(1, 3)):
            again = dict(one, record_id=f"{self.rng.randint(1, 2000):010}")
            days = sorted(compact(self.date_between(datetime.date(2010, 1, 1), self.today))
                          for _ in range(2))
            start, end = days if self.chance(0.9) else reversed(days)
            again.update(acquired_on=self.pick([start, start, one.get("lost_on") or start]),
                         lost_on=self.pick([end, end, "", one.get("acquired_on") or end]))
            again["lost_reason"] = "99" if again["lost_on"] else ""
            self.rows.insert(self.rng.randint(0, len(self.rows)), again)

    def share_household(self, one: dict, two: dict) -> None:
        for name in ("insurer_number", "card_symbol", "card_number"):
            two[name] = one.get(name, "")
        two.update(self.pick([{"member_kind": "2", "relationship": "20"}, {"member_kind": "1"},
                              {"lost_on": ""}, {"lost_on": "20240101", "lost_reason": "03"}]))

    # ---- rows and files ---------------------------------------------------------------------

    def quoted(self, raw: bytes, share: float) -> bytes:
        if self.utf8 and (b"," in raw or b'"' in raw or self.chance(share)):
            return b'"' + raw.replace(b'"', b'""') + b'"'
        return raw

    def line(self, row: dict, damage: float) -> bytes:
        share = self.pick([0, 0, 0.1, 1])
        fields = [self.quoted(self.encode(row.get(i.name, "")), share) for i in self.items]
        raw = b",".join(fields)
        if not self.chance(damage):
            return raw
        at = self.rng.randint(0, len(raw))
        return self.pick([
            lambda: raw[:at] + bytes([self.rng.randint(0, 31)]) + raw[at:],
            lambda: raw[:at] + b"\x7f" + raw[at:], lambda: raw[:at] + b'"' + raw[at:],
            lambda: raw[:at] + b'"' + raw[at:] + b'"', lambda: raw[:at], lambda: raw[at:],
            lambda: raw[:at] + b"," + raw[at:], lambda: b"", lambda: raw + b"\r",
            lambda: raw[:at] + b"\r" + raw[at:], lambda: raw.replace(b",", b",,", 1),
            lambda: raw[:at] + raw[at + 1:], lambda: raw[:at] + b"\n" + raw[at:],
            lambda: raw[:at] + bytes([self.rng.randint(128, 255)]) + raw[at + 1:],
            lambda: raw[:at] + bytes([self.rng.randint(0, 255)]) + raw[at + 1:],
            lambda: b'"' + raw, lambda: raw + b'"', lambda: raw.replace(b",", b',"', 1),
        ])()

    def header(self, items: list) -> bytes:
        titles = [item.title for item in items]
        if self.chance(0.1):
            self.pick([lambda: titles.reverse(), titles.pop, lambda: titles.append("備考"),
                       lambda: titles.__setitem__(0, "record_id")])()
        share = self.pick([0, 0, 1])
        return b",".join(self.quoted(title.encode("utf-8"), share) for title in titles)

    def file(self, lines: list, items: list) -> bytes:
        lines = list(lines)
        if self.utf8 and not self.chance(0.04):
            lines.insert(0, self.header(items))
        mixed = self.pick([0, 0, 0, 0, 0.02, 0.5, 1])
        data = b"".join(line + (b"\n" if self.chance(mixed) else b"\r\n") for line in lines)
        if self.chance(0.07):
            data = data[:-1 if data.endswith(b"\n") and self.chance(0.4) else -2]
        if self.chance(0.05):
            data = data[:self.rng.randint(0, len(data))]
        if self.chance(0.08):
            data = self.pick([b"\xef\xbb\xbf", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"]) + data
        if self.chance(0.03):
            data = self.pick([b"", b"", b"\xef\xbb\xbf", b"\r\n", b"\n", b"\r", lines[0] + b"\r\n"])
        if self.chance(0.02):
            limit = reference.ROW_LIMIT_BYTES
            data += b"," * self.pick([limit, limit + 1]) + b"\r\n"
        if self.chance(0.01):
            filler = self.pick([9990, 10000]) * (10 if self.utf8 and self.chance(0.3) else 1)
            data += b"\r\n" * filler
        return data

    def name(self, layout: str, sequence: int) -> str:
        stamp = "20240401" + f"{self.rng.randint(0, 235959):06}"
        right = f"{layout}_06132013_{stamp}_{sequence:04}.csv"
        if self.chance(0.9):
            return right
        return self.pick([f"x{right}", f"{right}.bak", f"file{sequence}.csv",
                          right.replace("_06132013_", "_0613201_"), right.upper() + ".csv"])

    def member_lines(self) -> list:
        for _ in range(self.pick([1, 3, 8, 20, 40])):
            self.rows += self.household()
        for _ in range(int(len(self.rows) * self.pick([0, 0.05, 0.3])) + self.pick([0, 1])):
            self.set_batch()
        share = self.pick([0, 0.02, 0.1, 0.4, 0.9])
        faults = [self.set_value, self.set_bytes, self.set_number, self.set_codes, self.set_record]
        for row in self.rows:
            while self.chance(share):
                self.pick(faults)(row)
        if self.chance(0.4):
            self.rng.shuffle(self.rows)
        damage = self.pick([0, 0, 0.02, 0.2])
        return [self.line(row, damage) for row in self.rows]

    def number_lines(self) -> list:
        lines = [individual(self.rng) for _ in range(self.rng.randint(1, 60))]
        for _ in range(self.pick([0, 1, 10])):
            row = {}
            self.set_number(row)
            lines.append(self.pick([row["individual_number"], self.pick(lines), "", "a,b", '"']))
        self.rng.shuffle(lines)
        raw = [self.encode(line) for line in lines]
        return [self.quoted(line, 0.1) if b"," not in line and self.chance(0.5) else line
                for line in raw]


def compose(seed: int, profile: str, folder: str):
    """(paths, options): files in the folder, and what they are to be checked with."""
    composer = Composer(seed, profile)
    layout = "individual-number" if composer.chance(0.1) else "member-info"
    items = reference.items_of(reference.PROFILES[profile], layout)
    lines = composer.member_lines() if layout == "member-info" else composer.number_lines()
    parts = min(composer.pick([1, 1, 2, 3]), len(lines))
    cuts = [0, *sorted(composer.rng.sample(range(1, len(lines)), parts - 1)), len(lines)]
    paths = []
    for at in range(parts):
        data = composer.file(lines[cuts[at]:cuts[at + 1]], items)
        path = os.path.join(folder, f"{at + 1}", composer.name(layout, at + 1))
        os.makedirs(os.path.dirname(path))
        with open(path, "wb") as stream:
            stream.write(data)
        paths.append(path)
    insurer = composer.pick([None, None, "06132013", "33120015"])
    return paths, {"profile": profile, "layout": layout, "as_of": composer.as_of,
                   "insurer": insurer}
