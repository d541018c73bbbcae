#!/usr/bin/env python3
"""Runs our commands and their peers in turn on composed data, holds their answers against each
other and prints one Markdown page. Asserts nothing about time. Exit 1 when answers differ."""

import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import machine
import table
from composition import Missing, Society
from jobs import Jobs
from timing import Stopwatch

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NATION = 125_000_000
LEDGER_MEMBERS = 1_000_000
STARTUP_MEMBERS = 1000
STARTUP_RUNS = 20
SLOW_SECONDS = 1.5           # small form: slower commands run twice, to end within 3 minutes
DISK_BYTES_PER_ROW = 2200    # the most that lies there at one time
MEMORY_BYTES_PER_ROW = 500   # outputs of one job, ours and a peer's
DISK_BYTES_PER_NUMBER = 60   # the list, and the temporary files of sort


def parsed():
    parser = argparse.ArgumentParser(prog='run.sh', description=__doc__)
    parser.add_argument('--full', action='store_true',
                        help='10,000,000 rows; 125,000,000 for the plain list')
    parser.add_argument('--growth', action='store_true',
                        help='only the growth: members 10^4 to 10^7 rows, the plain list up to '
                        '10^8')
    parser.add_argument('--rows', type=int, help='members, in place of 1,000,000')
    parser.add_argument('--runs', type=int, help='runs of each command (5; 3 with --full)')
    parser.add_argument('--only', metavar='WORD', help='jobs whose name has this word')
    parser.add_argument('--work', type=pathlib.Path, help='where the scratch folder is made')
    parser.add_argument('-o', '--output', type=pathlib.Path, help='write the page there')
    options = parser.parse_args()
    if any(count is not None and count < 1 for count in (options.rows, options.runs)):
        parser.error('--rows and --runs are at least 1')
    if options.work and not options.work.is_dir():
        parser.error('--work is no folder')
    build = pathlib.Path(os.environ.get('TSUNAGI_BUILD') or ROOT / 'build')
    options.bin = (build / 'bin').resolve()
    return options


def give_up(why):
    print(f'bench: {why}', file=sys.stderr)
    sys.exit(2)


