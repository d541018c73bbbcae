#!/usr/bin/env python3
"""A long run: a list of 125,000,000 numbers that nobody has, from a file, through a pipe and under
a memory limit. What the commands count must be what was planted. Exit 1 where it is not."""

import argparse
import os
import pathlib
import re
import sys
import tempfile

import answers
from composition import RUN, Society
from timing import Stopwatch

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIST = ['--layout', 'individual-number', '--quiet', *RUN]


def counts_of_report(report, _):
    return answers.by_code(report, ['NUM002', 'NUM004', 'TXT001'])


def counts_of_list(report, output):
    return counts_of_report(report, output) | {'NUM004': answers.duplicate_rows(output)[
        'duplicates']}


def counts_of_checkdigit(_, output):
    found = re.findall(rb'\t(check-digit|shape)\n', output.read_bytes())
    return {'NUM002': found.count(b'check-digit'), 'TXT001': found.count(b'shape')}


def commands(tools, path, report, work):
    """Name, arguments, how its counts are read."""
    told = ['--report', report, '--report-format', 'jsonl', '--max-findings', '0']
    find = [tools / 'tsunagi-duplicates', *LIST, *told]
    piped = ' '.join(map(str, [*find, '-']))
    yield 'duplicates, file', [*find, path], counts_of_list
    yield 'duplicates, pipe', ['sh', '-c', f'cat {path} | {piped}'], counts_of_list
    yield ('duplicates, --memory 64M', [*find, '--memory', '64M', '--work', work, path],
           counts_of_list)
    yield 'validate', [tools / 'tsunagi-validate', *LIST, *told, path], counts_of_report
    yield 'checkdigit', [tools / 'tsunagi-checkdigit', path], counts_of_checkdigit


def main():
    parser = argparse.ArgumentParser(prog='run.sh --soak', description=__doc__)
    parser.add_argument('--rows', type=int, default=125_000_000)
    parser.add_argument('--work', type=pathlib.Path, help='where the scratch folder is made')
    options = parser.parse_args()
    build = pathlib.Path(os.environ.get('TSUNAGI_BUILD') or ROOT / 'build')
    tools = (build / 'bin').resolve()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix='tsunagi-soak-', dir=options.work) as scratch:
        work = pathlib.Path(scratch)
        environment = os.environ | {'LC_ALL': 'C', 'TSUNAGI_SCHEMAS': str(ROOT / 'schemas')}
        stopwatch = Stopwatch(work, environment)
        path, planted = Society(tools, work, stopwatch, options.rows, ROOT).composed_list(
            options.rows)
        wanted = {'rows': planted['rows'], 'NUM002': planted['wrong'],
                  'NUM004': planted['duplicates'], 'TXT001': planted['blank']}
        output, report = work / 'output', work / 'report'
        for name, arguments, counts in commands(tools, path, report, work / 'spilled'):
            run = stopwatch.run(arguments, output)
            found = counts(report, output)
            differ = {key: value for key, value in found.items() if wanted[key] != value}
            left = list((work / 'spilled').iterdir()) if (work / 'spilled').exists() else []
            verdict = f'WRONG, wanted {wanted}, found {found}' if differ or left else 'as planted'
            wrong += bool(differ or left)
            print(f'{name}: {run.wall_seconds:.2f} s, CPU {run.cpu_seconds:.2f} s, '
                  f'{run.peak_bytes / (1 << 20):.0f} MiB, {verdict}', flush=True)
            report.unlink(missing_ok=True)
    sys.exit(1 if wrong else 0)


main()
