#!/bin/sh
# From nothing to linked records: installs what is missing, builds, and runs the main job on the samples.
# Works as root or through sudo; with the packages there it needs neither sudo nor a network.
#
#   TSUNAGI_BUILD   folder of the build (default build/ in the tree); results go to its quickstart/
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=${TSUNAGI_BUILD:-$root/build}
work=$build/quickstart
packages='g++ cmake ninja-build pkg-config libcli11-dev libfccp-dev libfmt-dev libicu-dev
libsqlite3-dev libssl-dev'

say() { printf '%s\n' "$*"; }

has_everything() {
    for program in g++ cmake ninja pkg-config; do
        command -v "$program" >/dev/null 2>&1 || return 1
    done
    pkg-config --exists fmt icu-i18n sqlite3 libcrypto || return 1
    for header in CLI/CLI.hpp libfccp/csv.h; do
        [ -e "/usr/include/$header" ] || return 1
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# run STATUS COMMAND...: shows a command, runs it, and insists on the status it should have.
run() {
    wanted=$1
    shift
    say
    say "\$ $*"
    status=0
    "$@" || status=$?
    if [ "$status" -ne "$wanted" ]; then
        say "quickstart: the command ended with $status instead of $wanted" >&2
        exit 1
    fi
    [ "$status" -eq 0 ] || say "(exit status $status: the work was done, and there is something to tell)"
}

if ! has_everything; then
    say "Installing packages: $packages"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
    # shellcheck disable=SC2086  # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages
fi

say "Building into $build (the first time takes a few minutes)"
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$build" -j 2 --target tools

PATH=$build/bin:$PATH
TSUNAGI_SCHEMAS=$root/schemas
TSUNAGI_SAMPLES=$root/samples
export PATH TSUNAGI_SCHEMAS TSUNAGI_SAMPLES
rm -rf "$work"
mkdir -p "$work"
cd "$work"
cp "$root"/samples/*.csv .

# How this vendor's core system names and encodes things; every command below reads it.
cat >core.conf <<'CONF'
mapping=mapping-vendor.csv
codes=codes-vendor.csv
encoding=windows-31j
CONF
insurer=06139992
day=2026-11-22

say
say "1. The core extract: what is wrong with it is told before anything is sent."
run 1 tsunagi validate --core core-faults.csv --config core.conf --insurer $insurer --as-of $day
run 0 tsunagi validate --core core-clean.csv --config core.conf --insurer $insurer --as-of $day

say
say "2. The bulk file for the server, and a last look at it."
run 0 tsunagi build member-info --core core-clean.csv --config core.conf --insurer $insurer \
    --as-of $day -o bulk
run 0 tsunagi validate bulk/member-info_*.csv --insurer $insurer --as-of $day
run 0 tsunagi duplicates bulk/member-info_*.csv

say
say "3. The server's part, rehearsed: it issues a branch number per member."
run 0 tsunagi issue --registry registry.db --as-of ${day}T15:00:00 -o results bulk/member-info_*.csv

say
say "4. The branch numbers, linked back to the core records."
run 0 tsunagi link --core core-clean.csv --config core.conf --bulk bulk -o linked.csv \
    --keys keys.csv results/member-info-result_*.csv

say
say "5. Secondary copies: first the qualifications, and when their results are linked the benefits."
run 0 tsunagi build qualification --core core-qualification.csv --linked keys.csv --insurer $insurer \
    --as-of 2026-11-23 -o qualification
run 0 tsunagi issue --registry registry.db --as-of 2026-11-23T15:00:00 -o qualification-results \
    qualification/qualification_*.csv
run 0 tsunagi link --layout qualification --core core-qualification.csv --bulk qualification \
    --as-of 2026-11-24 -o linked-qualification.csv qualification-results/qualification-result_*.csv
for benefit in injury-allowance family-childbirth; do
    run 0 tsunagi build $benefit --core core-$benefit.csv --linked keys.csv \
        --qualification linked-qualification.csv --insurer $insurer --as-of 2026-11-24 -o $benefit
    run 0 tsunagi issue --registry registry.db --as-of 2026-11-24T15:00:00 -o $benefit-results \
        $benefit/${benefit}_*.csv
    run 0 tsunagi link --layout $benefit --core core-$benefit.csv --bulk $benefit \
        --as-of 2026-11-25 -o linked-$benefit.csv $benefit-results/$benefit-result_*.csv
done

say
say "6. Two weeks later: only what changed is registered."
run 0 tsunagi validate --core core-next.csv --config core.conf --insurer $insurer --as-of 2026-12-06
run 1 tsunagi diff linked.csv core-next.csv --config core.conf --insurer $insurer \
    --as-of 2026-12-06 -o differential

say
say "7. A month later: the same of the benefits. One payment is corrected, one withdrawn, one is new."
sed -e '2s/338430/337000/' -e '$d' core-injury-allowance.csv >next-injury-allowance.csv
echo 'M0000970,20251101,20260331,20260429,30,6702,201060,20260519,' >>next-injury-allowance.csv
run 1 tsunagi diff --layout injury-allowance linked-injury-allowance.csv next-injury-allowance.csv \
    --linked keys.csv --qualification linked-qualification.csv --insurer $insurer \
    --as-of 2026-12-24 -o injury-allowance-differential
run 0 tsunagi issue --registry registry.db --as-of 2026-12-24T15:00:00 \
    -o injury-allowance-differential-results injury-allowance-differential/injury-allowance_*.csv
run 0 tsunagi link --layout injury-allowance --core next-injury-allowance.csv \
    --before linked-injury-allowance.csv --bulk injury-allowance-differential --as-of 2026-12-25 \
    -o linked-injury-allowance-2.csv \
    injury-allowance-differential-results/injury-allowance-result_*.csv

say
say "Done. The results are in $work:"
say "  bulk/          upload files, held.csv, rejected.csv, manifest.csv"
say "  results/       result files of the rehearsed server"
say "  linked.csv     the core extract with 被保険者枝番 filled in"
say "  qualification/, injury-allowance/, family-childbirth/ and their -results/  secondary copies"
say "  linked-*.csv   secondary copies with what the server has of them, for the next difference"
say "  injury-allowance-differential/  upload files of what changed in a month"
say "  differential/  upload files of changed members only, changes.csv"
