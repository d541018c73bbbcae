#!/bin/sh
# The bench: composes data, runs our commands and their peers in turn, holds their answers against
# each other, and prints one Markdown page. Nothing is asserted about time; exit 1 when answers
# differ or a command could not run.
#
#   sh tests/bench/run.sh                 1,000,000 rows, 5 runs each
#   sh tests/bench/run.sh --full          10,000,000 rows, and 125,000,000 for the plain list
#   sh tests/bench/run.sh --growth        10^4 .. 10^7 members, and the plain list up to 10^8
#   sh tests/bench/run.sh --soak [--rows N]
#                                         125,000,000 numbers against what was planted among them
#   sh tests/bench/run.sh --install ...   the peers from Debian first: miller, sqlite3, mawk
#   sh tests/bench/run.sh --help          the other options
#
#   TSUNAGI_BUILD   folder of the Release build (default build/ in the tree), made when absent
#   TSUNAGI_JOBS    parallel jobs of that build (default 2)
#   NODE_PATH       where node finds @duckdb/node-api, chdb and nodejs-polars, if these engines
#                   are to take part
set -u

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
export PYTHONDONTWRITEBYTECODE=1

if [ "${1:-}" = --install ]; then
    shift
    as_root=''
    [ "$(id -u)" -eq 0 ] || as_root='sudo'
    export DEBIAN_FRONTEND=noninteractive
    { $as_root apt-get update -q &&
        $as_root apt-get install -q -y --no-install-recommends mawk miller sqlite3; } >&2 || exit 2
fi

if [ "${1:-}" = --soak ]; then
    shift
    exec python3 "$root/tests/bench/soak.py" "$@"
fi
exec python3 "$root/tests/bench/bench.py" "$@"
