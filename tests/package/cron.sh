#!/bin/sh
# The units that are installed: systemd takes them, and they are closed. Usage: cron.sh BUILD
set -eu

build=$(CDPATH='' cd -- "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$build" --prefix "$scratch/prefix" >"$scratch/install.log"
cron=$scratch/prefix/share/tsunagi/cron
sh -n "$cron/nightly.sh"
grep -q "^30 2 .* $cron/nightly.sh\$" "$cron/crontab"
# The folder must be one that systemd may read: it loads both units, and the program they name.
SYSTEMD_UNIT_PATH="$cron:" systemd-analyze verify --man=no "$cron/tsunagi-nightly.service" \
    "$cron/tsunagi-nightly.timer" >"$scratch/verify.log" 2>&1 || {
    cat "$scratch/verify.log"
    exit 1
}
! grep tsunagi-nightly "$scratch/verify.log"
systemd-analyze calendar '*-*-* 02:30:00 Asia/Tokyo' >/dev/null
# Exposure in tenths: 20 is 2.0.
systemd-analyze security --offline=true --threshold=20 --no-pager \
    "$cron/tsunagi-nightly.service" >"$scratch/security.log" || {
    tail -n 3 "$scratch/security.log"
    exit 1
}
tail -n 1 "$scratch/security.log"
