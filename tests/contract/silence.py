#!/usr/bin/env python3
"""The library neither prints, exits, reads the environment nor changes the locale: it cannot."""

import subprocess

from source_tree import SourceTree

FORBIDDEN = {
    'stdout', 'stderr', 'stdin', 'printf', 'puts', 'putchar', 'fputs', 'fwrite', 'perror',
    '__printf_chk', '__fprintf_chk', 'fprintf', 'vfprintf', 'exit', '_exit', 'quick_exit', 'abort',
    'getenv', 'secure_getenv', 'setenv', 'putenv', 'environ', 'setlocale', 'system', 'popen',
    'std::cout', 'std::cerr', 'std::clog', 'std::cin', 'std::locale::global',
    'std::ios_base::Init::Init',
}


def main():
    tree = SourceTree(__doc__)
    library = tree.build / 'lib' / 'libtsunagi.so'
    if not library.exists():
        tree.fault(str(library), 0, 'the library is not there')
        tree.end()
    listed = subprocess.run(['nm', '-DC', '--undefined-only', str(library)], capture_output=True,
                            text=True, check=True).stdout
    for line in listed.splitlines():
        name = line.split(maxsplit=1)[1].split('@')[0].split('(')[0]
        tree.look()
        if name in FORBIDDEN:
            tree.fault('libtsunagi.so', 0, f'imports {name}')
    tree.end()


main()
