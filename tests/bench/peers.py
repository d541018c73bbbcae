"""The SQL of DuckDB and ClickHouse: the same questions as ours, as far as they can answer them."""

COLUMNS = ('record_id change_type insurer_number member_id branch_number individual_number '
           'card_symbol card_number member_kind relationship name_kanji name_kana '
           'other_name_kanji other_name_kana birth_date sex postal_code municipality_code address '
           'acquired_on acquired_reason lost_on lost_reason qualification_kind changed_on '
           'non_disclosure').split()
RESULT_COLUMNS = ('reception_number record_id member_id change_type result_class result_code '
                  'result_message branch_number code_status processed_at').split()
CODES = {
    'change_type': '1 2 3', 'member_kind': '1 2', 'sex': '1 2 3', 'non_disclosure': '0 1',
    'lost_reason': '01 02 03 99', 'qualification_kind': '1 2 3',
    'relationship': '02 11 12 13 14 20 51 52 53 54 71 74 81 84 96 98 99 9Z',
}
REQUIRED = ('record_id change_type insurer_number member_id card_number member_kind name_kanji '
            'name_kana birth_date sex acquired_on').split()
DATES = ('birth_date', 'acquired_on', 'lost_on', 'changed_on')
WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def table(paths, columns, header=False, quote=''):
    """A CSV file as a table of texts: a number must keep its leading zero."""
    names = ', '.join(f"'{name}': 'VARCHAR'" for name in columns)
    files = '[' + ', '.join(f"'{path}'" for path in paths) + ']'
    return (f"read_csv({files}, header={str(header).lower()}, auto_detect=false, delim=',', "
            f"quote='{quote}', escape='{quote}', columns={{{names}}})")


def clickhouse_table(path, columns):
    """The same for ClickHouse."""
    listed = ', '.join(f'{name} Nullable(String)' for name in columns)
    return f"file('{path}', 'CSV', '{listed}')"


def all_fields(path):
    """Every field read and counted; an empty field too many is passed over by both engines."""
    fields = ' + '.join(f'count({name})' for name in COLUMNS)
    source = table([path], COLUMNS, quote='"')
    return f"select 'rows', n from (select count(*) n, {fields} fields from {source})"


def clickhouse_all_fields(path):
    fields = ' + '.join(f'count({name})' for name in COLUMNS)
    return (f"select concat('rows ', toString(n)) from (select count(*) n, {fields} fields from "
            f'{clickhouse_table(path, COLUMNS)})')


def clickhouse_wrong_numbers(path):
    """Line and verdict, as tsunagi-checkdigit says them."""
    digit = wrong_digit('n', 'intDiv({}, {})')
    return ("select concat(toString(line), '\\t', verdict) from (select rowNumberInAllBlocks() + 1 "
            "line, toUInt64OrNull(k) n, multiIf(n is null or length(k) <> 12, 'shape', n = 0, "
            f"'zeros', {digit}, 'check-digit', '') verdict from "
            f"{clickhouse_table(path, ['k'])}) where verdict <> ''")


def clickhouse_shared_numbers(path, columns):
    """How many rows have a number that an earlier row has, the rows of each listed."""
    return ('select sum(length(lines) - 1) from (select toUInt64OrNull(individual_number) k, '
            'groupArray(rowNumberInAllBlocks() + 1) lines from '
            f'{clickhouse_table(path, columns)} where k is not null group by k '
            'having count(*) > 1)')


def wrong_digit(name, quotient='({} // {})'):
    """Digits by integer division: substr of a text costs twice as much."""
    total = ' + '.join(f'{weight} * ({quotient.format(name, 10 ** (11 - at))} % 10)'
                       for at, weight in enumerate(WEIGHTS))
    return (f'(case when ({total}) % 11 <= 1 then 0 else 11 - ({total}) % 11 end) <> {name} % 10')


def wrong_numbers(path):
    """Line and verdict, as tsunagi-checkdigit says them."""
    numbers = table([path], ['k'])
    shape = r"not regexp_full_match(coalesce(k, ''), '[0-9]{12}')"
    return (f'select verdict from (select line, case when {shape} then line || chr(9) || \'shape\' '
            f"when n = 0 then line || chr(9) || 'zeros' when {wrong_digit('n')} "
            "then line || chr(9) || 'check-digit' end verdict from (select row_number() over () "
            f'line, k, try_cast(k as bigint) n from {numbers})) where verdict is not null')


def shared_numbers(path, columns):
    """How many rows have a number that an earlier row has, the rows of each listed."""
    return ('select sum(len(row_list) - 1) from (select k, list(line) row_list from (select '
            'try_cast(individual_number as bigint) k, row_number() over () line '
            f'from {table([path], columns)}) group by k having count(*) > 1)')


def part_of_rules(path):
    """Six codes of member-info, counted; no row numbers, no record or batch rule."""
    blank = ' + '.join(f'({name} is null)::int' for name in REQUIRED)
    blank += (" + (change_type = '1' and individual_number is null)::int"
              " + (member_kind = '2' and relationship is null)::int")
    codes = ' + '.join("coalesce({} not in ({}), false)::int".format(
        name, ', '.join(f"'{value}'" for value in values.split()))
        for name, values in CODES.items())
    dates = ' + '.join(
        f"({name} is not null and (not regexp_full_match({name}, '[0-9]{{8}}') or "
        f"try_strptime({name}, '%Y%m%d') is null))::int" for name in DATES)
    shape = "regexp_full_match(individual_number, '[0-9]{12}')"
    counts = {
        'TXT001': f'sum({blank})', 'COD001': f'sum({codes})', 'DAT001': f'sum({dates})',
        'NUM001': f'sum((not {shape})::int)', 'NUM003': f'sum(({shape} and n = 0)::int)',
        'NUM002': f'sum(({shape} and n <> 0 and {wrong_digit("n")})::int)',
    }
    listed = ', '.join(f'coalesce({total}, 0) {code}' for code, total in counts.items())
    source = (f'(select *, try_cast(individual_number as bigint) n from '
              f'{table([path], COLUMNS)})')
    return f'unpivot (select {listed} from {source}) on *'


def link(core, core_columns, results, output):
    core_table = table([core], core_columns, header=True, quote='"')
    result_table = table(results, RESULT_COLUMNS)
    return (f'copy (select c.*, r.branch_number from {core_table} c left join (select member_id, '
            f"branch_number from {result_table} where result_class = '1') r using (member_id)) "
            f"to '{output}' (header true)")


def changes(old, new, columns):
    others = ', '.join(name for name in columns if name != 'member_id')

    def side(path):
        return f'(select member_id, hash({others}) h from ' \
               f'{table([path], columns, header=True, quote=chr(34))})'
    return ('unpivot (select count(*) filter (a.h is null) added, count(*) filter (a.h <> b.h) '
            f'changed, count(*) filter (b.h is null) vanished from {side(old)} a full join '
            f'{side(new)} b using (member_id)) on *')
