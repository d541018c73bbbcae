#!/usr/bin/env python3
"""Contracts: each NAME.py must hold for the tree, and must fail for each of its mutants.

NAME.mutant and NAME_*.mutant are shell scripts run in a scratch copy of the tree. Their first line
is `# expect: TEXT`; the contract must end with 1 there and say TEXT. A mutant may make .build, then
that is the build folder. A guard that never fails guards nothing.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CONTRACTS = ('includes', 'words', 'shape', 'dummies', 'headers', 'codes', 'manual', 'silence',
             'exports', 'help', 'examples', 'install')


def run_contract(name, root, build):
    return subprocess.run(
        [sys.executable, str(HERE / f'{name}.py'), '--root', str(root), '--build', str(build)],
        capture_output=True, text=True, check=False,
        env=os.environ | {'PYTHONDONTWRITEBYTECODE': '1'})


def run_mutant(name, mutant, build):
    """What is wrong with the guard, or None."""
    first = mutant.read_text(encoding='utf-8').splitlines()[0]
    if not first.startswith('# expect: '):
        return 'its first line is not `# expect: TEXT`'
    expected = first.removeprefix('# expect: ')
    with tempfile.TemporaryDirectory(prefix='tsunagi-mutant-') as scratch:
        root = pathlib.Path(scratch) / 'tree'
        shutil.copytree(ROOT, root, symlinks=True, ignore=lambda folder, names: [
            entry for entry in names
            if entry in ('.git', '__pycache__') or
            (pathlib.Path(folder) == ROOT and entry.startswith('build'))])
        applied = subprocess.run(['sh', '-eu', str(mutant)], cwd=root, capture_output=True,
                                 text=True, check=False)
        if applied.returncode != 0:
            return f'the mutant could not be applied: {applied.stderr}'
        own_build = root / '.build'
        done = run_contract(name, root, own_build if own_build.exists() else build)
    if done.returncode != 1:
        said = done.stdout[-800:] + done.stderr[-800:]
        return f'the mutant lives: status {done.returncode}\n{said}'
    if expected not in done.stdout:
        return f'it fails for another reason than `{expected}`:\n{done.stdout[-800:]}'
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build')
    parser.add_argument('contract', nargs='*', default=[])
    options = parser.parse_args()
    passed = failed = 0
    for name in CONTRACTS:
        if options.contract and name not in options.contract:
            continue
        done = run_contract(name, ROOT, options.build)
        good = done.returncode == 0
        print(f"{'ok' if good else 'FAIL':<5} {name}: {(done.stdout.splitlines() or [''])[-1]}")
        if not good:
            print(done.stdout[-4000:] + done.stderr[-2000:])
        mutants = [HERE / f'{name}.mutant', *sorted(HERE.glob(f'{name}_*.mutant'))]
        passed += good
        failed += not good
        for mutant in mutants:
            wrong = run_mutant(name, mutant, options.build) if mutant.exists() else 'it is missing'
            print(f"{'FAIL' if wrong else 'ok':<5} {mutant.name}{': ' + wrong if wrong else ''}")
            passed += not wrong
            failed += bool(wrong)
    print(f'{passed} passed, {failed} failed, 0 skipped')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
