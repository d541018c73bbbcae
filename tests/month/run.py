"""A month of daily work with a ledger: what the ledger says at the end is what a full load says.

Every day the society changes (hires, births, leavers, marriages, moves, people hired again), the
extract is compared with the ledger, the rehearsal's server answers, and the answers are linked.
Answers come late, updates and registrations are refused, and every run is killed at random moments
and started again. On one day the extract's columns change and a mapping table explains them.

usage: run.py --bin DIR [--days 30] [--members 200] [--kills 12] [--seeds 1]
"""

import argparse
import csv
import datetime
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

INSURER = '06139992'
FIRST = datetime.date(2026, 4, 1)
SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / 'schemas'
DONE = (0, 1)  # the work was done; 1 with differences or refusals


class Failure(Exception):
    pass


def check(holds, text):
    if not holds:
        raise Failure(text)


class Society:
    """The members as the core system has them, by member_id, in order."""

    def __init__(self, rows, newcomers, chance):
        self.columns = list(rows[0])
        self.members = {row['member_id']: row for row in rows}
        self.newcomers = newcomers
        self.chance = chance
        self.former = []          # rows of leavers who may be hired again
        self.to_vouch = []        # (new member_id, former member_id)
        self.numbers_to_come = {} # member_id: (day, number)

    def active(self):
        return [row for row in self.members.values() if not row['lost_on']]

    def live(self, day):
        today = (FIRST + datetime.timedelta(day)).strftime('%Y%m%d')
        chance = self.chance
        for _ in range(chance.randint(0, 3)):
            self.hire(day, today)
        for row in chance.sample(self.active(), 4):
            event = chance.choice(['move', 'marriage', 'leave', 'rest', 'rest'])
            if event == 'move':
                row['address'] = f'東京都千代田区{day}-{chance.randint(1, 99)}'
            elif event == 'marriage':
                row['name_kanji'] = f"見本　{chance.choice(['幸子', '和子', '直子'])}"
                row['name_kana'] = 'ミホン　サチコ'
            elif event == 'leave':
                row['lost_on'], row['lost_reason'] = today, '99'
                self.former.append((day, row))
        if day % 7 == 5:
            self.hire_again(day, today)
        for member, (due, number) in list(self.numbers_to_come.items()):
            if due <= day:
                self.members[member]['individual_number'] = number
                del self.numbers_to_come[member]

    def hire(self, day, today):
        row = dict(self.newcomers.pop())
        row['member_id'] = f'N{len(self.members):07}'
        row['acquired_on'], row['lost_on'], row['lost_reason'] = today, '', ''
        if self.chance.random() < 0.3:  # a birth: the number comes some days later
            self.numbers_to_come[row['member_id']] = (day + 3, row['individual_number'])
            row['individual_number'] = ''
        self.members[row['member_id']] = row

    def hire_again(self, day, today):
        """Somebody who left comes back under another member_id; the old row is gone."""
        ready = [(left, row) for left, row in self.former if day - left >= 4]
        if not ready:
            return
        self.former.remove(ready[0])
        row = ready[0][1]
        former = row['member_id']
        del self.members[former]
        row = dict(row, member_id=f'R{day:07}', acquired_on=today, lost_on='', lost_reason='')
        self.members[row['member_id']] = row
        self.to_vouch.append((row['member_id'], former))

    def write(self, path, renamed):
        titles = [renamed.get(name, name) for name in self.columns]
        with open(path, 'w', encoding='utf-8', newline='') as stream:
            writer = csv.writer(stream, lineterminator='\n')
            writer.writerow(titles)
            for row in self.members.values():
                writer.writerow([row[name] for name in self.columns])


