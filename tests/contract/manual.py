#!/usr/bin/env python3
"""Manual pages: clean under mandoc and groff, all sections in the house's order, all installed."""

import re
import subprocess

from source_tree import SourceTree

SECTIONS = ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'FILES', 'ENVIRONMENT', 'EXIT STATUS',
            'MEMORY', 'EXAMPLES', 'SEE ALSO', 'CAVEATS']
REQUIRED_OF_TOOLS = {'NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'EXIT STATUS', 'MEMORY',
                     'EXAMPLES', 'SEE ALSO', 'CAVEATS'}


def complaints(command, path):
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr if command[0] == 'mandoc' else done.stderr).splitlines()
    # What the system it is read on has installed is not the page's fault.
    return [line for line in lines if 'referenced manual not found' not in line]


def check_sections(tree, page):
    text = page.read_text(encoding='utf-8')
    sections = re.findall(r'^\.Sh (.+)$', text, flags=re.M)
    known = [name for name in sections if name in SECTIONS]
    if known != sorted(known, key=SECTIONS.index):
        tree.fault(page, 0, 'the sections stand in another order')
    if page.suffix == '.1' and page.stem != 'tsunagi':
        for name in sorted(REQUIRED_OF_TOOLS - set(known)):
            tree.fault(page, 0, f'{name} is missing')


def main():
    tree = SourceTree(__doc__)
    listed = (tree.root / 'man/CMakeLists.txt').read_text(encoding='utf-8')
    for page in tree.files('man', suffixes=('.1', '.5', '.7')):
        tree.look()
        if page.name not in listed:
            tree.fault(page, 0, 'man/CMakeLists.txt does not install it')
        check_sections(tree, page)
        for command in (['mandoc', '-T', 'lint', '-W', 'warning'],
                        ['groff', '-k', '-mja', '-mdoc', '-ww', '-z', '-Tutf8']):
            for line in complaints(command, page):
                tree.fault(page, 0, f'{command[0]}: {line}')
        names = set(re.findall(r'^\.Xr (tsunagi\S*) (\d)', page.read_text(encoding='utf-8'),
                               flags=re.M))
        for name, section in sorted(names):
            if not (tree.root / f'man/{name}.{section}').exists():
                tree.fault(page, 0, f'{name}({section}) does not exist')
    for source in tree.files('tools', suffixes=('.cpp',)):
        if source.stem.startswith('tsunagi-') and not (
                tree.root / f'man/{source.stem}.1').exists():
            tree.fault(source, 0, 'it has no manual page')
    tree.end()


main()
