#!/bin/sh
# The one test command: installs what is missing, builds, runs every test, counts.
# Last line: `N passed, N failed, N skipped`; exit 1 when one failed.
#
#   TSUNAGI_BUILD   folder of the Release build (default build/ in the tree); the sanitizer and the
#                   clang builds go beside it, named after it
#   TSUNAGI_JOBS    parallel jobs (default 2)
set -u

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root" || exit 2
build=${TSUNAGI_BUILD:-$root/build}
jobs=${TSUNAGI_JOBS:-2}
logs=$build/logs
passed=0
failed=0
skipped=0

say() { printf '%s\n' "$*"; }

finish() {
    say "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] || exit 1
    exit 0
}

# --- packages: asked for only when something is missing -------------------------------------------

packages='g++ clang cmake ninja-build pkg-config python3 mandoc groff-base libcli11-dev libfccp-dev
libfmt-dev libicu-dev libsqlite3-dev libssl-dev doctest-dev openssl systemd'

has_everything() {
    for program in g++ clang++ cmake ninja pkg-config python3 mandoc groff nm openssl \
        systemd-analyze; do
        command -v "$program" >/dev/null 2>&1 || return 1
    done
    for module in fmt icu-i18n sqlite3 libcrypto; do
        pkg-config --exists "$module" || return 1
    done
    for header in CLI/CLI.hpp libfccp/csv.h doctest/doctest.h; do
        [ -e "/usr/include/$header" ] || return 1
    done
}

install_packages() {
    as_root=''
    [ "$(id -u)" -eq 0 ] || as_root='sudo'
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -q || return 1
    # shellcheck disable=SC2086  # a list of words
    $as_root apt-get install -q -y --no-install-recommends $packages
}

# --- counting -------------------------------------------------------------------------------------

pass() { passed=$((passed + 1)); say "ok    $1"; }
fail() {
    failed=$((failed + 1))
    say "FAIL  $1"
    [ ! -f "$2" ] || tail -n 60 "$2" | sed 's/^/      /'
}

# step NAME COMMAND...: one test, passed when the command ends with 0.
step() {
    name=$1
    shift
    log=$logs/$(printf '%s' "$name" | tr ' /' '__').log
    if "$@" >"$log" 2>&1; then pass "$name"; else fail "$name" "$log"; return 1; fi
}

# suite NAME COMMAND...: a runner whose last line is `N passed, N failed, N skipped`.
suite() {
    name=$1
    shift
    log=$logs/$(printf '%s' "$name" | tr ' /' '__').log
    status=0
    "$@" >"$log" 2>&1 || status=$?
    counts=$(tail -n 1 "$log" |
        sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p')
    # shellcheck disable=SC2086  # three numbers
    set -- ${counts:-0 0 0}
    if [ -z "$counts" ] || [ $(($1 + $2)) -eq 0 ] ||
        { [ "$status" -ne 0 ] && [ "$2" -eq 0 ]; }; then
        fail "$name: ended with status $status and no count of its own" "$log"
        return 1
    fi
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + $3))
    if [ "$2" -eq 0 ]; then
        say "ok    $name: $1 tests"
    else
        say "FAIL  $name: $2 of $(($1 + $2)) tests"
        grep -v '^ok ' "$log" | tail -n 80 | sed 's/^/      /'
        return 1
    fi
}

# Unit tests: ctest runs them, doctest's own lines count them.
unit_tests() {
    ctest --test-dir "$1" -j "$jobs" --timeout 600 -V >"$1/unit.log" 2>&1
    status=$?
    # Of what ctest and doctest say, only what went wrong.
    grep -E '^[0-9]+: .|\(Failed\)|Subprocess|Timeout' "$1/unit.log" |
        grep -vE ': (Test (command|timeout)|Working Directory)|\[doctest\]|: =+$' || true
    awk -v status="$status" '
        /\[doctest\] test cases:/ {
            line = $0; gsub(/[^0-9 ]/, " ", line); count = split(line, n, " ")
            passed += n[count - 2]; failed += n[count - 1]; skipped += n[count]
            if (n[count - 1] > 0) told++
        }
        /tests? failed out of/ { ended = $0; sub(/.*, /, "", ended); broken = ended + 0 }
        END {
            if (broken > told) failed += broken - told
            if (status != 0 && failed == 0) failed = 1
            printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
            exit failed != 0
        }' "$1/unit.log"
}

