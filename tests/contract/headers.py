#!/usr/bin/env python3
"""Each public header compiles alone, as C++20 and as C++23, and needs no third party."""

import concurrent.futures
import subprocess

from source_tree import SourceTree


def compile_alone(root, header, standard):
    return subprocess.run(
        ['g++', f'-std={standard}', '-fsyntax-only', '-Wall', '-Wextra', '-Wpedantic', '-Werror',
         f'-I{root}/lib/include', '-x', 'c++', '-include', str(header), '/dev/null'],
        capture_output=True, text=True, check=False)


def main():
    tree = SourceTree(__doc__)
    work = [(header, standard)
            for header in tree.files('lib/include/tsunagi', suffixes=('.hpp',))
            for standard in ('c++20', 'c++23')]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda item: compile_alone(tree.root, *item), work)
        for (header, standard), done in zip(work, results):
            tree.look()
            if done.returncode != 0:
                first = next((line for line in done.stderr.splitlines() if 'error' in line), '')
                tree.fault(header, 0, f'does not compile alone with {standard}: {first}')
    tree.end()


main()
