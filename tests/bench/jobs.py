"""The jobs: ours first, then what a peer does of the same."""

import dataclasses
import functools
import pathlib
import shutil

import answers
import composition
import machine
import peers
import releases
from composition import RUN, count_rows
from timing import Command

HERE = pathlib.Path(__file__).resolve().parent
PART = ['COD001', 'DAT001', 'NUM001', 'NUM002', 'NUM003', 'TXT001']
AS_OF = RUN[:2]
SORT = 'sort --parallel=2 -S 25%'


@dataclasses.dataclass
class Job:
    name: str
    rows: int
    commands: list
    expected: dict = dataclasses.field(default_factory=dict)  # where no peer says it


class Jobs:
    """Each method composes its input and gives one job. `forget` names what no later job needs."""

    def __init__(self, society, work, memory, there, with_slow_peers=False):
        self.with_slow_peers = with_slow_peers
        self.society = society
        self.work = work
        self.memory = memory  # where outputs go: without a disk to wait for, where there is room
        self.there = there

    def ours(self, name, arguments, facts, outputs=(), note=''):
        return Command(f'tsunagi-{name}', [self.society.tool(name), *arguments], facts,
                       list(outputs), note)

    def peer(self, name, command):
        return [command] if name in self.there else []

    def engine(self, name, question, operands, facts, outputs=(), note=''):
        """`question` is the function of peers that writes the SQL."""
        if name not in self.there:
            return []
        return [Command(name, ['node', HERE / f'{name}.js', question(*operands)], facts,
                        list(outputs), note,
                        label=f'node {name}.js, SQL of peers.{question.__name__}')]

    def duckdb(self, *arguments, **options):
        return self.engine('duckdb', *arguments, **options)

    def clickhouse(self, *arguments, **options):
        return self.engine('clickhouse', *arguments, **options)

    def report(self):
        return self.work / 'report.jsonl'

    def validate_command(self, path, codes, *options):
        report = self.report()
        return self.ours('validate', [*RUN, '--quiet', *options, '--report', report,
                                      '--report-format', 'jsonl', path],
                         lambda _: answers.by_code(report, codes), [report])

    # --- the jobs

    def structure(self, quoted):
        path = self.society.upload_cut(quoted)
        rows = count_rows(path)
        separator = "'\",\"'" if quoted else ','
        program = '\'NF != 26 { wrong++ } END { print "CSV001 " wrong + 0; print "rows " NR }\''
        commands = [
            self.validate_command(path, ['CSV001'], '--profile',
                                  self.society.profile_of_structure(quoted)),
            *self.peer('mawk', Command.shell('mawk', f'mawk -F{separator} {program} {path}',
                                             answers.named_counts)),
        ]
        if quoted and {'duckdb', 'clickhouse'} & self.there.keys():
            text = self.society.upload_cut(quoted, 'utf-8')
            note = 'every field read, nothing said of a field too many, UTF-8 copy'
            commands += self.duckdb(peers.all_fields, [text], answers.named_counts, note=note)
            commands += self.clickhouse(peers.clickhouse_all_fields, [text], answers.named_counts,
                                        note=note)
        if not quoted and self.with_slow_peers:
            commands += self.peer('mlr', Command.shell(
                'mlr', 'mlr --icsv --onidx --implicit-csv-header --allow-ragged-csv-input count '
                f'{path}', functools.partial(answers.single_count, 'rows'), note='rows only'))
        return Job('structure, ' + ('all quoted' if quoted else 'bare'), rows, commands)

    def validate(self):
        path = self.society.upload_with_faults()
        commands = [
            self.validate_command(path, PART),
            *self.peer('mawk', Command.shell(
                'mawk', f'mawk -F, -f {HERE}/part_of_rules.awk {path}', answers.named_counts,
                note='six of the codes, no row numbers'))]
        if 'duckdb' in self.there:
            text = self.society.upload_with_faults_utf8()
            commands += self.duckdb(peers.part_of_rules, [text], answers.named_counts,
                                    note='six of the codes, no row numbers, UTF-8 copy')
        return Job('every rule of member-info', count_rows(path), commands)

    def checkdigit(self):
        path = self.society.list_of_wrong_numbers()
        commands = [
            self.ours('checkdigit', [path], answers.wrong_lines),
            *self.peer('mawk', Command.shell('mawk', f'mawk -f {HERE}/checkdigit.awk {path}',
                                             answers.wrong_lines)),
            *self.duckdb(peers.wrong_numbers, [path], answers.wrong_lines),
            *self.clickhouse(peers.clickhouse_wrong_numbers, [path], answers.wrong_lines)]
        return Job('check digits', count_rows(path), commands)

    def duplicate_commands(self, path, column, columns, *options):
        counted = functools.partial(answers.single_count, 'duplicates')
        number = f'cut -d, -f{column} {path}' if column > 1 else f'cat {path}'
        return [
            self.ours('duplicates', [*RUN, '--quiet', *options, path], answers.duplicate_rows),
            *self.peer('sort', Command.shell(
                'sort', f"{number} | grep . | {SORT} | uniq -dc | mawk '{{ n += $1 - 1 }} END "
                "{ print n + 0 }'", counted, note='no row numbers')),
            *self.duckdb(peers.shared_numbers, [path, columns], counted),
            *self.clickhouse(peers.clickhouse_shared_numbers, [path, columns], counted)]

    def duplicates(self):
        path = self.society.upload_with_shared_numbers()
        commands = self.duplicate_commands(path, 6, peers.COLUMNS)
        commands[1:1] = self.peer('mawk', Command.shell(
            'mawk', f'mawk -F, -v column=6 -f {HERE}/duplicates.awk {path}',
            answers.duplicate_pairs))
        return Job('duplicates, member-info', count_rows(path), commands)

    def duplicates_of_list(self, rows, with_sqlite=True):
        path, planted = self.society.composed_list(rows)
        commands = self.duplicate_commands(path, 1, ['individual_number'], '--layout',
                                           'individual-number')
        commands += self.peer('polars', Command(
            'polars', ['node', HERE / 'polars.js', path, 0],
            functools.partial(answers.single_count, 'duplicates')))
        if with_sqlite:
            commands += self.peer('sqlite3', Command.shell(
                'sqlite3', f"sqlite3 :memory: 'create table t (k text)' '.import {path} t' "
                "'select sum(n - 1) from (select count(*) n from t where length(k) = 12 "
                "group by k having n > 1)'",
                functools.partial(answers.single_count, 'duplicates'), note='no row numbers'))
        return Job('duplicates, plain list', rows, commands,
                   {'duplicates': planted['duplicates']})

    # --- one of ours under each instruction set, the best first

    def with_each_set(self, name, command, rows):
        commands = []
        for at, instruction_set in enumerate(machine.instruction_sets()):
            commands.append(dataclasses.replace(
                command, note=f'{instruction_set}, {"the default here" if at == 0 else "chosen"}',
                arguments=['env', f'TSUNAGI_INSTRUCTION_SET={instruction_set}',
                           *command.arguments]))
        return Job(name, rows, commands)

    def sets_of_validate(self):
        path = self.society.upload_with_faults()
        return self.with_each_set('every rule, instruction sets',
                                  self.validate_command(path, PART), count_rows(path))

    def sets_of_list(self, rows):
        path, _ = self.society.composed_list(rows)
        command = self.ours('duplicates', [*RUN, '--quiet', '--layout', 'individual-number', path],
                            answers.duplicate_rows)
        return self.with_each_set('plain list, instruction sets', command, rows)

    def build(self):
        core = self.society.core()
        rows = count_rows(core) - 1

        def command(folder, note=''):
            return self.ours('build', ['member-info', '--core', core, '--insurer',
                                       composition.INSURER, *RUN, '--quiet', '-o', folder],
                             lambda _: answers.manifest_totals(folder), [folder], note)
        commands = [command(self.memory / 'upload')]
        if self.memory != self.work:
            commands.append(command(self.work / 'upload', 'to disk'))
        return Job('build upload files', rows, commands, {'written': rows, 'rejected': 0})

    def link(self):
        tool = self.society.tool('link')
        core, results = self.society.core(), self.society.results()
        pattern = results[0].parent / 'member-info-result_*.csv'

        def command(path, note=''):
            # The shell lists the result files, as a person would let it.
            return Command.shell(
                'tsunagi-link', f'{tool} --core {core} --bulk {self.society.bulk()} '
                f'{" ".join(RUN)} --quiet -o {path} {pattern}',
                lambda _: answers.text_digest(path), [path], note)
        commands = [command(self.memory / 'linked.csv')]
        if self.memory != self.work:
            commands.append(command(self.work / 'linked-to-disk.csv', 'to disk'))
        output = self.memory / 'linked-by-peer.csv'

        def written(_):
            return answers.text_digest(output)
        commands += self.peer('mawk', Command.shell(
            'mawk', f'mawk -F, -f {HERE}/link.awk {pattern} {core} > {output}', written,
            [output], 'without the sent files'))
        commands += self.duckdb(peers.link, [core, self.core_columns(), results, output], written,
                                [output], 'without the sent files')
        return Job('link the results', count_rows(core) - 1, commands)

    def core_columns(self):
        with open(self.society.core(), encoding='utf-8') as stream:
            return stream.readline().strip().split(',')

    def diff(self):
        self.society.tool('diff')  # asked before its input is made
        old, new = self.society.core(), self.society.core_next()
        folder, report = self.memory / 'changes', self.report()
        rows = count_rows(new) - 1
        commands = [
            self.ours('diff', [self.society.linked(), new, '--insurer', composition.INSURER, *RUN,
                               '--quiet', '--allow-changed', rows, '--allow-vanished', rows,
                               '--report', report, '--report-format', 'jsonl', '-o', folder],
                      lambda _: answers.changes(folder, report), [folder, report]),
            *self.peer('sort', Command.shell(
                'sort', f'{SORT} {old} > {self.memory}/old; {SORT} {new} > {self.memory}/new; '
                f'comm -3 {self.memory}/old {self.memory}/new | '
                f'mawk -F, -f {HERE}/changed_lines.awk', answers.named_counts,
                [self.memory / 'old', self.memory / 'new'], 'members only, no upload files')),
            *self.duckdb(peers.changes, [old, new, self.core_columns()], answers.named_counts,
                         note='members only, no upload files')]
        return Job('differences of two extracts', rows, commands)

    def diff_with_ledger(self):
        """Without a ledger first: what a ledger costs are times of that."""
        self.society.tool('diff')
        new = self.society.core_next()
        rows = count_rows(new) - 1
        ledger, key = self.society.ledger()
        copy = self.memory / 'ledger-in-use.db'
        folder = self.memory / 'changes'
        common = [*RUN, '--insurer', composition.INSURER, '--quiet', '--allow-changed', rows,
                  '--allow-vanished', rows, '-o', folder]

        def totals(_):
            return answers.manifest_totals(folder)
        with_ledger = self.ours('diff', [*common, '--ledger', copy, '--key-file', key, new], totals,
                                [folder, copy, pathlib.Path(f'{copy}.lock')], 'with a ledger')
        with_ledger.before = lambda: shutil.copyfile(ledger, copy)
        without = self.ours('diff', [self.society.linked(), new, *common], totals, [folder],
                            'without a ledger')
        return Job('differential, a ledger', rows, [without, with_ledger])

    def convert(self):
        self.society.tool('convert')
        path = self.society.upload()
        output, other = self.memory / 'converted.csv', self.memory / 'converted-by-peer.csv'
        commands = [
            self.ours('convert', ['--from', 'windows-31j', '--to', 'utf-8', '-o', output, path],
                      lambda _: answers.text_digest(output), [output]),
            *self.peer('iconv', Command.shell(
                'iconv', f'iconv -f CP932 -t UTF-8 {path} > {other}',
                lambda _: answers.text_digest(other), [other]))]
        return Job('CP932 to UTF-8', count_rows(path), commands)

    def check_release(self):
        base = releases.compose(self.work)[0]
        report = self.report()
        return Job('check a master release', releases.ROWS, [
            self.ours('master', ['check', base, *AS_OF, '--quiet', '--report', report,
                                 '--report-format', 'jsonl'],
                      lambda _: answers.by_code(report, ['MAS004', 'MAS005', 'MAS006']),
                      [report])])

    def prove_release(self):
        base, difference, expected = releases.compose(self.work)

        def files(master):
            return ' '.join(f'{folder}/{master}.csv' for folder in (base, difference, expected))
        script = f'mawk -F, -v OFS=, -f {HERE}/prove.awk'
        return Job('prove a difference', releases.ROWS, [
            self.ours('master', ['prove', base, difference, expected, *AS_OF, '--quiet'],
                      lambda output: {'differences': count_rows(output) - 1}),
            *self.peer('mawk', Command.shell(
                'mawk', f'{script} -v KEYS=1 {files("institution")}; '
                f'{script} -v KEYS=2 {files("code_value")}',
                answers.sum_of_counts, note='rows alone, nothing is checked'))])
