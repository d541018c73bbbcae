"""The input of the jobs, composed by tsunagi-sample; no row is about anybody."""

import json
import shutil

AS_OF = '2026-04-01'
SEED = '20260401'
INSURER = '06139992'  # the insurer of nobody that tsunagi-sample uses
RUN = ['--as-of', AS_OF, '--progress', 'never']
SHARED_NUMBERS = ['family-number', 'stranger-number', 'registered-twice', 'overlap']
WRONG_NUMBERS = ['swapped-digits', 'leading-zero', 'zero-number', 'placeholder-number']
ROWS_PER_FAULT = 1000  # one row in so many has each kind of fault
ROWS_PER_CUT = 997     # one row in so many has a field too many


def count_rows(path):
    with open(path, 'rb') as stream:
        return sum(block.count(b'\n') for block in iter(lambda: stream.read(1 << 20), b''))


class Missing(Exception):
    """A job cannot be done here; why."""


class Society:
    """Composes a file when it is first asked for, and keeps it until `forget`."""

    def __init__(self, tools, work, stopwatch, members, schemas):
        self.tools = tools
        self.work = work
        self.stopwatch = stopwatch
        self.members = members
        self.schemas = schemas

    def tool(self, name):
        path = self.tools / f'tsunagi-{name}'
        if not path.exists():
            raise Missing(f'tsunagi-{name} does not exist in this build, skipped')
        return path

    def sample(self, name, *options, faults=(), members=None):
        path = self.work / name
        if path.exists():
            return path
        members = members or self.members
        arguments = [self.tool('sample'), '--members', members, '--seed', SEED, *RUN, '--quiet',
                     '-o', path, *options]
        if faults:
            arguments += ['--each', max(1, members // ROWS_PER_FAULT), '--faults', *faults]
        self.stopwatch.prepare(arguments)
        return path

    def forget(self, *names):
        for name in names:
            path = self.work / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    # --- upload rows, CP932 as their profile says

    def upload_with_faults(self):
        return self.sample('member-info.csv', '--upload', faults=['all'])

    def upload_with_faults_utf8(self):
        return self.sample('member-info-utf-8.csv', '--upload', '--encoding', 'utf-8',
                           faults=['all'])

    def upload_with_shared_numbers(self):
        return self.sample('shared-numbers.csv', '--upload', faults=SHARED_NUMBERS)

    def upload(self):
        return self.sample('member-info-clean.csv', '--upload')

    def upload_utf8(self):
        return self.sample('member-info-clean-utf-8.csv', '--upload', '--encoding', 'utf-8')

    def upload_cut(self, quoted, encoding=''):
        """Some rows have a field too many. Written in blocks of whole lines."""
        stem = 'quoted' if quoted else 'bare'
        path = self.work / (f'{stem}-{encoding}.csv' if encoding else f'{stem}.csv')
        if path.exists():
            return path
        rows = self.upload_utf8() if encoding else self.upload()
        with open(rows, 'rb') as source, open(path, 'wb') as sink:
            for number, line in enumerate(source, 1):
                fields = line[:-2]
                if number % ROWS_PER_CUT == 0:
                    fields += b','
                if quoted:
                    # A second byte of CP932 is never a comma.
                    fields = b'"' + fields.replace(b',', b'","') + b'"'
                sink.write(fields + b'\r\n')
        return path

    def profile_of_structure(self, quoted):
        """briefing-2017 with every rule off but FIL and CSV."""
        folder = self.work / ('structure-quoted' if quoted else 'structure-bare')
        if folder.exists():
            return folder
        shutil.copytree(self.schemas / 'briefing-2017', folder)
        table = folder / 'profile.csv'
        lines = []
        for line in table.read_text(encoding='utf-8-sig').splitlines():
            key = line.partition(',')[0]
            if key.startswith('severity.') and key[9:12] not in ('FIL', 'CSV'):
                line = f'{key},off'
            if key == 'quote' and quoted:
                line = 'quote,always'
            lines.append(line)
        table.write_text('\n'.join(lines) + '\n', encoding='utf-8')
        return folder

    # --- plain lists

    def composed_list(self, rows):
        """(path, what was planted): by the composer of tests/bench, which is made for big lists."""
        path = self.work / 'number-list.csv'
        planted = self.work / 'number-list.json'
        if not path.exists():
            composer = self.tools / 'bench-compose-list'
            if not composer.exists():
                raise Missing('bench-compose-list is not built, skipped')
            if self.stopwatch.run([composer, rows, path], planted).status != 0:
                raise RuntimeError('the list could not be composed')
        return path, json.loads(planted.read_text(encoding='utf-8'))

    def list_of_wrong_numbers(self):
        return self.sample('wrong-number-list.csv', '--numbers', faults=WRONG_NUMBERS)

    # --- core extracts, upload files, results

    def core(self):
        return self.sample('core.csv')

    def core_next(self):
        return self.sample('core-next.csv', '--next', '7')

    def bulk(self):
        folder = self.work / 'bulk'
        if not folder.exists():
            self.stopwatch.prepare([self.tool('build'), 'member-info', '--core', self.core(),
                                    '--insurer', INSURER, *RUN, '--quiet', '-o', folder])
        return folder

    def results(self):
        """Result files of the bulk files, one each, from tsunagi-issue."""
        folder = self.work / 'results'
        if not folder.exists():
            bulk = sorted(self.bulk().glob('member-info_*.csv'))
            self.stopwatch.prepare([self.tool('issue'), '--registry', self.work / 'registry', *RUN,
                                    '--quiet', '-o', folder, *bulk])
            self.forget('registry', 'registry.key', 'registry.lock')
        return sorted(folder.glob('member-info-result_*.csv'))

    def ledger(self):
        """A ledger in which every member of the core is registered, and its key."""
        path, key = self.work / 'ledger.db', self.work / 'ledger.key'
        if not path.exists():
            self.stopwatch.prepare([self.tool('ledger'), 'init', '--ledger', path, '--key-file',
                                    key, '--insurer', INSURER, '--accepted', self.linked(), *RUN,
                                    '--quiet'])
        return path, key

    def linked(self):
        path = self.work / 'linked.csv'
        if not path.exists():
            self.stopwatch.prepare([self.tool('link'), '--core', self.core(), '--bulk', self.bulk(),
                                    *RUN, '--quiet', '-o', path, *self.results()])
        return path
