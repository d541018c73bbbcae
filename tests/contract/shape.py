#!/usr/bin/env python3
"""Lines up to 100 characters, functions to 70 lines, files to 400; no leftovers, no dead files."""

import re

from source_tree import SourceTree, without_comments_and_strings

LINE_CHARACTERS_MAX = 100
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 400
MARKER = re.compile(r'\b(?:TO' r'DO|FIX' r'ME|X' r'XX|HA' r'CK)\b')
SCOPE = re.compile(r'^\s*(?:template\s*<.*>\s*)?(?:inline\s+|export\s+)?'
                   r'(?:namespace|class|struct|union|enum|extern)\b')


def functions(text):
    """(first line, lines) of each body with a parameter list that stands in no other function."""
    text = re.sub(r'^\s*#.*(?:\\\n.*)*$', '', without_comments_and_strings(text), flags=re.M)
    stack = []
    head_start = 0
    for at, character in enumerate(text):
        if character in ';}':
            head_start = at + 1
        if character == '{':
            head = text[head_start:at]
            line = text.count('\n', 0, at) + 1
            inside_function = any(kind == 'function' for kind, _ in stack)
            if SCOPE.match(head) and '(' not in head.split('{')[-1].split(':')[0]:
                kind = 'scope'
            elif '(' in head and not inside_function:
                kind = 'function'
            else:
                kind = 'block'
            stack.append((kind, line))
            head_start = at + 1
        elif character == '}' and stack:
            kind, line = stack.pop()
            if kind == 'function':
                yield line, text.count('\n', 0, at) + 2 - line


def check_code(tree, path, text):
    lines = text.count('\n')
    if lines > FILE_LINES_MAX:
        tree.fault(path, 0, f'{lines} lines in one file')
    for line, length in functions(text):
        if length > FUNCTION_LINES_MAX:
            tree.fault(path, line, f'a function of {length} lines')


def check_dead(tree):
    """Every source is listed by a build file, every header is included."""
    included = set()
    for path in tree.files('lib', 'tools', 'tests', suffixes=('.cpp', '.hpp', '.inc')):
        for name in re.findall(r'#\s*include\s*[<"]([^>"]+)', path.read_text(encoding='utf-8')):
            included.add(name.rsplit('/', 1)[-1])
    for path in tree.files('lib', 'tools', suffixes=('.cpp', '.hpp', '.inc', '.def')):
        if path.suffix != '.cpp':
            if path.name not in included:
                tree.fault(path, 0, 'nobody includes this file')
        elif path.parent.name != 'tools':
            listed = path.parent / 'CMakeLists.txt'
            known = listed.read_text(encoding='utf-8') if listed.exists() else ''
            if not re.search(rf'(?<![\w/]){re.escape(path.name)}', known):
                tree.fault(path, 0, 'no build file lists this file')


def main():
    tree = SourceTree(__doc__)
    for path in tree.files('.', suffixes=('.cpp', '.hpp', '.def', '.py', '.sh', '.cmake', '.txt')):
        name = tree.name(path)
        if path.suffix == '.txt' and path.name != 'CMakeLists.txt' or name.startswith('samples/'):
            continue
        tree.look()
        text = path.read_text(encoding='utf-8')
        for number, line in enumerate(text.split('\n'), 1):
            if len(line) > LINE_CHARACTERS_MAX:
                tree.fault(path, number, f'a line of {len(line)} characters')
            if MARKER.search(line):
                tree.fault(path, number, 'a leftover marker')
        if path.suffix in ('.cpp', '.hpp'):
            check_code(tree, path, text)
    check_dead(tree)
    tree.end()


main()
