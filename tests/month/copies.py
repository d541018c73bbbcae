#!/usr/bin/env python3
"""Months of secondary copies: what the server has at the end is what a full load would give it.

A society's qualifications and two years of benefits are registered in order, then the differences
of every month: people who join and leave, people whose branch number comes late, benefits that are
new, corrected, withdrawn and brought back. The server refuses some records and answers some files a
month late. Every count reconciles, no record is sent while it waits, and at the end a model of the
server, fed with what was sent and accepted, holds the rows of a full load.

usage: copies.py --bin DIR [--members 300] [--months 3] [--seeds 1]
"""

import argparse
import csv
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

INSURER = '06139992'
SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / 'schemas'
BENEFITS = ['combined-care', 'injury-allowance', 'maternity-allowance', 'childbirth',
            'family-childbirth', 'funeral', 'family-funeral']
LAYOUTS = ['qualification', *BENEFITS]
KEY, BRANCH = 5, 4  # of an upload row
COUNTS = re.compile(r'input (\d+) = written (\d+) \+ unchanged (\d+) \+ pending (\d+) \+ held (\d+)'
                    r' \+ rejected (\d+)')


class Failure(Exception):
    pass


def check(holds, text):
    if not holds:
        raise Failure(text)


def read(path):
    with open(path, encoding='utf-8', newline='') as stream:
        return list(csv.DictReader(stream))


def write(path, columns, rows):
    with open(path, 'w', encoding='utf-8', newline='') as stream:
        writer = csv.DictWriter(stream, columns, lineterminator='\n')
        writer.writeheader()
        writer.writerows(rows)


