#!/usr/bin/env python3
"""What the library exports, and the size of each public type, is the list in lib/tsunagi.abi."""

import difflib
import pathlib
import re
import subprocess
import tempfile

from source_tree import SourceTree

TYPE = re.compile(r'^(?:struct|class)\s+(?:TSUNAGI_EXPORT\s+)?(\w+)[^;]*\{', re.M)


def exported_names(library):
    listed = subprocess.run(['nm', '-DC', '--defined-only', str(library)], capture_output=True,
                            text=True, check=True).stdout
    names = {line.split(maxsplit=2)[2] for line in listed.splitlines()}
    # Instantiations of the standard library and of fmt are theirs, and differ between compilers.
    return sorted(name for name in names
                  if re.match(r'(?:(?:typeinfo|typeinfo name|vtable|VTT) for )?tsunagi::', name))


def public_types(root):
    for header in sorted((root / 'lib/include/tsunagi').glob('*.hpp')):
        text = header.read_text(encoding='utf-8')
        for match in TYPE.finditer(text):
            line_before = text[:match.start()].rstrip('\n').rsplit('\n', 1)[-1]
            if not line_before.startswith('template'):
                yield f'tsunagi/{header.name}', match.group(1)


def type_sizes(root):
    types = list(public_types(root))
    with tempfile.TemporaryDirectory() as scratch:
        program = pathlib.Path(scratch) / 'sizes.cpp'
        lines = ['#include <cstdio>']
        lines += [f'#include <{header}>' for header in sorted({header for header, _ in types})]
        lines += ['int main() {']
        lines += [f'    std::printf("size_bytes %s %zu\\n", "{name}", sizeof(tsunagi::{name}));'
                  for _, name in types]
        program.write_text('\n'.join(lines + ['}', '']), encoding='utf-8')
        binary = program.with_suffix('')
        subprocess.run(['g++', '-std=c++20', f'-I{root}/lib/include', str(program), '-o',
                        str(binary), '-Wl,--unresolved-symbols=ignore-all'], check=True)
        return sorted(subprocess.run([str(binary)], capture_output=True, text=True,
                                     check=True).stdout.splitlines())


def main():
    tree = SourceTree(__doc__)
    found = exported_names(tree.build / 'lib' / 'libtsunagi.so') + type_sizes(tree.root)
    listed = tree.root / 'lib' / 'tsunagi.abi'
    if tree.write:
        listed.write_text('\n'.join(found) + '\n', encoding='utf-8')
    tree.look(len(found))
    wanted = listed.read_text(encoding='utf-8').splitlines() if listed.exists() else []
    for line in difflib.unified_diff(wanted, found, 'tsunagi.abi', 'library', lineterm='', n=0):
        if re.match(r'[+-](?![+-])', line):
            tree.fault(listed, 0, ('not listed: ' if line[0] == '+' else 'not there: ') + line[1:])
    tree.end()


main()
