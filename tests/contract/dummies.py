#!/usr/bin/env python3
"""Every run of twelve digits outside samples/ and tests/ is a dummy on the list."""

import re

from source_tree import SourceTree

# Digits of a hexadecimal constant are no number of anybody.
TWELVE = re.compile(rb'0x[0-9A-Fa-f]+|(?<![0-9])([0-9]{12})(?![0-9])')


def main():
    tree = SourceTree(__doc__)
    listed = tree.root / 'tests/contract/dummies.txt'
    allowed = {line.split()[0] for line in listed.read_text(encoding='utf-8').splitlines()
               if line and not line.startswith('#')}
    for path in tree.files('.'):
        if tree.name(path).split('/')[0] in ('samples', 'tests'):
            continue
        tree.look()
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            for match in TWELVE.finditer(line):
                if match.group(1) and match.group(1).decode() not in allowed:
                    # The number itself is not shown: it may be somebody's.
                    tree.fault(path, number, 'twelve digits that are no listed dummy')
    tree.end()


main()