class Month:
    def __init__(self, tools, work, seed, members, kills, days):
        self.tools, self.work, self.days = tools, work, days
        self.chance = random.Random(seed)
        self.book = ['--ledger', 'book', '--key-file', 'book.key']
        self.kills = 0
        self.kill_days = [self.chance.randrange(days) for _ in range(kills)]
        self.results = []     # (day of arrival or None, path)
        self.pending_due = [] # days on which a pending registration is completed
        self.branches = {}    # member_id: branch number that the server issued
        self.mapping = []     # options, from the day of the change on
        self.tables = {}
        rows = self.compose('core.csv', members, 7 + seed)
        newcomers = self.compose('newcomers.csv', 4 * days + 20, 70007 + seed)
        known = {row['individual_number'] for row in rows}
        newcomers = [row for row in newcomers if row['individual_number'] not in known]
        self.society = Society(rows, newcomers, self.chance)

    def compose(self, name, members, seed):
        self.run(['sample', '--members', members, '--seed', seed, '--as-of', FIRST, '--quiet',
                  '-o', name])
        with open(self.work / name, encoding='utf-8', newline='') as stream:
            return list(csv.DictReader(stream))

    def command(self, arguments):
        name, *rest = map(str, arguments)
        return [str(self.tools / f'tsunagi-{name}'), *rest]

    def run(self, arguments, accepted=DONE):
        done = subprocess.run(self.command(arguments), cwd=self.work, text=True,
                              capture_output=True, check=False)
        check(done.returncode in accepted,
              f'{" ".join(map(str, arguments))}: status {done.returncode}\n{done.stderr}')
        return done

    def run_through_kills(self, arguments, day, accepted=DONE):
        """The same command again, killed at random moments; the last one is left alone."""
        for _ in range(self.kill_days.count(day)):
            child = subprocess.Popen(self.command(arguments), cwd=self.work,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(self.chance.random() * self.chance.choice([0.01, 0.04, 0.12]))
            child.kill()
            self.kills += child.wait() == -9
        return self.run(arguments, accepted)

    @staticmethod
    def at(day, hour):
        return ['--as-of', f'{FIRST + datetime.timedelta(day)}T{hour:02}:00:00']

    # --- the day

    def live(self, day):
        if day > 0:
            self.society.live(day)
        if day == self.days // 2:
            self.change_mapping()
        self.society.write(self.work / 'today.csv', self.tables)
        self.register(day)

    def register(self, day):
        folder = f'upload-{day}'
        self.run_through_kills(['diff', *self.book, 'today.csv', '-o', folder, *self.at(day, 9),
                                '--quiet', *self.mapping], day)
        check((self.work / folder / 'manifest.csv').exists(), f'day {day}: nothing was published')
        self.serve(day, sorted((self.work / folder).glob('member-info_*.csv')))
        self.link(day)
        for member, former in self.society.to_vouch:
            self.run(['ledger', 'acknowledge', *self.book, '--member', member, '--of', former,
                      '--reason', 'hired again', '--operator', 'tester', *self.at(day, 20)])
            self.branches[member] = self.branches.get(former, '')
        self.society.to_vouch.clear()

    def change_mapping(self):
        self.tables = {'address': 'jusho', 'name_kana': 'furigana'}
        (self.work / 'mapping.csv').write_text(
            'field,source,convert,argument\naddress,jusho,copy,\nname_kana,furigana,trim,\n',
            encoding='utf-8')
        self.mapping = ['--mapping', 'mapping.csv']

    def serve(self, day, files):
        """The server's part: some rows are refused, some files are answered late or pending."""
        if self.pending_due and min(self.pending_due) <= day:
            self.run(['issue', '--registry', 'registry', '--complete', '-o', f'completed-{day}',
                      '--quiet', *self.at(day, 10)])
            self.pending_due.clear()
            self.arrive(f'completed-{day}', day)
            self.results = [(day if due is None else due, path) for due, path in self.results]
        for number, path in enumerate(files):
            refused, kept = self.refuse(path, day)
            late = day + self.chance.choice([0, 0, 0, 1, 4])
            name = f'answer-{day}-{number}'
            is_pending = kept is not None and self.chance.random() < 0.15
            if refused:
                # All answers to one file arrive together, else RES002.
                arrival = None if is_pending else late
                self.answer_refused(f'{name}-refused.csv', refused, day, arrival)
            if kept is None:
                continue
            if is_pending:
                self.run(['issue', '--registry', 'registry', '--pending', '--quiet',
                          *self.at(day, 11), kept])
                self.pending_due.append(day + 2)
                continue
            self.run(['issue', '--registry', 'registry', '-o', name, '--quiet', *self.at(day, 11),
                      kept])
            self.arrive(name, late)

    def refuse(self, path, day):
        """Takes rows out of a file: (their fields, the file with the others)."""
        lines = path.read_bytes().splitlines(keepends=True)
        quiet = day == 0 or day >= self.days
        out = [line for line in lines if not quiet and self.chance.random() < 0.08]
        kept = [line for line in lines if line not in out]
        if not kept:
            return out, None
        copy = self.work / f'sent-{day}' / path.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(b''.join(kept))
        return out, copy

    def answer_refused(self, name, lines, day, late):
        moment = (FIRST + datetime.timedelta(day)).strftime('%Y%m%d') + '120000'
        with open(self.work / name, 'wb') as stream:
            for line in lines:
                record_id, kind, _, member = line.decode('cp932').split(',')[:4]
                stream.write(f'REHEARSALR{day:09},{record_id},{member},{kind},9,E1,,,,{moment}\r\n'
                             .encode())
        self.results.append((late, name))

    def arrive(self, folder, day):
        for path in sorted((self.work / folder).glob('member-info-result_*.csv')):
            for row in csv.reader(path.read_text(encoding='cp932').splitlines()):
                if row[3] == '1' and row[4] == '1':
                    self.branches[row[2]] = row[7]
            self.results.append((day, f'{folder}/{path.name}'))

    def link(self, day):
        arrived = [path for due, path in self.results if due is not None and due <= day]
        self.results = [(due, path) for due, path in self.results if path not in arrived]
        if not arrived:
            return
        self.chance.shuffle(arrived)
        if self.chance.random() < 0.2:
            self.results.append((day + 1, arrived[0]))  # delivered twice
        linked = self.work / 'linked.csv'
        linked.unlink(missing_ok=True)
        done = self.run_through_kills(['link', *self.book, '--core', 'today.csv', '-o', linked.name,
                                       '--overwrite', *self.at(day, 15), *self.mapping, *arrived],
                                      day)
        check(linked.exists(), f'day {day}: nothing was linked\n{done.stderr}')

    # --- the end

    def settle(self):
        """Days without news, until nothing is owed and nothing waits."""
        for day in range(self.days, self.days + 12):
            self.society.numbers_to_come.clear()
            self.society.write(self.work / 'today.csv', self.tables)
            self.register(day)
            told = self.run(['diff', *self.book, 'today.csv', '--dry-run', *self.at(day, 21),
                             *self.mapping, '--lang', 'en'])
            if told.returncode == 0 and 'pending 0 ' in told.stderr and not self.results:
                return day
        raise Failure(f'the ledger does not come to rest:\n{told.stderr}')

    def prove(self, day):
        told = self.run(['diff', *self.book, 'today.csv', '-o', 'last', *self.at(day, 22),
                         '--lang', 'en', *self.mapping], accepted=[0])
        changes = (self.work / 'last/changes.csv').read_text(encoding='utf-8').splitlines()
        check(len(changes) == 1, f'differences are left: {changes[1:4]}\n{told.stderr}')
        self.run(['ledger', 'verify', *self.book], accepted=[0])
        # The linked extract has the branch numbers that the server issued, and no other.
        self.run(['link', *self.book, '--core', 'today.csv', '-o', 'linked.csv', '--overwrite',
                  '--quiet', *self.at(day, 23), *self.mapping, 'answer-0-0/' +
                  next((self.work / 'answer-0-0').glob('member-info-result_*.csv')).name])
        with open(self.work / 'linked.csv', encoding='utf-8', newline='') as stream:
            linked = list(csv.DictReader(stream))
        for row in linked:
            wanted = self.branches.get(row['member_id'], '') if row['individual_number'] else ''
            check(row['branch_number'] == wanted, 'a branch number is not the one that was issued')
        registered = sum(1 for row in linked if row['branch_number'])
        # A full load of the last day is what the month has come to.
        full = ['--ledger', 'full', '--key-file', 'full.key']
        self.run(['ledger', 'init', *full, '--insurer', INSURER, '--accepted', 'linked.csv',
                  '--quiet', *self.at(day, 23), *self.mapping], accepted=[0])
        told = self.run(['diff', *full, 'today.csv', '-o', 'full-diff', *self.at(day, 23),
                         '--lang', 'en', *self.mapping], accepted=[0])
        check(f'unchanged {registered} ' in told.stderr, f'a full load differs:\n{told.stderr}')
        return registered


def simulate(options, seed, work):
    month = Month(options.bin, work, seed, options.members, options.kills, options.days)
    month.run(['ledger', 'init', *month.book, '--insurer', INSURER, '--quiet', '--as-of', FIRST])
    for day in range(options.days):
        month.live(day)
    last = month.settle()
    registered = month.prove(last)
    print(f'seed {seed}: {options.days} days, {len(month.society.members)} members, '
          f'{registered} registered, {month.kills} runs killed')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--bin', type=pathlib.Path, required=True)
    parser.add_argument('--days', type=int, default=30)
    parser.add_argument('--members', type=int, default=200)
    parser.add_argument('--kills', type=int, default=12)
    parser.add_argument('--seeds', type=int, default=1)
    parser.add_argument('--keep', action='store_true', help='keep the folder of a failed month')
    options = parser.parse_args()
    options.bin = options.bin.resolve()
    for seed in range(1, options.seeds + 1):
        work = pathlib.Path(tempfile.mkdtemp(prefix='month-'))
        try:
            simulate(options, seed, work)
        except Failure as failure:
            print(f'seed {seed}: {failure}', file=sys.stderr)
            if options.keep:
                print(f'kept: {work}', file=sys.stderr)
                return 1
            shutil.rmtree(work)
            return 1
        shutil.rmtree(work)
    return 0


if __name__ == '__main__':
    sys.exit(main())
