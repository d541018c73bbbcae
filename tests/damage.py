#!/usr/bin/env python3
"""Damaged inputs: every file that a command reads is damaged in some way, and the command runs. It
must end by itself with 0, 1, 2 or 75 and a coded word, count what it read, leave no half output and
no hidden file, say no number of a member, and say and write the same with one thread and with two.

Usage: damage.py --bin BIN [--seeds N] [--from N] [--only WORD]   (24 a job; 2000 for a release)
       damage.py --self-test
"""

import argparse
import concurrent.futures
import csv
import hashlib
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
INSURER = '06139992'
MEMBERS = '40'
SECONDS = 60
RUN = ['--as-of', '2026-11-25T01:00:00', '--lang', 'en']
CODE = re.compile(rb'\b[A-Z]{3}\d{3}\b')
COUNTS = re.compile(rb'input (\d+) = written (\d+) \+ unchanged (\d+) \+ pending (\d+)'
                    rb' \+ held (\d+) \+ rejected (\d+)')


# --- what befalls a file

def bit(data, at, _):
    data[at] ^= 1 << (at % 8)


def deleted_byte(data, at, _):
    del data[at]


def inserted_byte(data, at, dice):
    data.insert(at, dice.choice(b'\0\n\r,"\x1a\x80\xff\x1b0'))


def doubled_part(data, at, dice):
    data[at:at] = data[at:at + dice.randint(1, 200)]


def cut(data, at, _):
    del data[at:]


def emptied(data, _at, _dice):
    data.clear()


def swapped_digits(data, at, _):
    for place in range(at, len(data) - 1):
        if data[place:place + 2].isdigit():
            data[place], data[place + 1] = data[place + 1], data[place]
            return


def changed_digit(data, at, dice):
    for place in range(at, len(data)):
        if chr(data[place]).isdigit():
            data[place] = dice.choice(b'0123456789')
            return


def lines_of(data):
    return bytes(data).splitlines(keepends=True)


def lost_line(data, _, dice):
    lines = lines_of(data)
    del lines[dice.randrange(len(lines))]
    data[:] = b''.join(lines)


def doubled_line(data, _, dice):
    lines = lines_of(data)
    lines.insert(dice.randrange(len(lines)), dice.choice(lines))
    data[:] = b''.join(lines)


def swapped_lines(data, _, dice):
    lines = lines_of(data)
    a, b = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    data[:] = b''.join(lines)


def moved_comma(data, at, _):
    place = data.find(b',', at)
    if 0 <= place < len(data) - 2:
        data[place], data[place + 1] = data[place + 1], data[place]


def lost_quote(data, at, _):
    place = data.find(b'"', at)
    if place >= 0:
        del data[place]


def other_line_ends(data, _, dice):
    before, after = dice.choice([(b'\r\n', b'\n'), (b'\n', b'\r\n'), (b'\n', b'\r'),
                                 (b'\r\n', b'\r\n\r\n')])
    data[:] = bytes(data).replace(before, after)


def byte_order_mark(data, at, dice):
    data[(0 if dice.random() < 0.5 else at):0] = b'\xef\xbb\xbf'


def broken_character(data, at, dice):
    for place in range(at, len(data)):
        if data[place] >= 0x80:
            data[place] = dice.randrange(256)
            return


def long_field(data, at, dice):
    data[at:at] = dice.choice([b'9', b'\x83', b'"', b',']) * dice.choice([300, 70_000, 1_200_000])


def other_encoding(data, _at, _dice):
    data[:] = bytes(data).decode('utf-8', 'replace').encode('utf-16')


DAMAGES = [bit, deleted_byte, inserted_byte, doubled_part, cut, emptied, swapped_digits,
           changed_digit, lost_line, doubled_line, swapped_lines, moved_comma, lost_quote,
           other_line_ends, byte_order_mark, broken_character, long_field, other_encoding]


def damage(path, dice):
    """One or two damages; says which."""
    data = bytearray(path.read_bytes())
    names = []
    for _ in range(dice.choice([1, 1, 1, 2])):
        if not data:
            break
        chosen = dice.choice(DAMAGES)
        chosen(data, dice.randrange(len(data)), dice)
        names.append(chosen.__name__)
    path.chmod(0o600)
    path.write_bytes(data)
    return ' and '.join(names)


# --- the jobs: name, tool, arguments, files that are damaged

