#!/usr/bin/env python3
"""What is installed is the list in installed.txt; an installed tool finds library and tables."""

import difflib
import pathlib
import re
import subprocess
import tempfile

from source_tree import SourceTree

# Versions and the folder of libraries differ between releases and machines.
NORMAL = [(re.compile(r'^lib/[^/]*-linux-gnu[^/]*/'), 'lib/'),
          (re.compile(r'libtsunagi\.so(\.[0-9]+)+$'), 'libtsunagi.so.*'),
          (re.compile(r'tsunagi-targets-\w+\.cmake$'), 'tsunagi-targets-*.cmake')]


def normal(name):
    for pattern, replacement in NORMAL:
        name = pattern.sub(replacement, name)
    return name


def main():
    tree = SourceTree(__doc__)
    listed = tree.root / 'tests/contract/installed.txt'
    with tempfile.TemporaryDirectory(prefix='tsunagi-install-') as scratch:
        prefix = pathlib.Path(scratch) / 'prefix'
        subprocess.run(['cmake', '--install', str(tree.build), '--prefix', str(prefix)],
                       check=True, capture_output=True)
        found = sorted({normal(str(path.relative_to(prefix))) for path in prefix.rglob('*')
                        if not path.is_dir()})
        tree.look(len(found))
        if tree.write:
            listed.write_text('\n'.join(found) + '\n', encoding='utf-8')
        wanted = listed.read_text(encoding='utf-8').splitlines()
        for line in difflib.unified_diff(wanted, found, lineterm='', n=0):
            if re.match(r'[+-](?![+-])', line):
                what = 'is installed and not listed' if line[0] == '+' else 'is not installed'
                tree.fault(listed, 0, f'{line[1:]} {what}')
        for arguments in (['tsunagi', '--version'], ['tsunagi', 'schema', 'list'],
                          ['tsunagi-schema', 'check']):
            done = subprocess.run([str(prefix / 'bin' / arguments[0]), *arguments[1:]],
                                  env={'LC_ALL': 'C', 'PATH': '/usr/bin:/bin'}, cwd=scratch,
                                  capture_output=True, text=True, check=False)
            tree.look()
            if done.returncode != 0:
                tree.fault('installed', 0, f"{' '.join(arguments)}: {done.returncode}, "
                                           f'{done.stderr.strip()}')
    tree.end()


main()
