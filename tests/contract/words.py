#!/usr/bin/env python3
"""One English word for one Japanese term: no other, and no romaji, in identifiers and options."""

import re

from source_tree import SourceTree, without_comments_and_strings

INSTEAD = {
    'individual_number': 'my_number mynumber personal_number kojin_bango kojin_bangou kojinbangou '
                         'kojin kojinbango',
    'branch_number': 'edaban insured_branch_no branch_no',
    'card_branch_number': 'card_branch_no',
    'secondary_copy': 'replica fukuhon',
    'member': 'subscriber enrollee kanyusha kanyuusha',
    'insured': 'policyholder hihokensha',
    'qualification': 'eligibility shikaku',
    'insurer': 'payer carrier hokensha',
    'check_digit': 'checksum checkdigits',
    'external_character': 'gaiji',
    'full_width': 'zenkaku',
    'half_width': 'hankaku',
    'era_date': 'wareki gengou gengo',
    'address': 'jusho juusho',
    'duplicate': 'dup dups juufuku',
    'household': 'setai',
    'name_kana': 'shimei furigana',
}
REPLACEMENT = {word: good for good, words in INSTEAD.items() for word in words.split()}
BANNED = re.compile(r'(?<![A-Za-z0-9])(?:' + '|'.join(REPLACEMENT) + r')(?![A-Za-z0-9])', re.I)
CAMEL = re.compile(r'(?<=[a-z0-9])(?=[A-Z])')
FILE_NAMES = {'util', 'utils', 'common', 'helper', 'helpers', 'misc', 'manager', 'types'}


def snake(text):
    return CAMEL.sub('_', text)


def words_of(text):
    """Banned words as parts of identifiers too: member_dup, KojinBango."""
    for match in re.finditer(r'[A-Za-z][A-Za-z0-9_-]*', text):
        whole = snake(match.group(0)).replace('-', '_').lower()
        for word in REPLACEMENT:
            if re.search(rf'(?:^|_){word}(?:_|$)', whole):
                yield match.start(), word


def main():
    tree = SourceTree(__doc__)
    for path in tree.files('.'):
        tree.look()
        stem = path.name.split('.')[0].lower()
        if stem in FILE_NAMES:
            tree.fault(path, 0, f'{stem} is no noun of this house')
        for _, word in words_of(path.name):
            tree.fault(path, 0, f'file name: {word}; say {REPLACEMENT[word]}')
    for path in tree.files('lib', 'tools', suffixes=('.cpp', '.hpp')):
        text = without_comments_and_strings(path.read_text(encoding='utf-8'), keep_strings=True)
        for start, word in words_of(text):
            line = text.count('\n', 0, start) + 1
            tree.fault(path, line, f'{word}; say {REPLACEMENT[word]}')
    tree.end()


main()