def jobs():
    who = ['--insurer', INSURER]
    upload, results = 'up/member-info_*.csv', 'answers/member-info-result_*.csv'
    profile = 'profile/*.csv'
    book = ['--ledger', 'book', '--key-file', 'key']
    copies = 'qualification/qualification_*.csv'
    accepted = 'qualified/qualification-result_*.csv'
    return [
        ('validate', 'validate', [*who, upload], [upload]),
        ('validate, profile', 'validate', ['--profile', './profile', *who, upload], [profile]),
        ('validate, core', 'validate', ['--core', 'core.csv', *who], ['core.csv']),
        ('validate, ledger', 'validate', ['--core', 'core.csv', *who, *book],
         ['core.csv', 'book', 'key']),
        ('validate, copies', 'validate', ['--known', 'keys.csv', *who, copies],
         [copies, 'keys.csv']),
        ('duplicates', 'duplicates', [upload], [upload]),
        ('duplicates, list', 'duplicates', ['--layout', 'individual-number', 'numbers.csv'],
         ['numbers.csv']),
        ('checkdigit', 'checkdigit', ['numbers.csv'], ['numbers.csv']),
        ('build', 'build', ['member-info', '--core', 'core.csv', *who, '--keep-good', '-o', 'out'],
         ['core.csv']),
        ('build, tables', 'build',
         ['member-info', '--core', 'core.csv', *who, '--mapping', 'mapping.csv', '--codes',
          'codes.csv', '-o', 'out'], ['mapping.csv', 'codes.csv']),
        ('build, copies', 'build',
         ['qualification', '--core', 'core-qualification.csv', '--linked', 'keys.csv', *who,
          '--keep-good', '-o', 'out'], ['core-qualification.csv', 'keys.csv']),
        ('issue', 'issue', ['--registry', 'new-registry', '-o', 'out', upload], [upload]),
        ('issue, registry', 'issue', ['--registry', 'registry', '-o', 'out', upload],
         ['registry', 'registry.key']),
        ('link', 'link',
         ['--core', 'core.csv', '--bulk', 'up', '--keep-good', '-o', 'out', results],
         ['core.csv', 'up/*.csv', results]),
        ('diff', 'diff', [*who, '--keep-good', '-o', 'out', 'linked.csv', 'next.csv'],
         ['linked.csv', 'next.csv']),
        ('diff, ledger', 'diff', [*who, *book, '-o', 'out', 'next.csv'],
         ['book', 'key', 'next.csv']),
        ('link, copies', 'link',
         ['--layout', 'qualification', '--core', 'next-qualification.csv', '--before',
          'linked-qualification.csv', '--bulk', 'qualification', '--keep-good', '-o', 'out', '--',
          accepted],
         ['next-qualification.csv', 'linked-qualification.csv', 'qualification/*.csv', accepted]),
        ('diff, copies', 'diff',
         ['--layout', 'qualification', '--linked', 'keys.csv', *who, '--keep-good', '-o', 'out',
          'linked-qualification.csv', 'next-qualification.csv'],
         ['linked-qualification.csv', 'next-qualification.csv', 'keys.csv']),
        ('ledger', 'ledger', [*book, 'verify'], ['book', 'key']),
        ('convert', 'convert', ['--to', 'cp932', '--from', 'utf-8', '-o', 'out', 'core.csv'],
         ['core.csv']),
        ('schema', 'schema', ['check', './profile'], [profile]),
        ('master', 'master', ['check', 'release-2'], ['release-2/*.csv']),
        ('master, proof', 'master', ['prove', 'release-2', 'release-2.5', 'release-2.5-full'],
         ['release-2*/*.csv']),
        ('master, difference', 'master', ['diff', 'release-2', 'release-2.5-full'],
         ['release-2/*.csv', 'release-2.5-full/*.csv']),
    ]


NO_MOMENT = {'checkdigit', 'schema', 'convert'}
# Status 1 says something else than a finding there: a wrong number, a difference.
ONE_WITHOUT_CODE = {'checkdigit', 'diff', 'master'}
NO_THREADS = {'checkdigit', 'issue', 'ledger', 'convert', 'schema', 'master'}


# --- a society that every job finds

