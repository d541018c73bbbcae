#!/usr/bin/env python3
"""Codes: the table, tsunagi-diagnostics(7) and the frozen list of ids say the same.

The manual holds every code in the order of the table with its severity, level, title and
definition, and says of exactly those codes that no source mentions that they are reserved; so does
its Japanese page with the Japanese titles. Ids are append-only: codes.txt is what was published,
and no id of it may go.
"""

import re

from source_tree import SourceTree

ENTRY = re.compile(r'TSUNAGI_CODE\((\w+), (\w+), (\w+),\s*((?:"(?:\\.|[^"\\])*",?\s*)+)\)')
LITERAL = re.compile(r'"((?:\\.|[^"\\])*)"')
RESERVED = 'Reserved: no tool of this release gives it.'
RESERVED_JA = '予約: この版のどのツールも出しません。'
WORDS_JA = {'error': 'エラー', 'warning': '警告', 'file': 'ファイル', 'row': '行', 'field': '項目',
            'record': 'レコード', 'batch': '一括', 'reconcile': '照合', 'ledger': '台帳'}


def table_of(tree):
    text = (tree.root / 'lib/include/tsunagi/diagnostic_codes.def').read_text(encoding='utf-8')
    text = re.sub(r'"\n\s*"', '', text)  # a long literal stands on several lines
    for match in ENTRY.finditer(text):
        identifier, severity, level, literals = match.groups()
        texts = [literal.replace('\\"', '"') for literal in LITERAL.findall(literals)]
        yield identifier, severity, level, *texts


def manual_of(path):
    """id -> (severity, level, text below it), in order."""
    found = {}
    parts = re.split(r'^\.It Sy (\w+) Pq (\w+) , (\w+)$', path.read_text(encoding='utf-8'),
                     flags=re.M)
    for at in range(1, len(parts), 4):
        body = re.split(r'^\.(?:El|Ss|Sh)\b', parts[at + 3], flags=re.M)[0]
        found[parts[at]] = (parts[at + 1], parts[at + 2], body)
    return found


def mentioned(tree):
    """Ids that a source raises; deciding a rule by its letters counts too."""
    text = ''.join(path.read_text(encoding='utf-8')
                   for path in tree.files('lib', 'tools', suffixes=('.cpp', '.hpp')))
    return set(re.findall(r'\bCode::(\w{3}\d{3})\b', text))


def check_page(tree, page, table, raised, reserved):
    """`table`: id, severity, level, and the texts that the page must hold."""
    manual = manual_of(page)
    for identifier, severity, level, texts in table:
        tree.look()
        if identifier not in manual:
            tree.fault(page, 0, f'{identifier} is missing')
            continue
        severity_there, level_there, body = manual[identifier]
        if (severity_there, level_there) != (severity, level):
            tree.fault(page, 0, f'{identifier} is {severity}, {level}')
        for text in texts:
            if text not in body.replace('\\&', '').replace('\\(dq', '"'):
                tree.fault(page, 0, f'{identifier} does not say `{text}`')
        if (reserved in body) == (identifier in raised):
            tree.fault(page, 0, f'{identifier}: `{reserved}` is '
                       + ('wrong' if identifier in raised else 'missing'))
    ids = [entry[0] for entry in table]
    if [identifier for identifier in manual if identifier in ids] != ids:
        tree.fault(page, 0, 'the order is not that of the table')
    for identifier in manual.keys() - set(ids):
        tree.fault(page, 0, f'{identifier} is no code')


def main():
    tree = SourceTree(__doc__)
    table = list(table_of(tree))
    ids = [entry[0] for entry in table]
    raised = mentioned(tree)
    check_page(tree, tree.root / 'man/tsunagi-diagnostics.7',
               [(*entry[:3], (entry[3], entry[5])) for entry in table], raised, RESERVED)
    check_page(tree, tree.root / 'man/ja/tsunagi-diagnostics.7',
               [(entry[0], WORDS_JA[entry[1]], WORDS_JA[entry[2]], (entry[4],))
                for entry in table], raised, RESERVED_JA)
    frozen = tree.root / 'tests/contract/codes.txt'
    if tree.write:
        frozen.write_text('\n'.join(sorted(ids)) + '\n', encoding='utf-8')
    for identifier in frozen.read_text(encoding='utf-8').split():
        if identifier not in ids:
            tree.fault(frozen, 0, f'{identifier} was published and is gone')
    for identifier in set(ids) - set(frozen.read_text(encoding='utf-8').split()):
        tree.fault(frozen, 0, f'{identifier} is new: append it with codes.py --write')
    tree.end()


main()