def build_tools(options):
    """As the test command does, where there is no build yet."""
    build = options.bin.parent
    configure = ['cmake', '-S', ROOT, '-B', build, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release']
    jobs = os.environ.get('TSUNAGI_JOBS', '2')
    for step in (configure, ['cmake', '--build', build, '-j', jobs, '--target', 'tools',
                             'bench-compose-list']):
        if subprocess.run(step, stdout=sys.stderr, check=False).returncode != 0:
            give_up('the tools could not be built')


def members_of(options):
    return options.rows or (10_000_000 if options.full or options.growth else 1_000_000)


class Bench:
    """One run of the bench in one scratch folder."""

    def __init__(self, options, work, memory):
        self.options = options
        self.work = work
        self.memory = memory
        self.page = ''
        self.skipped = []
        self.is_wrong = False
        self.members = members_of(options)
        self.runs = options.runs or (3 if options.full else 5)
        environment = {name: value for name, value in os.environ.items()
                       if name != 'TSUNAGI_CONFIG'}
        environment |= {'LC_ALL': 'C', 'TMPDIR': str(work),
                        'TSUNAGI_SCHEMAS': str(ROOT / 'schemas'),
                        'TSUNAGI_SAMPLES': str(ROOT / 'samples')}
        self.stopwatch = Stopwatch(work, environment,
                                   float('inf') if options.full else SLOW_SECONDS)
        self.there, absent = machine.versions()
        self.skipped += absent
        folders = [(work, './'), (memory, './'), (options.bin, ''), (ROOT / 'tests/bench', '')]
        self.folders = sorted(folders, key=lambda pair: -len(str(pair[0])))

    def say(self, text):
        print(f'bench: {text}', file=sys.stderr, flush=True)

    def society(self, members, work=None):
        return Society(self.options.bin, work or self.work, self.stopwatch, members,
                       ROOT / 'schemas')

    def head(self):
        ours = machine.first_line([self.options.bin / 'tsunagi-validate', '--version'])
        commit = machine.first_line(['git', '-C', ROOT, 'describe', '--always', '--dirty'])
        self.page += '# Bench\n\n' + machine.description(
            self.work, self.memory, f'{ours}, commit {commit or "unknown"}', self.there)
        self.page += f'- Rows: {self.members:,}; runs of each command: {self.runs}, in turn\n'
        self.page += f'- Load of the machine at the start: {machine.load()}\n'

    def jobs(self):
        """Name, how to make it, what no later job needs."""
        full = self.options.full
        jobs = Jobs(self.society(self.members), self.work, self.memory, self.there, full)
        numbers = NATION if full else self.members
        yield 'structure, bare', lambda: jobs.structure(False), ['bare.csv']
        yield 'structure, all quoted', lambda: jobs.structure(True), [
            'quoted.csv', 'quoted-utf-8.csv', 'member-info-clean-utf-8.csv']
        yield 'convert', jobs.convert, ['member-info-clean.csv']
        yield 'validate', jobs.validate, ['member-info-utf-8.csv']
        yield 'validate, instruction sets', jobs.sets_of_validate, ['member-info.csv']
        yield 'check digits', jobs.checkdigit, ['wrong-number-list.csv']
        yield 'duplicates', jobs.duplicates, ['shared-numbers.csv']
        yield ('duplicates, plain list', lambda: jobs.duplicates_of_list(numbers, False), [])
        yield ('plain list, instruction sets', lambda: jobs.sets_of_list(numbers),
               ['number-list.csv', 'number-list.json'])
        yield 'build', jobs.build, []
        yield 'link', jobs.link, []
        yield 'check a release', jobs.check_release, []
        yield 'prove a release', jobs.prove_release, ['releases']
        yield ('diff with a ledger', self.jobs_with_ledger(jobs).diff_with_ledger,
               ['ledger.db', 'ledger.key', 'ledger.db.lock'])
        yield 'diff', jobs.diff, ['bulk', 'results', 'linked.csv', 'core.csv', 'core-next.csv']

    def jobs_with_ledger(self, jobs):
        """Of no more members than a ledger is made for in passing."""
        if self.members <= LEDGER_MEMBERS:
            return jobs
        folder = self.work / 'with-ledger'
        folder.mkdir(exist_ok=True)
        return Jobs(self.society(LEDGER_MEMBERS, folder), folder, self.memory, {})

    def timed_jobs(self):
        self.page += '\n## Jobs\n\n' + table.JOBS
        society = self.society(self.members)
        for name, make, no_longer_needed in self.jobs():
            if self.options.only and self.options.only not in name:
                continue
            try:
                job = make()
                self.say(f'{job.name}, {job.rows:,} rows')
                outcomes = self.stopwatch.compare(job.commands, job.expected, self.runs)
                self.is_wrong |= any(outcome.trouble for outcome in outcomes)
                self.page += table.job_rows(job, outcomes, self.folders,
                                            self.stopwatch.peak_floor_bytes)
            except Missing as missing:
                self.skipped.append(f'{name}: {missing}')
            except RuntimeError as trouble:  # its input could not be made
                self.is_wrong = True
                self.skipped.append(f'{name}: {trouble}')
            society.forget(*no_longer_needed)
        shutil.rmtree(self.work / 'with-ledger', ignore_errors=True)

    def startup(self):
        """Every command on a society of 1,000: what a clerk waits for."""
        folder = self.work / 'startup'
        folder.mkdir()
        jobs = Jobs(self.society(STARTUP_MEMBERS, folder), folder, folder, {})
        self.page += f'\n## Start-up, {STARTUP_MEMBERS:,} members, {STARTUP_RUNS} runs\n\n'
        self.page += table.STARTUP
        for make in (jobs.checkdigit, jobs.validate, jobs.duplicates, jobs.build, jobs.link,
                     jobs.diff):
            try:
                job = make()
            except Missing:
                continue  # said above
            except RuntimeError as trouble:
                self.is_wrong = True
                self.skipped.append(f'start-up: {trouble}')
                continue
            outcome = self.stopwatch.compare(job.commands, job.expected, STARTUP_RUNS)[0]
            self.is_wrong |= bool(outcome.trouble)
            self.page += table.startup_row(outcome, [(folder, './'), *self.folders],
                                           self.stopwatch.peak_floor_bytes)
        shutil.rmtree(folder)

    def growth(self):
        """Members up to what the run has; the plain list, which is cheap, ten times as many. Jobs
        that need the answers of a rehearsal first are left to the long forms."""
        self.page += '\n## Growth\n\n' + table.GROWTH
        is_long = self.options.full or self.options.growth
        rows = 10_000
        while rows <= self.members:
            self.grow(rows, 'validate', 'duplicates')
            if is_long:
                self.grow(rows, 'build', 'link', 'diff')
            rows *= 10
        most = 10 * self.members if is_long else 10_000_000
        rows = 10_000
        while rows <= most:
            self.grow(rows, 'duplicates_of_list')
            rows *= 10

    def grow(self, members, *names):
        society = self.society(members)
        jobs = Jobs(society, self.work, self.memory, {})
        for name in names:
            of_list = name == 'duplicates_of_list'
            job = getattr(jobs, name)(*([members, False] if of_list else []))
            self.say(f'{job.name}, {job.rows:,} rows')
            outcome = self.stopwatch.compare(job.commands, job.expected, self.runs)[0]
            self.is_wrong |= bool(outcome.trouble)
            self.page += table.growth_row(job.name, job.rows, outcome,
                                          self.stopwatch.peak_floor_bytes)
            society.forget('member-info.csv', 'shared-numbers.csv', 'number-list.csv',
                           'number-list.json')
        society.forget('bulk', 'results', 'linked.csv', 'core.csv', 'core-next.csv')

    def run(self):
        begin = time.monotonic()
        self.head()
        if self.options.growth:
            self.growth()
        else:
            self.timed_jobs()
            if not self.options.only or self.options.only in 'start-up':
                self.startup()
            if not self.options.only or self.options.only in 'growth':
                self.growth()
        self.page += ('\nPeak memory is that of the largest process of a command. CPU is user and '
                      'system time, median.\n')
        if self.skipped:
            self.page += '\n## Skipped\n\n' + ''.join(f'- {line}\n' for line in self.skipped)
        self.page += f'\nLoad of the machine at the end: {machine.load()}\n'
        self.say(f'{time.monotonic() - begin:.0f} s')
        return 1 if self.is_wrong else 0


def room(options):
    """Bytes that the run needs on the disk."""
    needed = members_of(options) * DISK_BYTES_PER_ROW
    return max(needed, NATION * DISK_BYTES_PER_NUMBER) if options.full else needed


def memory_folder(rows, work):
    """A folder without a disk below, where half of the room is enough; else the work folder."""
    shared = pathlib.Path('/dev/shm')
    if shared.is_dir() and os.access(shared, os.W_OK) and \
            min(shutil.disk_usage(shared).free, machine.available_bytes()) > \
            2 * rows * MEMORY_BYTES_PER_ROW:
        return pathlib.Path(tempfile.mkdtemp(prefix='tsunagi-bench-', dir=shared))
    return work


def main():
    options = parsed()
    if not (options.bin / 'bench-compose-list').exists():
        build_tools(options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))
    with tempfile.TemporaryDirectory(prefix='tsunagi-bench-', dir=options.work) as scratch:
        work = pathlib.Path(scratch)
        if shutil.disk_usage(work).free < room(options):
            give_up(f'{room(options) / (1 << 30):.0f} GiB are wanted in {work.parent}; see --work')
        rows = members_of(options)
        memory = memory_folder(rows, work)
        try:
            bench = Bench(options, work, memory)
            status = bench.run()
        finally:
            if memory != work:
                shutil.rmtree(memory)
    if options.output:
        options.output.write_text(bench.page, encoding='utf-8')
    else:
        print(bench.page, end='')
    sys.exit(status)


main()