class Society:
    def __init__(self, folder, binaries):
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != 'TSUNAGI_CONFIG'},
            'PATH': f'{binaries}:{os.environ["PATH"]}', 'LC_ALL': 'C',
            'TSUNAGI_SCHEMAS': str(ROOT / 'schemas'), 'TSUNAGI_SAMPLES': str(ROOT / 'samples')}

    def must(self, tool, *arguments):
        done = subprocess.run([f'tsunagi-{tool}', *arguments], cwd=self.folder, check=False,
                              env=self.environment, capture_output=True,
                              stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            sys.exit(f'tsunagi-{tool} {" ".join(arguments)}: {done.stderr.decode()}')

    def files(self, pattern):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.glob(pattern))

    def compose(self):
        sample = ['--quiet', '--members', MEMBERS, '--encoding', 'utf-8', '--as-of', '2026-11-22']
        self.must('sample', *sample, '-o', 'core.csv')
        self.must('sample', *sample, '--next', '14', '-o', 'next.csv')
        self.must('sample', '--quiet', '--members', '300', '--numbers', '--as-of', '2026-11-22',
                  '-o', 'numbers.csv')
        book = ['--ledger', 'book', '--key-file', 'key']
        self.must('ledger', *book, '--insurer', INSURER, '--as-of', '2026-11-22', 'init')
        self.must('build', 'member-info', '--core', 'core.csv', '--insurer', INSURER, *book,
                  '--as-of', '2026-11-22T09:00:00', '-o', 'up')
        upload = self.files('up/member-info_*.csv')
        self.must('ledger', *book, '--as-of', '2026-11-22T10:00:00', 'sent', *upload)
        self.must('issue', '--registry', 'registry', '--as-of', '2026-11-23', '-o', 'answers',
                  *upload)
        self.must('link', '--core', 'core.csv', *book, '--as-of', '2026-11-24',
                  '--keys', 'keys.csv', '-o', 'linked.csv',
                  *self.files('answers/member-info-result_*.csv'))
        self.must('sample', *sample, '--copies', 'qualification', '-o', 'core-qualification.csv')
        self.must('build', 'qualification', '--core', 'core-qualification.csv', '--linked',
                  'keys.csv', '--insurer', INSURER, '--as-of', '2026-11-24', '-o',
                  'qualification')
        self.must('issue', '--registry', 'registry', '--as-of', '2026-11-24T12:00:00', '-o',
                  'qualified', *self.files('qualification/qualification_*.csv'))
        self.must('link', '--layout', 'qualification', '--core', 'core-qualification.csv',
                  '--bulk', 'qualification', '--as-of', '2026-11-24T13:00:00', '-o',
                  'linked-qualification.csv',
                  *self.files('qualified/qualification-result_*.csv'))
        # One is gone, one is changed, and one was refused before.
        lines = (self.folder / 'core-qualification.csv').read_text(encoding='utf-8').splitlines()
        lines[3] = lines[3].rstrip('0123456789') + '20261101'
        (self.folder / 'next-qualification.csv').write_text(
            '\n'.join(lines[:2] + lines[3:]) + '\n', encoding='utf-8')
        linked = self.folder / 'linked-qualification.csv'
        linked.write_text(linked.read_text(encoding='utf-8').replace('accepted', 'refused', 1),
                          encoding='utf-8')
        shutil.copytree(ROOT / 'schemas' / 'briefing-2017', self.folder / 'profile')
        for source, name in (('mapping-vendor.csv', 'mapping.csv'),
                             ('codes-vendor.csv', 'codes.csv')):
            shutil.copy(ROOT / 'samples' / source, self.folder / name)
        for release in (ROOT / 'samples' / 'master').iterdir():
            shutil.copytree(release, self.folder / release.name)


def numbers_of(folder):
    with open(folder / 'next.csv', encoding='utf-8-sig', newline='') as source:
        return {row['individual_number'].encode() for row in csv.DictReader(source)} - {b''}


# --- one run and what is wrong with it

def expand(folder, words):
    for word in words:
        if '*' in word:
            yield from sorted(str(path.relative_to(folder)) for path in folder.glob(word))
        else:
            yield word


def words_of(folder, job, threads):
    _, tool, arguments, _ = job
    words = [f'tsunagi-{tool}', *expand(folder, arguments)]
    words += RUN[2:] if tool in NO_MOMENT else RUN
    return words if tool in NO_THREADS else [*words, '--threads', str(threads)]


