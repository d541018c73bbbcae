"""What the figures were made on: processor, kernel, folder, versions; and which peers are there."""

import os
import platform
import shutil
import subprocess

# Debian package of each peer, and how it says its version.
PEERS = {
    'mawk': ('mawk', ['mawk', '-W', 'version']),
    'sort': ('coreutils', ['sort', '--version']),
    'iconv': ('libc-bin', ['iconv', '--version']),
    'mlr': ('miller', ['mlr', '--version']),
    'sqlite3': ('sqlite3', ['sqlite3', '--version']),
}
# Node's package of each engine, loaded as NODE_PATH says.
ENGINES = {'duckdb': '@duckdb/node-api', 'clickhouse': 'chdb', 'polars': 'nodejs-polars'}
VERSION = '''const path = require('path'), fs = require('fs');
let folder = path.dirname(require.resolve(process.argv[1]));
while (!fs.existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
const said = JSON.parse(fs.readFileSync(path.join(folder, 'package.json')));
require(process.argv[1]);
console.log(process.argv[1] + ' ' + said.version);'''


def first_line(arguments):
    """What it says of itself; empty where it is not there."""
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ''
    said = (done.stdout or done.stderr).splitlines()
    return said[0].strip() if said and done.returncode in (0, 2) else ''


def versions():
    """(versions of the peers that are there, a line for each that is not)"""
    there, absent = {}, []
    for name, (package, arguments) in PEERS.items():
        if shutil.which(name):
            there[name] = first_line(arguments)
        else:
            absent.append(f'{name}: not on this machine (Debian package {package}), skipped')
    for name, package in ENGINES.items():
        node = subprocess.run(['node', '-e', VERSION, package], capture_output=True, text=True,
                              check=False) if shutil.which('node') else None
        if node and node.returncode == 0:
            there[name] = node.stdout.strip()
        else:
            absent.append(f'{name}: node finds no {package} (NODE_PATH), skipped')
    return there, absent


# What an instruction set of ours needs, the best first.
SETS = {'avx512': {'avx512f', 'avx512bw', 'avx512vbmi', 'avx512_vbmi2'}, 'avx2': {'avx2'},
        'sse2': {'sse2'}, 'scalar': set()}


def name_and_flags():
    name, flags = platform.machine(), set()
    with open('/proc/cpuinfo', encoding='utf-8') as stream:
        for line in stream:
            key, _, value = line.partition(':')
            if key.strip() == 'model name':
                name = value.strip()
            elif key.strip() == 'flags':
                flags = set(value.split())
    return name, flags


def instruction_sets():
    _, flags = name_and_flags()
    return [name for name, needed in SETS.items() if needed <= flags]


def processor():
    name, flags = name_and_flags()
    sets = [s for s in ('sse2', 'avx2', 'avx512f', 'avx512bw', 'avx512_vbmi2') if s in flags]
    return f'{name}, {len(os.sched_getaffinity(0))} cores, {" ".join(sets)}'


def available_bytes():
    with open('/proc/meminfo', encoding='utf-8') as stream:
        for line in stream:
            if line.startswith('MemAvailable:'):
                return int(line.split()[1]) * 1024
    return 0


def file_system(path):
    best = ('', 'unknown')
    with open('/proc/mounts', encoding='utf-8') as stream:
        for line in stream:
            _, point, kind = line.split()[:3]
            if (f'{path}/'.startswith(f'{point.rstrip("/")}/')) and len(point) >= len(best[0]):
                best = (point, kind)
    return best[1]


def load():
    return '{:.1f}'.format(os.getloadavg()[0])


def description(work, memory, ours, there):
    gibibytes = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / (1 << 30)
    lines = [f'Processor: {processor()}', f'Memory: {gibibytes:.0f} GiB',
             f'Kernel: {platform.system()} {platform.release()}',
             f'Input on {file_system(work)}, outputs on {file_system(memory)} unless the line '
             'says otherwise; page cache warm',
             f'Ours: {ours}'] + [f'Peer: {name}, {text}' for name, text in there.items()]
    settings = [f'{name}={value}' for name, value in sorted(os.environ.items())
                if name.startswith('TSUNAGI_') and name not in
                ('TSUNAGI_BUILD', 'TSUNAGI_JOBS', 'TSUNAGI_SAMPLES', 'TSUNAGI_SCHEMAS',
                 'TSUNAGI_CONFIG')]
    if settings:
        lines.append('Settings: ' + ' '.join(settings))
    return ''.join(f'- {line}\n' for line in lines)
