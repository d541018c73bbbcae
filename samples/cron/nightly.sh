#!/bin/sh
# The whole loop of a night: what the server answered is brought home, then what changed is made
# into upload files. A person uploads them in the morning and says so:
#
#   tsunagi-ledger --ledger LEDGER --key-file KEY sent OUTBOX/DAY/*.csv
#
# Every step may be killed and run again: what is done stays done. Quiet on success, one line on
# failure; the talk of the tools, which never holds personal data, is in LOG. Settings come from the
# file in $TSUNAGI_NIGHTLY, or beside this script:
#
#   insurer      insurer number
#   state        folder of the ledger, 0700                  (/var/lib/tsunagi)
#   extract      tonight's core extract                      (STATE/inbox/extract.csv)
#   results      folder where result files are put           (STATE/inbox/results)
#   outbox       folder of upload files, one folder a night  (STATE/outbox)
#   core         more options for reading the core           (none)
#   key          key file; a service's credential comes first
#   day          name of tonight's folder                    (the date in Japan)
set -u
umask 077

insurer='' state=/var/lib/tsunagi extract='' results='' outbox='' core='' day=''
key=/etc/tsunagi/ledger.key
settings=${TSUNAGI_NIGHTLY:-$(dirname -- "$0")/nightly.conf}
[ ! -f "$settings" ] || . "$settings"
: "${extract:=$state/inbox/extract.csv}" "${results:=$state/inbox/results}"
: "${outbox:=$state/outbox}"
[ -z "${CREDENTIALS_DIRECTORY:-}" ] || key=$CREDENTIALS_DIRECTORY/ledger.key
: "${day:=$(TZ=Asia/Tokyo date +%Y-%m-%d)}"
LC_ALL=C
export LC_ALL
mkdir -p "$state/log" "$results/done" "$outbox" || exit 2
log=$state/log/$day.log
book="--ledger $state/ledger --key-file $key"

fail() { # STEP STATUS
    line=$(grep error "$log" | tail -n 1)
    printf 'tsunagi nightly: %s ended with %s: %s (%s)\n' "$1" "$2" "${line:-see the log}" "$log"
    exit "$2"
}

# step NAME COMMAND...: 0 and 1 (there is something to tell) are success; errors in the data are
# worth a line all the same, and the work goes on with what is good.
step() {
    name=$1
    shift
    printf '== %s\n' "$name" >>"$log"
    "$@" >>"$log" 2>&1
    status=$?
    [ "$status" -le 1 ] || fail "$name" "$status"
    [ "$status" -eq 0 ] || ! awk '/^== / {e = 0} / error / {e = 1} END {exit !e}' "$log" ||
        printf 'tsunagi nightly: %s found errors in the data (%s)\n' "$name" "$log"
}

# shellcheck disable=SC2086  # $book and $core are words
{
    [ -n "$insurer" ] || { echo 'no insurer is set' >>"$log"; fail settings 2; }
    step doctor tsunagi-doctor $book --insurer "$insurer" --quiet "$outbox"

    # 1. Answers first: what was refused is owed again, and the difference below sends it. A result
    #    file counts once however often it is given; it is put away when the linked core stands.
    for result in "$results"/*.csv; do
        [ -f "$result" ] && [ "${result##*/}" != manifest.csv ] || continue
        step link tsunagi-link $book $core --core "$extract" --keep-good --overwrite \
            -o "$state/linked.csv" "$result"
        mv -- "$result" "$results/done/" || fail link 2
    done

    # 2. Then what changed. A folder with its manifest is done.
    if [ ! -f "$outbox/$day/manifest.csv" ]; then
        step diff tsunagi-diff $book $core --insurer "$insurer" --keep-good -o "$outbox/$day" \
            "$extract"
    fi
    step verify tsunagi-ledger $book --quiet verify
    [ "$status" -eq 0 ] || fail verify 2
}