def state_of(folder):
    """Every file below and what is in it."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).digest()
            for path in sorted(folder.rglob('*')) if path.is_file()}


def run_once(words, folder, environment, numbers, uncoded=(0,)):
    """(status, said, new files, what is wrong)"""
    before = set(state_of(folder))
    try:
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True,
                              check=False, stdin=subprocess.DEVNULL, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None, b'', {}, [f'still running after {SECONDS} s']
    said = done.stdout + done.stderr
    faults = []
    if done.returncode not in (0, 1, 2, 75):
        faults.append(f'status {done.returncode}: {done.stderr[-800:].decode(errors="replace")}')
    elif done.returncode not in uncoded and not CODE.search(said):
        faults.append(f'status {done.returncode} without a code: {said[-300:]!r}')
    for trouble in (b'Sanitizer', b'runtime error', b'terminate called', b'Assertion'):
        if trouble in said:
            faults.append(f'{trouble.decode()} in what it said')
    counted = COUNTS.search(said)
    if counted:
        read, *parts = (int(figure) for figure in counted.groups())
        if read != sum(parts):
            faults.append(f'counts do not add up: {counted.group().decode()}')
    if any(number in said for number in numbers):
        faults.append('a number of a member in what it said')
    after = state_of(folder)
    new = {name: digest for name, digest in after.items() if name not in before}
    faults += [f'left behind: {name}' for name in new
               if pathlib.Path(name).name.startswith('.') or name.endswith(('-journal', '.tmp'))]
    is_whole = 'out/manifest.csv' in new
    if any(name.startswith('out/member-info') for name in new) and not is_whole:
        faults.append('upload files without a manifest')
    if done.returncode == 2 and is_whole:
        faults.append('status 2, and a whole output')
    return done.returncode, said, new, faults


def try_one(society, job, seed, scratch, numbers):
    """What is wrong with one job on one damaged file."""
    dice = random.Random(f'{job[0]} {seed}')
    outcomes, faults = [], []
    uncoded = (0, 1) if job[1] in ONE_WITHOUT_CODE else (0,)
    first = scratch / f'{job[0].replace(", ", "-")}-{seed}'
    shutil.copytree(society.folder, first / 'one')
    victim = dice.choice(list(expand(first / 'one', job[3])))
    befallen = f'{victim}: {damage(first / "one" / victim, dice)}'
    shutil.copytree(first / 'one', first / 'two')
    for threads, name in ((1, 'one'), (2, 'two')):
        status, said, new, wrong = run_once(words_of(first / name, job, threads), first / name,
                                            society.environment, numbers, uncoded)
        outcomes.append((status, said, new if job[1] != 'issue' else set(new)))
        faults += wrong
        if job[1] in NO_THREADS:
            break
    if len(outcomes) == 2 and outcomes[0] != outcomes[1]:
        faults.append('one thread and two differ')
    shutil.rmtree(first)
    return [f'{job[0]}, seed {seed} ({befallen}): {fault}' for fault in faults]


# --- the runner

def run_all(options):
    faults, runs = [], 0
    # Where there is memory for it, nothing of this needs a disk.
    place = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix='tsunagi-damage-', dir=place) as name:
        scratch = pathlib.Path(name)
        society = Society(scratch / 'society', options.bin.resolve())
        society.folder.mkdir()
        society.compose()
        numbers = numbers_of(society.folder)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            started = [pool.submit(try_one, society, job, seed, scratch, numbers)
                       for job in jobs() if options.only in job[0]
                       for seed in range(options.first, options.first + options.seeds)]
            for one in concurrent.futures.as_completed(started):
                runs += 1
                for fault in one.result():
                    faults.append(fault)
                    print(f'FAIL  {fault}', flush=True)
    print(f'{runs} damaged inputs, {len(faults)} faults')
    return 1 if faults or runs == 0 else 0


def self_test():
    """A command that does what it must not is noticed."""
    number = b'123456789018'
    bad = {
        'dies': 'kill -SEGV $$', 'another status': 'exit 3', 'no code': 'echo oh; exit 1',
        'number': 'echo 123456789018', 'half an output': 'mkdir out; echo > out/member-info_1.csv',
        'counts': 'echo input 2 = written 1 + unchanged 0 + pending 0 + held 0 + rejected 0',
        'hidden file': 'echo > .left', 'journal': 'echo > book-journal',
        'whole though refused': 'mkdir out; echo > out/manifest.csv; echo SYS001; exit 2',
        'sanitizer': 'echo AddressSanitizer: oh SYS001; exit 1',
    }
    unseen = []
    for name, script in {**bad, 'good': 'echo FIL001; exit 2'}.items():
        with tempfile.TemporaryDirectory() as folder:
            faults = run_once(['sh', '-c', script], pathlib.Path(folder), os.environ, {number})[3]
        if bool(faults) != (name in bad):
            unseen.append(name)
    print(f'{len(bad) + 1} commands, judged wrongly: {", ".join(unseen) or "none"}')
    return 1 if unseen else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--bin', type=pathlib.Path)
    parser.add_argument('--seeds', type=int, default=24, help='damaged inputs of each job')
    parser.add_argument('--from', dest='first', type=int, default=0, help='the first seed')
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--only', default='', help='jobs whose name has this word')
    parser.add_argument('--self-test', action='store_true')
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    if options.bin is None:
        parser.error('--bin is missing')
    return run_all(options)


if __name__ == '__main__':
    sys.exit(main())
