#!/usr/bin/env python3
"""Canaries: the numbers, names and addresses of a synthetic society go through every command that
knows a ledger, success and failure; then everything but extracts and upload files is searched for
them: ledger, its journal while it lives, registry, lists, reports of every format, talk, names of
files. A tag that the ledger or the registry holds is in no other file either.

Usage: canary.py --bin BIN [--members N]   (default 200; 1000 for a release)
"""

import argparse
import base64
import csv
import hashlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
INSURER = '06139992'
# Files that hold members by their nature: what comes in, what goes out, the extract filled in.
OPEN = ('core', 'next', 'linked', 'up/member-info_', 'diff/member-info_', 'again/member-info_')


def forms_of_number(number):
    value = int(number)
    full_width = number.translate({ord('0') + i: 0xFF10 + i for i in range(10)})
    yield number.encode()
    yield full_width.encode()
    yield full_width.encode('cp932')
    for separator in '- ':
        yield separator.join((number[:4], number[4:8], number[8:])).encode()
    yield number.encode('utf-16-le')
    yield number.encode('utf-16-be')
    if number.startswith('0'):
        yield number.lstrip('0').encode()
    for size in (6, 8):  # SQLite keeps integers of this size in six bytes
        yield value.to_bytes(size, 'little')
        yield value.to_bytes(size, 'big')
    yield b'%x' % value
    yield number.encode().hex().encode()
    yield base64.b64encode(number.encode()).rstrip(b'=')
    digest = hashlib.sha256(number.encode())
    yield digest.digest()
    yield digest.hexdigest().encode()


def forms_of_text(text):
    for encoding in ('utf-8', 'cp932', 'utf-16-le', 'utf-16-be'):
        yield text.encode(encoding)
    yield hashlib.sha256(text.encode()).digest()


def canaries(extracts):
    patterns = {}
    for extract in extracts:
        with open(extract, encoding='utf-8-sig', newline='') as file:
            for row in csv.DictReader(file):
                if row['individual_number']:
                    for form in forms_of_number(row['individual_number']):
                        patterns[form] = 'individual_number'
                for item in ('name_kanji', 'name_kana', 'address'):
                    if len(row[item]) >= 4:
                        for form in forms_of_text(row[item]):
                            patterns[form] = item
    return patterns


