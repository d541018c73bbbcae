"""The tree that a contract looks at: its files, and how a fault is told."""

import argparse
import pathlib
import re
import sys

CODE = ('.cpp', '.hpp', '.def', '.inc')
SCRIPTS = ('.py', '.sh')
NOT_OURS = {'.git', '__pycache__'}


class SourceTree:
    """--root is the tree, --build its Release build; faults are collected and told by end()."""

    def __init__(self, description, more=None):
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument('--root', type=pathlib.Path,
                            default=pathlib.Path(__file__).resolve().parent.parent.parent)
        parser.add_argument('--build', type=pathlib.Path)
        parser.add_argument('--write', action='store_true',
                            help='write the list that is compared, for review')
        options = parser.parse_args()
        self.root = options.root.resolve()
        self.build = (options.build or self.root / 'build').resolve()
        self.write = options.write
        self.looked_at = 0
        self.faults = []

    def files(self, *folders, suffixes=None):
        """Files below the folders ('.' for all), sorted; what builds and git keep is left out."""
        for folder in folders:
            for path in sorted((self.root / folder).rglob('*')):
                parts = path.relative_to(self.root).parts
                if NOT_OURS & set(parts) or parts[0].startswith(('build', '.build')):
                    continue
                if path.is_file() and (suffixes is None or path.suffix in suffixes):
                    yield path

    def name(self, path):
        return str(path.relative_to(self.root))

    def look(self, count=1):
        self.looked_at += count

    def fault(self, where, line, text):
        name = self.name(where) if isinstance(where, pathlib.Path) else where
        self.faults.append(f'{name}:{line}: error: {text}' if line else f'{name}: error: {text}')

    def end(self):
        """A contract that looked at nothing has not been kept."""
        if not self.looked_at:
            self.faults.append('error: there was nothing to look at')
        for fault in self.faults:
            print(fault)
        print(f'{self.looked_at} looked at, {len(self.faults)} faults')
        sys.exit(1 if self.faults else 0)


def without_comments_and_strings(text, keep_strings=False):
    """C++ with comments (and literals) blanked out; line numbers stay."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(?P<mark>\w*)\(.*?\)(?P=mark)"'
        r'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)

    def blank(match):
        found = match.group(0)
        if found.startswith('/'):
            return '\n' * found.count('\n')
        if keep_strings:
            return found
        return '""' + '\n' * found.count('\n')

    # 1'000'000 is no character literal.
    return pattern.sub(blank, re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", '', text))
