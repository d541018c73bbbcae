#!/bin/sh
# Copies of one job started at once: one works, the others end with 75 at once, nothing is doubled.
# Usage: overlap.sh BIN [ROUNDS]   (default 5; 1000 for a release)
set -eu

PATH=$(CDPATH='' cd -- "$1" && pwd):$PATH
rounds=${2:-5}
copies=16
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
tsunagi-sample --quiet --members 3000 --insurer 06139992 --as-of 2026-11-22 -o core.csv
tr -d '\r' <core.csv |
    awk 'NR == 1 {print $0 ",branch_number"} NR > 1 {printf "%s,%010d\n", $0, NR}' >linked.csv
book='--ledger book --key-file key --as-of 2026-11-22 --insurer 06139992'

# One round: every copy waits for the same moment. Sets worked and busy.
round() {
    rm -f book book.lock key status.* go
    tsunagi-ledger $book --quiet init
    copy=0
    while [ "$copy" -lt "$copies" ]; do
        copy=$((copy + 1))
        (
            while [ ! -e go ]; do :; done
            status=0
            tsunagi-ledger $book --accepted linked.csv --quiet init 2>"talk.$copy" || status=$?
            echo "$status" >"status.$copy"
        ) &
    done
    : >go
    wait
    worked=$(cat status.* | grep -c '^0$') || true
    busy=$(cat status.* | grep -c '^75$') || true
    # Who comes when the first is done finds its work done, and says nothing else.
    [ $((worked + busy)) -eq "$copies" ] && [ "$worked" -ge 1 ] || return 1
    ! grep -v 'SYS003' talk.* | grep . || return 1
    tsunagi-ledger $book --quiet verify || return 1
    [ "$(tsunagi-ledger $book status | sed -n 's/^members.member-info.accepted.//p')" -eq 3000 ]
    # init, accepted: the work was done once.
    tsunagi-ledger $book status | grep -q '^head.2:'
}

done=0
while [ "$done" -lt "$rounds" ]; do
    round || { echo "round $done: worked $worked, busy $busy"; cat talk.*; exit 1; }
    done=$((done + 1))
done
echo "$rounds rounds of $copies copies: nothing doubled (last: worked $worked, busy $busy)"