configure_and_build() {
    folder=$1
    shift
    launcher=''
    if command -v ccache >/dev/null 2>&1; then launcher=-DCMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
    # shellcheck disable=SC2086  # one word or none
    cmake -S "$root" -B "$folder" -G Ninja $launcher "$@" && cmake --build "$folder" -j "$jobs"
}

# --- the run --------------------------------------------------------------------------------------

has_everything || install_packages || {
    say 'the packages that the tests need could not be installed'
    failed=1
    finish
}
mkdir -p "$logs" || exit 2
export TSUNAGI_SCHEMAS="$root/schemas" TSUNAGI_SAMPLES="$root/samples"
unset TSUNAGI_CONFIG CDPATH
# The sanitizers' report must never be taken for a tool's own words or status.
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

if step 'build: g++, Release, warnings are errors' \
    configure_and_build "$build" -DCMAKE_CXX_COMPILER=g++ -DCMAKE_BUILD_TYPE=Release; then
    suite 'unit tests' unit_tests "$build"
    suite 'tool cases' python3 tests/tool/run.py --bin "$build/bin" --jobs "$jobs"
    suite 'contract tests' python3 tests/contract/run.py --build "$build"
    step 'known answers of the second reading' python3 tests/agreement/run.py --self-test
    step 'agreement of two readings of the rules' python3 tests/agreement/run.py \
        --validate "$build/bin/tsunagi-validate" --schemas schemas --seeds 40
    step 'a tool that differs between variants would be noticed' \
        python3 tests/agreement/variants.py --self-test --bin "$build/bin"
    step 'every instruction set, number of threads and memory limit gives the same bytes' \
        python3 tests/agreement/variants.py --bin "$build/bin"
    step 'agreement of two readings of the rules of secondary copies' \
        python3 tests/agreement/copies.py --validate "$build/bin/tsunagi-validate" \
        --schemas schemas --seeds 64
    step 'a command that holds its file would be noticed' \
        python3 tests/agreement/memory.py --self-test --bin "$build/bin"
    step 'memory of a fixed size, whatever the size of the file' \
        python3 tests/agreement/memory.py --bin "$build/bin"
    step "package: a stranger's program" sh tests/package/run.sh "$build"
    step 'package: the units of a night' sh tests/package/cron.sh "$build"
    step 'canaries: no number outside the upload files' python3 tests/canary.py --bin "$build/bin"
    step 'a command that damage upsets would be noticed' python3 tests/damage.py --self-test
    # For a release: --seeds 2000
    step 'damaged inputs end in a code, never in a crash' \
        python3 tests/damage.py --bin "$build/bin" --jobs "$jobs" --seeds 8
    step 'sixteen copies of one job' sh tests/overlap.sh "$build/bin"
    # For a release: --seeds 20 --members 2000 --kills 60
    step 'a month with a ledger, killed and started again' \
        python3 tests/month/run.py --bin "$build/bin" --kills 12
    step 'three months of secondary copies, up to a full load' \
        python3 tests/month/copies.py --bin "$build/bin"
fi

step 'build: clang++, warnings are errors' \
    configure_and_build "$build-clang" -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Debug \
    -DBUILD_TESTING=OFF

if step 'build: address and undefined-behaviour sanitizers' \
    configure_and_build "$build-asan" -DCMAKE_CXX_COMPILER=g++ -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_FLAGS_DEBUG='-O1 -g1' -DTSUNAGI_SANITIZE=address,undefined; then
    suite 'unit tests, sanitized' unit_tests "$build-asan"
    # The tools forbid tracing, which the leak checker needs when it does not run as root.
    ASAN_OPTIONS=detect_leaks=0 \
        suite 'tool cases, sanitized' \
        python3 tests/tool/run.py --bin "$build-asan/bin" --jobs "$jobs"
    ASAN_OPTIONS=detect_leaks=0 \
        step 'damaged inputs, sanitized' \
        python3 tests/damage.py --bin "$build-asan/bin" --jobs "$jobs" --seeds 2 --from 100
fi

finish
