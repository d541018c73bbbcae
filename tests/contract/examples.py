#!/usr/bin/env python3
"""Examples: commands in README.md and in the manual are run, and print what is written below them.

In README.md: blocks fenced with ```console; a command is a line that begins with `$ `, what it
prints (standard output, then standard error) stands below it. In a manual page: `.Dl $ command`,
and what it prints in a `.Bd -literal` display right after; without one it prints nothing. The
commands of one document run in one scratch copy of the tree, one after another.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from source_tree import SourceTree

TIME_LIMIT_SECONDS = 120


def examples_of_readme(text):
    """(line, command, printed)"""
    inside = False
    current = None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith('```'):
            inside = line == '```console'
            if current:
                yield current
            current = None
        elif inside and line.startswith('$ '):
            if current:
                yield current
            current = (number, line[2:], [])
        elif inside and current and current[1].endswith('\\'):
            current = (current[0], current[1] + '\n' + line, current[2])
        elif inside and current:
            current[2].append(line)


def plain(line):
    return line.replace('\\&', '').replace('\\e', '\\').replace('\\-', '-').replace('\\(dq', '"')


def examples_of_manual(text):
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if not line.startswith('.Dl $ '):
            continue
        printed = []
        if number < len(lines) and lines[number].startswith('.Bd -literal'):
            for below in lines[number + 1:]:
                if below == '.Ed':
                    break
                printed.append(plain(below))
        yield number, plain(line[len('.Dl $ '):]), printed


def run_all(tree, examples):
    """(line, command, wanted, found, status) of each example, in one scratch copy."""
    with tempfile.TemporaryDirectory(prefix='tsunagi-examples-') as scratch:
        folder = pathlib.Path(scratch) / 'tree'
        folder.mkdir()
        for name in ('samples', 'schemas'):
            shutil.copytree(tree.root / name, folder / name)
        environment = {'PATH': f"{tree.build / 'bin'}:{os.environ['PATH']}", 'LC_ALL': 'C',
                       'HOME': scratch, 'TSUNAGI_SCHEMAS': str(folder / 'schemas'),
                       'TSUNAGI_SAMPLES': str(folder / 'samples')}
        for line, command, wanted in examples:
            tree.look()
            done = subprocess.run(['sh', '-c', command], cwd=folder, capture_output=True, text=True,
                                  env=environment, timeout=TIME_LIMIT_SECONDS, check=False,
                                  stdin=subprocess.DEVNULL)
            while wanted and not wanted[-1]:
                wanted.pop()
            yield line, command, wanted, (done.stdout + done.stderr).splitlines(), done.returncode


def rewritten(text, results, is_manual):
    """The document with what the commands print now, for review."""
    lines = text.split('\n')
    for line, command, wanted, found, _ in reversed(results):
        first = line + command.count('\n')
        if is_manual:
            found = ['\\&' + row if row[:1] in ('.', "'") else row
                     for row in (row.replace('\\', '\\e') for row in found)]
            had = lines[first].startswith('.Bd -literal') if first < len(lines) else False
            end = lines.index('.Ed', first) + 1 if had else first
            lines[first:end] = ['.Bd -literal -offset indent', *found, '.Ed'] if found else []
        else:
            lines[first:first + len(wanted)] = found
    return '\n'.join(lines)


def run_document(tree, path, examples):
    results = list(run_all(tree, examples))
    for line, _, wanted, found, status in results:
        if status not in (0, 1):
            tree.fault(path, line, f'ended with {status}: {found[-1:]}')
        elif found != wanted and not tree.write:
            first = next((pair for pair in zip(found + [''] * 99, wanted + [''] * 99)
                          if pair[0] != pair[1]), ('', ''))
            tree.fault(path, line, f'prints `{first[0]}`, not `{first[1]}`')
    if tree.write and not tree.faults:
        text = path.read_text(encoding='utf-8')
        path.write_text(rewritten(text, results, path.suffix != '.md'), encoding='utf-8')


def main():
    tree = SourceTree(__doc__)
    readme = tree.root / 'README.md'
    found = list(examples_of_readme(readme.read_text(encoding='utf-8')))
    if not found:
        tree.fault(readme, 0, 'shows no example')
    run_document(tree, readme, found)
    for page in tree.files('man', suffixes=('.1', '.5', '.7')):
        text = page.read_text(encoding='utf-8')
        found = list(examples_of_manual(text))
        if not found and page.suffix == '.1' and page.parent.name == 'man':
            tree.fault(page, 0, 'shows no example')
        run_document(tree, page, found)
    tree.end()


main()