class Journal(threading.Thread):
    """Copies every journal that it sees while the commands run."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder = folder
        self.seen = {}
        self.done = False

    def run(self):
        while not self.done:
            for path in self.folder.glob('*-journal'):
                try:
                    content = path.read_bytes()
                except OSError:
                    continue
                self.seen[hashlib.sha256(content).digest()] = content


class Society:
    def __init__(self, folder, binaries):
        self.folder = folder
        self.talk = []
        self.environment = os.environ | {
            'PATH': f'{binaries}:{os.environ["PATH"]}', 'LC_ALL': 'C',
            'TSUNAGI_SCHEMAS': str(ROOT / 'schemas'), 'TSUNAGI_SAMPLES': str(ROOT / 'samples')}

    def run(self, wanted, tool, *arguments, book=True):
        words = [f'tsunagi-{tool}', *arguments]
        if book:
            words += ['--ledger', 'book', '--key-file', 'key']
        done = subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True,
                              check=False, stdin=subprocess.DEVNULL)
        self.talk.append(done.stdout + done.stderr)
        if done.returncode not in wanted:
            sys.exit(f'{" ".join(words)}: {done.returncode}\n{done.stderr.decode()}')

    def files(self, pattern):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.glob(pattern))


def live(society, members):
    run = society.run
    sample = ['--quiet', '--members', str(members), '--insurer', INSURER, '--encoding', 'utf-8',
              '--as-of', '2026-11-22']
    run([0], 'sample', *sample, '-o', 'core.csv', book=False)
    run([0], 'sample', *sample, '--next', '14', '-o', 'next.csv', book=False)
    run([0], 'ledger', '--insurer', INSURER, '--as-of', '2026-11-22', 'init')
    build = ['member-info', '--core', 'core.csv', '--insurer', INSURER]
    run([0], 'build', *build, '--as-of', '2026-11-22T09:00:00', '-o', 'up')
    run([0], 'build', *build, '--as-of', '2026-11-22T09:30:00', '-o', 'up2')
    upload = society.files('up/member-info_*.csv')
    run([0], 'ledger', '--as-of', '2026-11-22T10:00:00', 'sent', *upload)
    run([0], 'issue', '--registry', 'registry', '--as-of', '2026-11-23', '-o', 'answers', *upload,
        book=False)
    answers = society.files('answers/member-info-result_*.csv')
    run([0], 'link', '--core', 'core.csv', '--as-of', '2026-11-24', '-o', 'linked.csv', *answers)
    diff = ['--insurer', INSURER, 'next.csv']
    run([0, 1], 'diff', '--as-of', '2026-12-06', '--dry-run', *diff)
    run([0, 1], 'diff', '--as-of', '2026-12-06', '-o', 'diff', *diff)
    changed = society.files('diff/member-info_*.csv')
    run([0], 'ledger', '--as-of', '2026-12-07', 'withdraw', *changed)
    run([0, 1], 'diff', '--as-of', '2026-12-08', '-o', 'again', *diff)
    for kind in ('text', 'jsonl', 'csv', 'sarif', 'html'):
        run([0, 1, 2], 'diff', '--insurer', INSURER, '--as-of', '2026-12-09', '-o', f'late-{kind}',
            '--report', f'report.{kind}', '--report-format', kind, 'core.csv')
    # Refused and failing: another key, an output that cannot be, an extract that is none.
    (society.folder / 'other').write_bytes(bytes(32))
    os.chmod(society.folder / 'other', 0o400)
    run([2], 'ledger', '--ledger', 'book', '--key-file', 'other', 'status', book=False)
    run([2], 'diff', '--as-of', '2026-12-10', '-o', '/proc/none', *diff)
    run([2], 'link', '--core', 'core.csv', '--as-of', '2026-12-10', '-o', 'linked.csv', *answers)
    run([0, 1, 2], 'ledger', '--insurer', INSURER, '--as-of', '2026-12-10', '--accepted',
        'linked.csv', 'init')
    run([0], 'ledger', 'status')
    run([0], 'ledger', 'verify')
    run([0], 'ledger', 'backup', '-o', 'copy')
    run([0, 1], 'ledger', '--as-of', '2026-12-10', '--core', 'linked.csv', '-o', 'losses.csv',
        'retag')
    (society.folder / 'gone.csv').write_text('member_id\nM0000001\n')
    run([0, 2], 'ledger', '--as-of', '2026-12-11', '--members', 'gone.csv', '--operator', 'desk',
        '-o', 'certificate.txt', 'purge')
    run([0, 1, 2], 'doctor', '--space', '1', '.')


def tags_of(path, sql):
    with sqlite3.connect(path) as database:
        return {row[0] for row in database.execute(sql)
                if isinstance(row[0], bytes) and len(row[0]) == 16 and any(row[0])}


def search(society, journal, patterns):
    """(file, what) of every hit."""
    places = {'(talk)': b'\n'.join(society.talk), '(journals)': b''.join(journal.seen.values()),
              '(names)': '\n'.join(society.files('**/*')).encode()}
    for name in society.files('**/*'):
        path = society.folder / name
        if path.is_file() and not name.startswith(OPEN):
            places[name] = path.read_bytes()
    tags = tags_of(society.folder / 'book', 'SELECT number_tag FROM member')
    tags |= tags_of(society.folder / 'registry', 'SELECT number_tag FROM member')
    stores = ('book', 'copy', 'registry', '(journals)')
    for name, content in places.items():
        for pattern, item in patterns.items():
            if pattern in content:
                yield name, item
        if name not in stores:
            for tag in tags:
                if tag in content or tag.hex().encode() in content:
                    yield name, 'tag of a number'
    print(f'{len(patterns)} forms and {len(tags)} tags in {len(places)} places, '
          f'{sum(map(len, places.values()))} bytes, {len(journal.seen)} journals')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--bin', required=True, type=pathlib.Path)
    parser.add_argument('--members', type=int, default=200)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix='tsunagi-canary-') as scratch:
        society = Society(pathlib.Path(scratch), arguments.bin.resolve())
        journal = Journal(society.folder)
        journal.start()
        live(society, arguments.members)
        journal.done = True
        journal.join()
        patterns = canaries([society.folder / 'core.csv', society.folder / 'next.csv'])
        # The search must be able to find: an upload file is full of them.
        upload = (society.folder / society.files('up/member-info_*.csv')[0]).read_bytes()
        if not any(pattern in upload for pattern in patterns):
            sys.exit('no canary in an upload file: the search is blind')
        hits = sorted(set(search(society, journal, patterns)))
        if not journal.seen:
            sys.exit('no journal was seen: the search is blind there')
        for name, item in hits:
            print(f'{name}: {item}')
        shutil.rmtree(society.folder / 'up', ignore_errors=True)
        sys.exit(1 if hits else 0)


main()
