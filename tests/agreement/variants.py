#!/usr/bin/env python3
"""Every instruction set, every number of threads and every memory limit gives the same bytes:
reports, lists, upload files, standard output, standard error, exit status.

--self-test: the comparison must notice one tool that says one byte more in one variant.
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RUN = ['--as-of', '2026-04-01', '--quiet']
INSURER = '06139992'  # the insurer of nobody that tsunagi-sample uses
MEMBERS = 50_000      # several segments: threads have something to do
SETS = ('scalar', 'sse2', 'avx2', 'avx512')
THREADS = ('1', '2')
LIMITS = ('1K', '300K', '2M')  # of --memory: far less than a partition, some of them, most
LIMITED = ('validate', 'duplicates')
NEEDED_FLAGS = {'scalar': set(), 'sse2': {'sse2'}, 'avx2': {'avx2'},
                'avx512': {'avx512f', 'avx512bw', 'avx512vbmi', 'avx512_vbmi2'}}


def processor_flags():
    with open('/proc/cpuinfo', encoding='utf-8') as stream:
        for line in stream:
            if line.startswith('flags'):
                return set(line.partition(':')[2].split())
    return set()


class Tools:
    def __init__(self, binaries):
        self.binaries = binaries

    def run(self, folder, arguments, instruction_set=''):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith('TSUNAGI_') or name == 'TSUNAGI_UNCHECKED'}
        environment |= {'LC_ALL': 'C', 'TSUNAGI_SCHEMAS': str(ROOT / 'schemas'),
                        'TSUNAGI_SAMPLES': str(ROOT / 'samples')}
        if instruction_set:
            environment['TSUNAGI_INSTRUCTION_SET'] = instruction_set
        done = subprocess.run([self.binaries / f'tsunagi-{arguments[0]}', *arguments[1:]],
                              cwd=folder, env=environment, capture_output=True, check=False,
                              stdin=subprocess.DEVNULL)
        if done.returncode not in (0, 1):
            sys.exit(f'tsunagi-{arguments[0]} ended with {done.returncode}: '
                     f'{done.stderr.decode(errors="replace")[-400:]}')
        return done


def spoil(path):
    """Bytes where nobody wants them, now and then; the same every time."""
    chance = random.Random(20261122)
    content = bytearray(path.read_bytes())
    for _ in range(len(content) // 3000):
        content[chance.randrange(len(content))] = chance.choice(b'\x00\x1f",\r\n\x7f\x82\xa0\xff')
    return bytes(content)


def compose(tools, folder):
    """Inputs: upload rows and lists with every fault, spoiled ones, two extracts."""
    sample = ['sample', *RUN, '--seed', '7']
    with_faults = ['--each', '40', '--faults', 'all']
    members = ['--members', str(MEMBERS)]
    tools.run(folder, [*sample, *members, '--upload', *with_faults, '-o', 'upload.csv'])
    tools.run(folder, [*sample, *members, '--numbers', '--each', '40', '--faults',
                       'swapped-digits', 'leading-zero', 'zero-number', 'stranger-number',
                       '-o', 'numbers.csv'])
    tools.run(folder, [*sample, *members, *with_faults, '-o', 'core.csv'])
    tools.run(folder, [*sample, '--members', '2000', '-o', 'old.csv'])
    tools.run(folder, [*sample, '--members', '2000', '--next', '3', '-o', 'new.csv'])
    # What the server would have given: diff wants an extract with branch numbers.
    header, *rows = (folder / 'old.csv').read_text(encoding='utf-8').splitlines()
    (folder / 'old.csv').write_text('\n'.join(
        [f'{header},branch_number', *(f'{row},{at:010d}' for at, row in enumerate(rows, 1))]) +
        '\n', encoding='utf-8')
    (folder / 'spoiled.csv').write_bytes(spoil(folder / 'upload.csv'))
    (folder / 'spoiled-numbers.csv').write_bytes(spoil(folder / 'numbers.csv'))


def commands(out):
    """What to run; `out` is where it writes."""
    report = ['--report', f'{out}/report', '--report-format', 'jsonl']
    plain = ['--layout', 'individual-number']
    for name in ('upload', 'spoiled'):
        yield ['validate', *RUN, *report, f'{name}.csv']
        yield ['duplicates', *RUN, *report, '-o', f'{out}/list', f'{name}.csv']
    for name in ('numbers', 'spoiled-numbers'):
        yield ['validate', *RUN, *plain, *report, f'{name}.csv']
        yield ['duplicates', *RUN, *plain, *report, '-o', f'{out}/list', f'{name}.csv']
        yield ['checkdigit', f'{name}.csv']
    yield ['build', 'member-info', *RUN, *report, '--keep-good', '--core', 'core.csv', '--insurer',
           INSURER, '-o', f'{out}/upload']
    yield ['diff', 'old.csv', 'new.csv', *RUN, *report, '--insurer', INSURER, '--allow-changed',
           '9999', '--allow-vanished', '9999', '-o', f'{out}/changes']


def variants(command, sets):
    """Instruction set, and options that must not matter."""
    for instruction_set in sets:
        for threads in THREADS:
            yield instruction_set, ['--threads', threads]
    if command[0] in LIMITED:
        for limit in LIMITS:
            yield sets[-1], ['--threads', '2', '--memory', limit, '--work', 'spilled']


def answer(tools, folder, command, instruction_set, options):
    """Everything that a command gives, by name."""
    out = folder / 'out'
    out.mkdir()
    # Options before operands: a list of operands comes last.
    command = [command[0], *options, *command[1:]]
    done = tools.run(folder, command, instruction_set)
    got = {'status': str(done.returncode).encode(), 'standard output': done.stdout,
           'standard error': done.stderr}
    for path in sorted(out.rglob('*')):
        if path.is_file():
            got[str(path.relative_to(out))] = path.read_bytes()
            path.unlink()
    for path in sorted(out.rglob('*'), reverse=True):
        path.rmdir()
    out.rmdir()
    return got


def compare(tools, folder, sets, wanted_commands):
    """A line for every difference."""
    faults = []
    for command in wanted_commands:
        first = None
        for instruction_set, options in variants(command, sets):
            got = answer(tools, folder, command, instruction_set, options)
            if first is None:
                first = got
                continue
            faults += [f'tsunagi-{command[0]} {instruction_set} {" ".join(options)}: {name} '
                       'differs' for name in sorted(first.keys() | got.keys())
                       if first.get(name) != got.get(name)]
    if (folder / 'spilled').exists() and list((folder / 'spilled').iterdir()):
        faults.append('something was left in the work folder')
    return faults


def self_test(binaries, folder, sets):
    """A tool that says one byte more in one variant, and one that leaves a file behind."""
    mutants = {'instruction set': f'[ "$TSUNAGI_INSTRUCTION_SET" != {sets[-1]} ] || echo',
               'threads': 'case "$*" in *"--threads 2"*) echo ;; esac',
               'memory': 'case "$*" in *"--memory 300K"*) echo ;; esac',
               'folder': 'case "$*" in *"--work"*) mkdir -p spilled; touch spilled/left ;; esac'}
    for name, mutant in mutants.items():
        fake = folder / name.replace(' ', '-')
        fake.mkdir()
        tool = fake / 'tsunagi-duplicates'
        tool.write_text(f'#!/bin/sh\n"{binaries}/tsunagi-duplicates" "$@"\nstatus=$?\n{mutant}\n'
                        'exit $status\n', encoding='utf-8')
        tool.chmod(0o700)
        if not compare(Tools(fake), folder, sets, [['duplicates', *RUN, '--layout',
                                                      'individual-number', 'numbers.csv']]):
            sys.exit(f'the mutant lives: {name}')
    print('every mutant was noticed')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--bin', type=pathlib.Path, required=True)
    parser.add_argument('--self-test', action='store_true')
    options = parser.parse_args()
    flags = processor_flags()
    sets = [name for name in SETS if NEEDED_FLAGS[name] <= flags]
    tools = Tools(options.bin.resolve())
    with tempfile.TemporaryDirectory(prefix='tsunagi-sets-') as scratch:
        folder = pathlib.Path(scratch)
        compose(tools, folder)
        if options.self_test:
            self_test(tools.binaries, folder, sets)
            return
        faults = compare(tools, folder, sets, list(commands('out')))
    for fault in faults:
        print(fault)
    print(f'{len(sets)} instruction sets, {len(THREADS)} numbers of threads, {len(LIMITS)} limits: '
          f'{len(faults)} differences')
    sys.exit(1 if faults else 0)


main()
