#!/usr/bin/env python3
"""A command that promises memory of a fixed size keeps it: it ends well with 256 MiB of address
space, and ten times as many rows raise its peak by no more than a few buffers.

--rows N (1,000,000): 10,000,000 make a file seven times as large as the space.
--self-test: a command that holds its file must be noticed.
"""

import argparse
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SPACE_BYTES = 256 << 20
GROWTH_KIB_MAX = 8 << 10
RUN = ['--as-of', '2026-04-01', '--quiet', '--threads', '2']
BATCH = r'NUM00[4-8]|DAT00[56]|SUM002'
NOT_STRUCTURE = r'(?!FIL|CSV)\w+'


def profile_without(folder, name, codes):
    """briefing-2017 with some codes off."""
    shutil.copytree(ROOT / 'schemas' / 'briefing-2017', folder / name)
    table = folder / name / 'profile.csv'
    text = table.read_text(encoding='utf-8-sig')
    table.write_text(re.sub(rf'(?m)^(severity\.(?:{codes})),\w+', r'\1,off', text),
                     encoding='utf-8')
    return str(folder / name)


def commands(folder, binaries):
    """Name, kind of input, and what comes before the file."""
    validate = [binaries / 'tsunagi-validate', *RUN, '--max-findings', '10']
    return [
        ('validate, rules of fields and records', 'upload',
         [*validate, '--profile', profile_without(folder, 'fields', BATCH)]),
        ('validate, structure', 'upload',
         [*validate, '--profile', profile_without(folder, 'structure', NOT_STRUCTURE)]),
        ('convert', 'upload',
         [binaries / 'tsunagi-convert', '--from', 'windows-31j', '--to', 'utf-8', '--overwrite',
          '-o', folder / 'converted.csv']),
        ('checkdigit', 'numbers', [binaries / 'tsunagi-checkdigit', '--threads', '2']),
    ]


def compose(folder, binaries, kind, rows):
    path = folder / f'{kind}-{rows}.csv'
    if not path.exists():
        subprocess.run([binaries / 'tsunagi-sample', '--members', str(rows), f'--{kind}',
                        '--as-of', '2026-04-01', '--quiet', '-o', path], check=True)
    return path


def peak_kib(command, path):
    """Of a run in little space; it must end with 0 or 1."""
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (SPACE_BYTES, SPACE_BYTES))
    environment = os.environ | {'LC_ALL': 'C', 'TSUNAGI_SCHEMAS': str(ROOT / 'schemas')}
    with subprocess.Popen([*command, path], preexec_fn=limit, env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as started:
        said = started.stderr.read()
        _, status, usage = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode not in (0, 1):
        return None, f'status {started.returncode}: {said.decode(errors="replace")[-300:]}'
    return usage.ru_maxrss, ''


def fault_of(command, few, many):
    """What is wrong, or what it took."""
    small, wrong = peak_kib(command, few)
    if wrong:
        return wrong, ''
    large, wrong = peak_kib(command, many)
    if wrong:
        return wrong, ''
    took = f'{small >> 10} MiB, with ten times as many rows {large >> 10} MiB'
    return (took if large - small > GROWTH_KIB_MAX else ''), took


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--bin', type=pathlib.Path, required=True)
    parser.add_argument('--rows', type=int, default=1_000_000)
    parser.add_argument('--self-test', action='store_true')
    options = parser.parse_args()
    binaries = options.bin.resolve()
    faults = 0
    with tempfile.TemporaryDirectory(prefix='tsunagi-memory-') as scratch:
        folder = pathlib.Path(scratch)
        wanted = commands(folder, binaries)
        if options.self_test:
            holder = [sys.executable, '-c', 'import sys; open(sys.argv[1], "rb").read()']
            wanted = [('a command that holds its file', 'upload', holder)]
        for name, kind, command in wanted:
            wrong, took = fault_of(command, compose(folder, binaries, kind, options.rows // 10),
                                   compose(folder, binaries, kind, options.rows))
            noticed = bool(wrong) == options.self_test
            print(f"{'ok' if noticed else 'FAIL':<5} {name}: {wrong or took}")
            faults += not noticed
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
