#!/usr/bin/env python3
"""Options in --help are those in the manual, both ways, every tool, both languages."""

import re
import subprocess

from source_tree import SourceTree


def run(binary, *arguments):
    return subprocess.run([str(binary), *arguments], capture_output=True, text=True, check=False,
                          env={'LC_ALL': 'C', 'PATH': '/usr/bin:/bin'}, stdin=subprocess.DEVNULL)


def options_of_help(text):
    found = set()
    for line in text.splitlines():
        match = re.match(r'\s+(-\w\b)?,?\s*(--[a-z][\w-]*)?', line)
        if match and line.lstrip().startswith('-'):
            found |= {option for option in match.groups() if option}
    return found


def options_of_manual(text):
    found = set()
    for line in re.findall(r'^\.It (Fl .*)$', text, flags=re.M):
        for name in re.findall(r'Fl (-?[\w-]+)', line):
            found.add('-' + name)
    return found


def compare(tree, binary, page, language):
    tree.look()
    done = run(binary, '--help', f'--lang={language}')
    if done.returncode != 0:
        tree.fault(binary.name, 0, f'--help ended with {done.returncode}')
        return
    in_help = options_of_help(done.stdout)
    in_manual = options_of_manual(page.read_text(encoding='utf-8'))
    for option in sorted(in_help - in_manual):
        tree.fault(page, 0, f'{option} is in --help and not here')
    for option in sorted(in_manual - in_help):
        tree.fault(page, 0, f'{option} is here and not in --help')


def first_line(text):
    """CLI11 wraps nothing in its description: it is the first line."""
    return next((line.strip() for line in text.splitlines() if line.strip()), '').rstrip('.。')


def check_umbrella(tree, umbrella, tools):
    """Its list is what there is, each with the purpose that the tool itself states."""
    for language in ('en', 'ja'):
        listed = dict(re.findall(r'^  (\w+) +(.+)$', run(umbrella, '--lang', language).stdout,
                                 flags=re.M))
        for tool in tools:
            tree.look()
            word = tool.name.removeprefix('tsunagi-')
            purpose = first_line(run(tool, '--help', f'--lang={language}').stdout)
            if listed.get(word) != purpose:
                tree.fault('tsunagi', 0, f'says `{listed.get(word)}`, {tool.name} `{purpose}`')
        for word in sorted(listed.keys() - {tool.name.removeprefix('tsunagi-') for tool in tools}):
            tree.fault('tsunagi', 0, f'lists {word}, which there is not')
    versions = {tool: run(tool, '--version').stdout.split()[-1] for tool in [umbrella, *tools]}
    if len(set(versions.values())) != 1:
        tree.fault('tsunagi', 0, 'the tools are of different versions')


def main():
    tree = SourceTree(__doc__)
    umbrella = tree.build / 'bin' / 'tsunagi'
    tools = sorted((tree.build / 'bin').glob('tsunagi-*'))
    for binary in [umbrella, *tools]:
        page = tree.root / f'man/{binary.name}.1'
        if not page.exists():
            tree.fault(page, 0, 'the page is missing')
            continue
        compare(tree, binary, page, 'en')
        translated = tree.root / f'man/ja/{binary.name}.1'
        if translated.exists():
            compare(tree, binary, translated, 'ja')
    check_umbrella(tree, umbrella, tools)
    tree.end()


main()