class Copies:
    def __init__(self, tools, work, seed, members):
        self.tools, self.work, self.seed = tools, work, seed
        self.chance = random.Random(seed)
        self.members = members
        self.core = {}      # layout: rows as the core has them
        self.columns = {}
        self.kept = []      # (layout, row) that was withdrawn and may come back
        self.server = {layout: {} for layout in LAYOUTS}  # record key: the row it has
        self.late = {layout: [] for layout in LAYOUTS}    # (bulk folder, result) of last month
        self.told = {'accepted': 0, 'refused': 0}

    # --- commands

    def run(self, arguments, accepted=(0,)):
        done = subprocess.run([str(self.tools / f'tsunagi-{arguments[0]}'),
                               *[str(one) for one in arguments[1:]], '--lang', 'en'],
                              cwd=self.work, capture_output=True, text=True, check=False,
                              env={'PATH': '/usr/bin:/bin', 'LC_ALL': 'C',
                                   'TSUNAGI_SCHEMAS': str(SCHEMAS)})
        check(done.returncode in accepted,
              f'{arguments} ended with {done.returncode}:\n{done.stderr}')
        for counts in COUNTS.findall(done.stderr):
            whole, *parts = map(int, counts)
            check(whole == sum(parts), f'{arguments[:2]} does not reconcile: {counts}')
        return done

    def at(self, month, hour=9):
        return ['--as-of', f'2026-{month + 4:02}-0{hour % 9 + 1}T{hour:02}:00:00']

    # --- the society

    def compose(self):
        options = ['--quiet', '--members', self.members, '--seed', self.seed, '--as-of',
                   '2026-04-01', '--encoding', 'utf-8']
        self.run(['sample', *options, '-o', 'members.csv'])
        for layout in LAYOUTS:
            self.run(['sample', *options, '--copies', layout, '-o', f'{layout}.csv'])
            with open(self.work / f'{layout}.csv', encoding='utf-8', newline='') as stream:
                reader = csv.DictReader(stream)
                self.core[layout] = list(reader)
                self.columns[layout] = reader.fieldnames
        self.run(['build', 'member-info', '--core', 'members.csv', '--insurer', INSURER, '-o',
                  'members', *self.at(0, 1)])
        self.run(['issue', '--registry', 'registry', '-o', 'issued', *self.at(0, 2),
                  *sorted(self.work.glob('members/member-info_*.csv'))])
        self.run(['link', '--core', 'members.csv', '--bulk', 'members', '-o', 'linked.csv',
                  '--keys', 'all-keys.csv', *self.at(0, 3),
                  *sorted(self.work.glob('issued/member-info-result_*.csv'))])
        self.keys = read(self.work / 'all-keys.csv')
        late = self.chance.sample(self.keys, self.members // 15)
        self.waiting = {row['member_id'] for row in late}
        # Dependants come with their insured: those who join later are nobody's.
        alone = [row for row in self.core['qualification'] if row['member_kind'] == '1']
        insured = {row['principal_member_id'] for row in self.core['qualification']}
        alone = [row for row in alone if row['member_id'] not in insured]
        self.to_join = self.chance.sample(alone, min(len(alone) // 2, self.members // 10))
        joiners = {row['member_id'] for row in self.to_join}
        for layout in LAYOUTS:
            self.core[layout] = [row for row in self.core[layout]
                                 if not joiners & {row[name] for name in row
                                                   if name.endswith('member_id')}]
        self.add_benefits(0, self.members // 10)

    def add_benefits(self, month, count):
        """New ones of every kind, of people who are there."""
        people = self.core['qualification']
        pairs = [row for row in people if row['principal_member_id']]
        keys = {layout: {self.key_of(layout, row) for row in self.core[layout]}
                for layout in BENEFITS}
        for number in range(count):
            layout = self.chance.choice(BENEFITS)
            pair = self.chance.choice(pairs)
            one, other = pair['principal_member_id'], pair['member_id']
            day = f'2025{month + 1:02}{number % 28 + 1:02}'
            row = {name: '' for name in self.columns[layout]} | {'member_id': one}
            row |= {
                'combined-care': {'period_from': day, 'period_to': '20250731', 'own_total': '90000',
                                  'care_total': '20000', 'decided_on': '20251001',
                                  'paid_amount': '5000'},
                'injury-allowance': {'first_paid_on': day, 'period_from': day,
                                     'period_to': f'2025{month + 1:02}28', 'paid_days': '1',
                                     'paid_amount': '6000'},
                'maternity-allowance': {'birth_on': day, 'multiple': '0', 'period_from': day,
                                        'period_to': f'2025{month + 1:02}28', 'paid_days': '1',
                                        'paid_amount': '6000'},
                'childbirth': {'birth_on': day, 'child_count': '1', 'paid_amount': '500000'},
                'family-childbirth': {'birth_on': day, 'child_count': '1', 'paid_amount': '500000',
                                      'mother_member_id': other},
                'funeral': {'died_on': day, 'deceased_member_id': other, 'paid_amount': '50000'},
                'family-funeral': {'died_on': day, 'deceased_member_id': other,
                                   'paid_amount': '50000'}}[layout]
            if self.key_of(layout, row) not in keys[layout]:
                keys[layout].add(self.key_of(layout, row))
                self.core[layout].append(row)

    def key_of(self, layout, row):
        date = row.get('period_from') or next(
            row[name] for name in ('acquired_on', 'birth_on', 'died_on') if name in row)
        return f"K{row['member_id']}{date}"

    def live(self, month):
        """What a month changes."""
        chance = self.chance
        joined = [self.to_join.pop() for _ in range(min(len(self.to_join), self.members // 40 + 1))]
        self.core['qualification'] += joined
        for row in chance.sample(sorted(self.waiting), len(self.waiting) // 2):
            self.waiting.discard(row)
        for layout, row in self.kept:
            self.core[layout].append(row)
        self.kept = []
        for layout in LAYOUTS:
            rows = self.core[layout]
            for row in chance.sample(rows, len(rows) // 25):
                if layout == 'qualification':
                    row['card_issued_on'] = f'2026{month + 3:02}01'
                else:
                    row['paid_on'] = f'2026{month + 3:02}15'
            count = len(rows) // 40 if layout != 'qualification' else 0
            gone = set(chance.sample(range(len(rows)), count))
            self.core[layout] = [row for at, row in enumerate(rows) if at not in gone]
            self.kept += [(layout, rows[at]) for at in sorted(gone) if chance.random() < 0.5]
        self.add_benefits(month, self.members // 15)

    # --- a month

    def register(self, month, quiet):
        write(self.work / 'keys.csv', ['member_id', 'branch_number'],
              [row | {'branch_number': ''} if row['member_id'] in self.waiting else row
               for row in self.keys])
        (self.work / 'start.csv').write_text(
            f'insurer_number,provision_start_on\n{INSURER},20260601\n', encoding='utf-8')
        differences = 0
        for layout in LAYOUTS:
            differences += self.register_layout(layout, month, quiet)
        return differences

    def register_layout(self, layout, month, quiet):
        core, linked = f'{layout}-{month}.csv', f'linked-{layout}.csv'
        previous = f'{layout}-{month - 1}.csv'
        write(self.work / core, self.columns[layout], self.core[layout])
        where = ['--insurer', INSURER, '--linked', 'keys.csv', '--provision-start', 'start.csv',
                 *self.at(month, 4)]
        if layout != 'qualification':
            where += ['--qualification', 'linked-qualification.csv']
        folder = f'bulk-{layout}-{month}'
        for bulk, results in self.late[layout]:
            self.link(layout, previous, bulk, results, month)
        self.late[layout] = []
        if month == 0:
            if not self.core[layout]:
                return 0
            self.run(['build', layout, '--core', core, *where, '--keep-good', '-o', folder],
                     accepted=(0, 1))
        else:
            if not (self.work / linked).exists():
                return 0
            self.run(['diff', '--layout', layout, linked, core, *where, '--keep-good',
                      '--allow-vanished', self.members, '--allow-changed', self.members, '-o',
                      folder], accepted=(0, 1))
            self.check_changes(layout, folder)
        bulks = sorted((self.work / folder).glob(f'{layout}_*.csv'))
        results = [result for bulk in bulks for result in self.serve(layout, bulk, month, quiet)]
        is_late = bool(bulks) and not quiet and self.chance.random() < 0.25
        if bulks or month == 0:
            self.link(layout, core, folder, [] if is_late else results, month)
        if is_late:
            self.late[layout].append((folder, results))
        return len(bulks)

    def check_changes(self, layout, folder):
        rows = [row for bulk in sorted((self.work / folder).glob(f'{layout}_*.csv'))
                for row in csv.reader(bulk.read_text(encoding='cp932').splitlines())]
        kinds = [row['change_type'] for row in read(self.work / folder / 'changes.csv')]
        check(kinds == [row[1] for row in rows], f'{folder}: changes.csv differs from the files')
        for row in rows:
            known = row[KEY] in self.server[layout]
            check(known == (row[1] != '1'), f'{folder}: a record is sent as type {row[1]}')

    def link(self, layout, core, bulk, results, month):
        linked = self.work / f'linked-{layout}.csv'
        before = ['--before', 'before.csv'] if linked.exists() else []
        if before:
            shutil.copy(linked, self.work / 'before.csv')
        self.run(['link', '--layout', layout, '--core', core, *before, '--overwrite', '-o',
                  linked.name, *self.at(month, 8), '--bulk', bulk, '--', *results],
                 accepted=(0, 1))

    def serve(self, layout, bulk, month, quiet):
        """The server's part: some rows are refused, the others are what the rehearsal says."""
        lines = bulk.read_bytes().splitlines(keepends=True)
        is_refused = [not quiet and self.chance.random() < 0.1 for _ in lines]
        refused = [line for line, no in zip(lines, is_refused) if no]
        kept = [line for line, no in zip(lines, is_refused) if not no]
        results = []
        if refused:
            path = self.work / f'refused-{bulk.name}'
            path.write_bytes(b''.join(self.refusal(line) for line in refused))
            results.append(path)
        if kept:
            copy = self.work / f'sent-{bulk.parent.name}' / bulk.name
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(b''.join(kept))
            out = self.work / f'result-{bulk.parent.name}-{bulk.stem[-4:]}'
            self.run(['issue', '--registry', 'registry', '--insurer', INSURER, '-o', out,
                      *self.at(month, 6), copy], accepted=(0, 1))
            results += sorted(out.glob(f'{layout}-result_*.csv'))
            self.apply(layout, kept, results[-1])
        self.told['refused'] += len(refused)
        return results

    def refusal(self, line):
        record_id, kind, _, _, _, key = line.decode('cp932').split(',')[:6]
        return f'REHEARSALR1,{record_id},{key},{kind},9,E1,,,,\r\n'.encode()

    def apply(self, layout, lines, result):
        sent = {row[0]: row for row in
                csv.reader(line.decode('cp932').strip() for line in lines)}
        for answer in csv.reader(result.read_text(encoding='cp932').splitlines()):
            row = sent[answer[1]]
            check(answer[4] == '1', f'{result.name}: the server refuses {row[1]}: {answer[5:7]}')
            self.told['accepted'] += 1
            if row[1] == '3':
                del self.server[layout][row[KEY]]
            else:
                self.server[layout][row[KEY]] = row

    # --- the end

    def prove(self, month):
        records = 0
        for layout in LAYOUTS:
            folder = self.work / f'full-{layout}'
            if not self.core[layout]:
                check(not self.server[layout], f'{layout}: the server has what nobody has')
                continue
            qualified = ['--qualification', 'linked-qualification.csv']
            self.run(['build', layout, '--core', f'{layout}-{month}.csv', '--insurer', INSURER,
                      '--linked', 'keys.csv', '--provision-start', 'start.csv', '-o', folder,
                      *self.at(month, 4), *(qualified if layout != 'qualification' else [])])
            full = {row[KEY]: row for bulk in folder.glob(f'{layout}_*.csv')
                    for row in csv.reader(bulk.read_text(encoding='cp932').splitlines())}
            content = lambda row: row[2:8] + row[9:]  # without record id, change type, moment
            check(full.keys() == self.server[layout].keys(),
                  f'{layout}: the server has {len(self.server[layout])} of {len(full)} records')
            for key, row in full.items():
                check(content(row) == content(self.server[layout][key]),
                      f'{layout}: a record is not as it should be')
            linked = [row for row in read(self.work / f'linked-{layout}.csv')
                      if row['registration'] == 'accepted']
            check({row['record_key']: row['branch_number'] for row in linked} ==
                  {key: row[BRANCH] for key, row in full.items()},
                  f'{layout}: the linked extract is not what the server has')
            records += len(full)
        return records

    def enforce_order(self):
        """Benefits before the qualifications: the server takes none of them."""
        write(self.work / 'early.csv', self.columns['funeral'], self.core['funeral'])
        self.run(['build', 'funeral', '--core', 'early.csv', '--linked', 'all-keys.csv',
                  '--insurer', INSURER, '-o', 'early', *self.at(0, 4)])
        done = self.run(['issue', '--registry', 'registry', '--insurer', INSURER, '-o', 'refused',
                         *self.at(0, 4), *sorted(self.work.glob('early/funeral_*.csv'))],
                        accepted=(1,))
        check(f"rejected {len(self.core['funeral'])}" in done.stderr, done.stderr)


def simulate(options, seed, work):
    copies = Copies(options.bin, work, seed, options.members)
    copies.compose()
    copies.enforce_order()
    copies.register(0, False)
    for month in range(1, options.months + 1):
        copies.live(month)
        copies.register(month, False)
    copies.waiting.clear()
    for month in range(options.months + 1, options.months + 5):
        if copies.register(month, True) == 0:
            break
    else:
        raise Failure('the differences do not come to rest')
    records = copies.prove(month)
    print(f"seed {seed}: {options.months} months, {options.members} members, {records} records, "
          f"{copies.told['accepted']} accepted, {copies.told['refused']} refused")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--bin', type=pathlib.Path, required=True)
    parser.add_argument('--members', type=int, default=300)
    parser.add_argument('--months', type=int, default=3)
    parser.add_argument('--seeds', type=int, default=1)
    parser.add_argument('--first', type=int, default=1, help='the first seed')
    parser.add_argument('--keep', action='store_true', help='keep the folder of a failure')
    options = parser.parse_args()
    options.bin = options.bin.resolve()
    for seed in range(options.first, options.first + options.seeds):
        work = pathlib.Path(tempfile.mkdtemp(prefix='copies-'))
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
