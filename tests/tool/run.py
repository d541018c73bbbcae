#!/usr/bin/env python3
"""Tool cases: tests/tool/<tool>/<case>/ holds `cmd`, what it reads, and what it must give.

`cmd` is run by sh in a scratch copy of its folder, the built tools first on the PATH. Standard
output, standard error and status are compared byte for byte with expected.stdout, expected.stderr
(absent: empty) and expected.status (absent: 0). --update writes them; review with git diff.
"""

import argparse
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TIME_LIMIT_SECONDS = 300
OWN_FILES = ('cmd', 'expected.stdout', 'expected.stderr', 'expected.status')


def environment(binaries, home):
    """What a case sees: nothing of the person who runs the tests."""
    kept = {name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS')}
    return kept | {
        'PATH': f"{binaries}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        'LC_ALL': 'C',
        'HOME': str(home / 'no-home'),
        'TSUNAGI_SCHEMAS': str(ROOT / 'schemas'),
        'TSUNAGI_SAMPLES': str(ROOT / 'samples'),
    }


def run_case(case, binaries):
    with tempfile.TemporaryDirectory(prefix='tsunagi-case-') as scratch:
        folder = pathlib.Path(scratch) / 'case'
        shutil.copytree(case, folder, symlinks=True, ignore=shutil.ignore_patterns(*OWN_FILES))
        try:
            done = subprocess.run(['sh', str(case / 'cmd')], cwd=folder, capture_output=True,
                                  stdin=subprocess.DEVNULL, timeout=TIME_LIMIT_SECONDS,
                                  env=environment(binaries, folder), check=False)
        except subprocess.TimeoutExpired:
            return {'stdout': b'', 'stderr': b'(took too long)\n', 'status': b'timeout\n'}
        finally:
            # A case may leave folders nobody can enter; they must still go away.
            subprocess.run(['chmod', '-R', 'u+rwX', scratch], check=False,
                           stderr=subprocess.DEVNULL)
    return {'stdout': done.stdout, 'stderr': done.stderr,
            'status': f'{done.returncode}\n'.encode()}


def expected_of(case, stream):
    path = case / f'expected.{stream}'
    if path.exists():
        return path.read_bytes()
    return b'0\n' if stream == 'status' else b''


def update(case, got):
    for stream, content in got.items():
        path = case / f'expected.{stream}'
        if content == (b'0\n' if stream == 'status' else b''):
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content)


def differences(case, got):
    lines = []
    for stream, content in got.items():
        wanted = expected_of(case, stream)
        if content != wanted:
            lines.append(f'{stream} wanted:')
            lines += [f'  | {line}' for line in wanted.decode(errors='replace').splitlines()[:20]]
            lines.append(f'{stream} found:')
            lines += [f'  | {line}' for line in content.decode(errors='replace').splitlines()[:20]]
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--bin', required=True, help='folder of the built tools')
    parser.add_argument('--update', action='store_true', help='write what is found as expected')
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('case', nargs='*', help='only cases whose path contains one of these')
    options = parser.parse_args()
    binaries = pathlib.Path(options.bin).resolve()
    cases = sorted(path.parent for path in HERE.glob('*/*/cmd'))
    cases = [case for case in cases
             if not options.case or any(part in str(case) for part in options.case)]
    passed = failed = 0
    for folder in sorted(HERE.glob('*/*')):
        if folder.is_dir() and not (folder / 'cmd').exists():
            print(f'FAIL  {folder.relative_to(HERE)}: no cmd')
            failed += 1
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for case, got in zip(cases, pool.map(lambda case: run_case(case, binaries), cases)):
            if options.update:
                update(case, got)
            lines = differences(case, got)
            print(f"{'FAIL' if lines else 'ok':<5} {case.relative_to(HERE)}")
            print('\n'.join(f'      {line}' for line in lines), end='\n' if lines else '')
            passed += not lines
            failed += bool(lines)
    print(f'{passed} passed, {failed} failed, 0 skipped')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
