"""Releases of the distributed master as large as they may become; every code is nobody's."""

import hashlib

INSTITUTIONS = 100_000
CODES = 500_000
CODES_OF_A_KIND = 5_000
MASTERS = ('institution', 'affair', 'procedure', 'data_set', 'data_item', 'inquiry_right',
           'code_value')
ROWS = INSTITUTIONS + CODES
ALTERED = CODES // 2  # the code row of the expected release that nothing explains


def institution(number, label, update=''):
    return f'999999{number:010},{label}{number},01,{update},0,20170104,\r\n'


def code(number, label, update=''):
    kind, value = divmod(number, CODES_OF_A_KIND)
    return f'KIND{kind:04},{value:04},{label}{number},{update},0,20170104,\r\n'


def is_changed(number):
    return number % 100 == 7


def is_deleted(number):
    return number % 1000 == 3


def rows_of(make, count, label):
    return ''.join(make(number, label) for number in range(count))


def rows_after(make, count, altered=None):
    return ''.join(make(number, '改' if is_changed(number) or number == altered else '名称')
                   for number in range(count) if not is_deleted(number))


def changes(make, count):
    return ''.join(make(number, '改', 2) if is_changed(number) else make(number, '名称', 3)
                   for number in range(count) if is_changed(number) or is_deleted(number))


def write(folder, number, base, files):
    folder.mkdir()
    manifest = ''
    for master in MASTERS:
        content = files.get(master, '').encode('cp932')
        (folder / f'{master}.csv').write_bytes(content)
        manifest += (f'{number},{2 if base else 1},{base},1,20170401,{master},'
                     f'{content.count(10)},{hashlib.sha256(content).hexdigest()}\r\n')
    (folder / 'manifest.csv').write_bytes(manifest.encode('cp932'))


def compose(work):
    """(base, difference, expected): one row of the expected release is altered besides."""
    folder = work / 'releases'
    releases = [folder / name for name in ('base', 'difference', 'expected')]
    if not folder.exists():
        folder.mkdir()
        write(releases[0], '2', '', {
            'institution': rows_of(institution, INSTITUTIONS, '名称'),
            'code_value': rows_of(code, CODES, '名称')})
        write(releases[1], '2.5', '2', {'institution': changes(institution, INSTITUTIONS),
                                        'code_value': changes(code, CODES)})
        write(releases[2], '2.5', '', {
            'institution': rows_after(institution, INSTITUTIONS),
            'code_value': rows_after(code, CODES, ALTERED)})
    return releases
