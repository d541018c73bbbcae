#!/usr/bin/env python3
"""A file includes its own room and rooms on lower shelves; a third-party header has one room."""

import re

from source_tree import SourceTree

SHELVES = [
    ['diagnostic'],
    ['text', 'calendar', 'digest', 'identifier', 'storage'],
    ['file'],
    ['csv'],
    ['schema'],
    ['record', 'extract', 'report'],
    ['batch', 'upload', 'secondary_copy'],
    ['ledger'],
    ['composition', 'validation', 'submission', 'result', 'difference', 'rehearsal', 'doctor',
     'conversion', 'release'],
]
SHELF_OF = {room: number for number, rooms in enumerate(SHELVES) for room in rooms}
# Public headers whose name is not that of their room.
ROOM_OF_HEADER = {'expected': 'diagnostic', 'export': 'diagnostic', 'field': 'diagnostic',
                  'diagnostic_codes': 'diagnostic', 'encoding': 'text',
                  'checkdigit': 'validation', 'dialect': 'csv', 'duplicates': 'validation',
                  'instruction_set': 'csv', 'memory_limit': 'batch',
                  'row_counts': 'upload'}
THIRD_PARTY = [
    (re.compile(r'CLI/|CLI11'), 'CLI11', re.compile(r'tools/command_line\.cpp$')),
    (re.compile(r'unicode/'), 'ICU', re.compile(r'lib/text/')),
    (re.compile(r'openssl/'), 'OpenSSL', re.compile(r'lib/digest/')),
    (re.compile(r'sqlite3'), 'SQLite', re.compile(r'lib/storage/')),
    (re.compile(r'libfccp/|csv\.h$'), 'fast-cpp-csv-parser', re.compile(r'lib/csv/table\.cpp$')),
    (re.compile(r'fmt/'), 'fmt', re.compile(r'^(lib|tools)/(?!include/)|^tests/')),
    (re.compile(r'doctest/'), 'doctest', re.compile(r'^tests/')),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of_header(name):
    stem = name.removeprefix('tsunagi/').rsplit('.', 1)[0]
    return ROOM_OF_HEADER.get(stem, stem)


def room_of_file(name):
    parts = name.split('/')
    if parts[0] == 'lib':
        return room_of_header('/'.join(parts[3:])) if parts[1] == 'include' else parts[1]
    return parts[0]


def check_ours(tree, path, line, own, included):
    if included.startswith('tsunagi/'):
        other = room_of_header(included)
    elif '/' in included:
        other = included.split('/')[0]
    else:
        return  # a file beside it
    if other not in SHELF_OF:
        tree.fault(path, line, f'{included} belongs to no room')
    elif own == 'tools':
        if not included.startswith('tsunagi/'):
            tree.fault(path, line, f'tools include <tsunagi/...> alone, not {included}')
    elif own in SHELF_OF and other != own and SHELF_OF[other] >= SHELF_OF[own]:
        tree.fault(path, line, f'{own} may not include {other}: it stands no lower')


def main():
    tree = SourceTree(__doc__)
    for path in tree.files('lib', 'tools', 'tests', suffixes=('.cpp', '.hpp', '.inc')):
        name = tree.name(path)
        own = room_of_file(name)
        if own not in SHELF_OF and own not in ('tools', 'tests'):
            tree.fault(path, 0, f'{own} stands on no shelf')
        tree.look()
        for line, text in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
            match = INCLUDE.match(text)
            if not match:
                continue
            included = match.group(2)
            for header, product, allowed in THIRD_PARTY:
                if header.search(included) and not allowed.search(name):
                    tree.fault(path, line, f'{product} is not included here')
            if match.group(1) == '"' or included.startswith('tsunagi/'):
                if own != 'tests':
                    check_ours(tree, path, line, own, included)
    tree.end()


main()
