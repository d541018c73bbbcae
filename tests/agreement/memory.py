#!/usr/bin/env python3
"""No command holds a file whose work is neither a rule over many rows without a limit nor a join:
it ends well with 256 MiB of address space, ten times as many rows raise its peak by no more than a
few buffers, and what it reads from a pipe it keeps in no file in memory either.

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
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SPACE_BYTES = 256 << 20
GROWTH_KIB_MAX = 8 << 10
# Of a pipe, and of what --memory limits, the few rows do not fill every buffer.
BUFFERS_KIB_MAX = 80 << 10
LIMIT = ['--memory', '48M', '--work']
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
    """Name, kind of input, whether by pipe, growth in KiB, and what comes before the file."""
    validate = [binaries / 'tsunagi-validate', *RUN, '--max-findings', '10']
    duplicates = [binaries / 'tsunagi-duplicates', *RUN, '--overwrite', '-o', folder / 'list.csv']
    fields = ['--profile', profile_without(folder, 'fields', BATCH)]
    convert = [binaries / 'tsunagi-convert', '--threads', '2', '--overwrite', '--quiet']
    to_utf8 = [*convert, '--from', 'windows-31j', '--to', 'utf-8', '-o', folder / 'utf8.csv']
    to_cp932 = [*convert, '--from', 'utf-8', '--to', 'windows-31j', '-o', folder / 'cp932.csv']
    check_digits = [binaries / 'tsunagi-checkdigit', '--threads', '2']
    structure = ['--profile', profile_without(folder, 'structure', NOT_STRUCTURE)]
    limited = [*LIMIT, folder / 'work']
    by_file = [
        ('validate, rules of fields and records', 'upload', 0, [*validate, *fields]),
        ('validate, structure', 'upload', 0, [*validate, *structure]),
        ('validate, all rules, --memory', 'upload', BUFFERS_KIB_MAX, [*validate, *limited]),
        ('validate --core, all rules, --memory', 'core', BUFFERS_KIB_MAX,
         [*validate, *limited, '--core', '--insurer', '06139992']),
        ('duplicates, --memory', 'upload', BUFFERS_KIB_MAX, [*duplicates, *limited]),
        ('duplicates of a list, --memory', 'numbers', BUFFERS_KIB_MAX,
         [*duplicates, *limited, '--layout', 'individual-number']),
        ('convert to UTF-8', 'upload', 0, to_utf8),
        ('convert to CP932', 'core', 0, to_cp932),
        ('checkdigit', 'numbers', 0, check_digits),
    ]
    by_pipe = [
        ('validate, rules of fields and records', 'upload', BUFFERS_KIB_MAX, [*validate, *fields]),
        ('validate, all rules, --memory', 'upload', BUFFERS_KIB_MAX, [*validate, *limited]),
        ('duplicates, --memory', 'upload', BUFFERS_KIB_MAX, [*duplicates, *limited]),
        ('duplicates of a list, --memory', 'numbers', BUFFERS_KIB_MAX,
         [*duplicates, *limited, '--layout', 'individual-number']),
        ('convert to UTF-8', 'upload', BUFFERS_KIB_MAX, to_utf8),
        ('checkdigit', 'numbers', BUFFERS_KIB_MAX, check_digits),
    ]
    return ([(name, kind, False, growth, command) for name, kind, growth, command in by_file] +
            [(f'{name}, by pipe', kind, True, growth, command)
             for name, kind, growth, command in by_pipe])


def compose(folder, binaries, kind, rows):
    path = folder / f'{kind}-{rows}.csv'
    if not path.exists():
        shape = ['--encoding', 'utf-8'] if kind == 'core' else [f'--{kind}']
        subprocess.run([binaries / 'tsunagi-sample', '--members', str(rows), *shape,
                        '--as-of', '2026-04-01', '--quiet', '-o', path], check=True)
    return path


class Watch:
    """Looks for a file in memory among those that a process has open, as long as it runs."""

    def __init__(self, pid):
        self.folder = pathlib.Path('/proc') / str(pid) / 'fd'
        self.found = False
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.look)
        self.thread.start()

    def look(self):
        while not self.over.wait(0.005):
            try:
                names = [os.readlink(entry) for entry in self.folder.iterdir()]
            except OSError:
                continue
            self.found |= any(name.startswith('/memfd:') for name in names)

    def stop(self):
        self.over.set()
        self.thread.join()
        return self.found


def peak_kib(command, path, by_pipe):
    """Of a run in little space; it must end with 0 or 1."""
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (SPACE_BYTES, SPACE_BYTES))
    environment = os.environ | {'LC_ALL': 'C', 'TSUNAGI_SCHEMAS': str(ROOT / 'schemas')}
    source = subprocess.Popen(['cat', path], stdout=subprocess.PIPE) if by_pipe else None
    with subprocess.Popen([*command, '-' if by_pipe else path], preexec_fn=limit, env=environment,
                          stdin=source.stdout if by_pipe else subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as started:
        if by_pipe:
            source.stdout.close()
        watch = Watch(started.pid)
        said = started.stderr.read()
        _, status, usage = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        is_held = watch.stop()
    if by_pipe:
        source.wait()
    if started.returncode not in (0, 1):
        return None, f'status {started.returncode}: {said.decode(errors="replace")[-300:]}'
    if is_held:
        return None, 'it keeps a file in memory'
    return usage.ru_maxrss, ''


def fault_of(command, by_pipe, growth_kib, few, many):
    """What is wrong, or what it took."""
    small, wrong = peak_kib(command, few, by_pipe)
    if wrong:
        return wrong, ''
    large, wrong = peak_kib(command, many, by_pipe)
    if wrong:
        return wrong, ''
    took = f'{small >> 10} MiB, with ten times as many rows {large >> 10} MiB'
    return (took if large - small > max(growth_kib, GROWTH_KIB_MAX) else ''), took


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
            copier = [sys.executable, '-c', 'import os, sys; os.write(os.memfd_create("input"), '
                      'sys.stdin.buffer.read(100)); print(len(sys.stdin.buffer.read(10 ** 7)))']
            wanted = [('a command that holds its file', 'upload', False, 0, holder),
                      ('a command that copies its pipe', 'upload', True, BUFFERS_KIB_MAX, copier)]
        for name, kind, by_pipe, growth, command in wanted:
            wrong, took = fault_of(command, by_pipe, growth,
                                   compose(folder, binaries, kind, options.rows // 10),
                                   compose(folder, binaries, kind, options.rows))
            noticed = bool(wrong) == options.self_test
            print(f"{'ok' if noticed else 'FAIL':<5} {name}: {wrong or took}")
            faults += not noticed
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
