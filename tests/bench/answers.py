"""Reads the answer of a command from what it wrote. What two commands both know must be equal."""

import csv
import hashlib
import json


def digest(pieces):
    """Of what may come in another order: the sum of the pieces' digests."""
    total = 0
    for piece in pieces:
        total += int.from_bytes(hashlib.blake2b(piece, digest_size=8).digest(), 'little')
    return f'{total % (1 << 64):016x}'


def text_digest(path):
    """Of the lines in their order; LF and CRLF are one."""
    whole = hashlib.blake2b(digest_size=8)
    with open(path, 'rb') as stream:
        for line in stream:
            whole.update(line.rstrip(b'\r\n') + b'\n')
    return {'lines': whole.hexdigest()}


def lines_of(path):
    with open(path, 'rb') as stream:
        return stream.read().splitlines()


def named_counts(path):
    """`NAME COUNT` lines."""
    return {name.decode(): int(count) for name, count in (line.split() for line in lines_of(path))}


def sum_of_counts(path):
    """`NAME COUNT` lines, of which several have one name."""
    sums = {}
    for line in lines_of(path):
        name, count = line.split()
        sums[name.decode()] = sums.get(name.decode(), 0) + int(count)
    return sums


def single_count(name, path):
    return {name: int(lines_of(path)[0])}


def by_code(report, codes):
    """Totals of `codes` in a report as JSON lines, and its rows."""
    summary = json.loads(lines_of(report)[-1])
    if summary.get('type') != 'summary':
        raise ValueError('the report was cut')
    facts = {code: summary['by_code'].get(code, 0) for code in codes}
    facts['rows'] = summary['rows']
    return facts


def wrong_lines(path):
    """`LINE<TAB>VERDICT`; a placeholder has a right check digit."""
    wrong = [line for line in lines_of(path) if not line.endswith(b'placeholder')]
    return {'wrong': len(wrong), 'lines': digest(wrong)}


def duplicate_rows(path):
    """The list of tsunagi-duplicates."""
    with open(path, encoding='utf-8', newline='') as stream:
        pairs = [f'{row["row"]},{row["first_line"]}'.encode() for row in csv.DictReader(stream)]
    return {'duplicates': len(pairs), 'lines': digest(pairs)}


def duplicate_pairs(path):
    """`ROW,FIRST` lines."""
    pairs = lines_of(path)
    return {'duplicates': len(pairs), 'lines': digest(pairs)}


def manifest_totals(folder):
    """`,name,count,,` rows of a manifest."""
    with open(folder / 'manifest.csv', encoding='utf-8-sig', newline='') as stream:
        return {row[1]: int(row[2]) for row in csv.reader(stream) if row and not row[0]
                and row[2].isdigit()}


def changes(folder, report):
    counts = {'1': 0, '2': 0, '3': 0}
    with open(folder / 'changes.csv', encoding='utf-8-sig', newline='') as stream:
        for row in csv.DictReader(stream):
            counts[row['change_type']] += 1
    return {'added': counts['1'], 'changed': counts['2'],
            'vanished': by_code(report, ['DIF001'])['DIF001']}
