#!/bin/bash
# One worker against two on this machine: the same province night, received, then compared, checked and loaded by
# `yaoce worker`. Prints elapsed time, processor time of the programs and of PostgreSQL, and how far two workers can help
# at all: what has to be done in total, spread over all cores; and what several are to one where each has a core, its
# sessions of PostgreSQL included. It says something where nothing else is at work. Writes
# .build/bench/workers.json, removes the rest.
#   SCALE    1 is the whole province (0.1)      REPEATS  the best of so many counts (3)
#   WORKERS  how many beside one another (2)    YAOCE    the program (.build/release/yaoce)
#   CHECKS   submissions that one worker checks at a time (1: a core for each worker)
set -euo pipefail
cd "$(dirname "$0")/.."
scale=${SCALE:-0.1}
repeats=${REPEATS:-3}
many=${WORKERS:-2}
checks=${CHECKS:-1}
yaoce=${YAOCE:-$PWD/.build/release/yaoce}
out=$PWD/.build/bench
. Scripts/bench-common.sh
export YAOCE_RUN_WORKERS=$checks

day=2026-03-02
institutions=$(scaled 70),$(scaled 250),$(scaled 150),$(scaled 1830)
library=$(awk -v s="$scale" 'BEGIN { v = int(160000 * s); print v < 4000 ? 4000 : v }')
url=$("$yaoce" db start)
machine
"$yaoce" sample generate --kind night --institutions "$institutions" --library-drugs "$library" --lang en "$base/night" >&2
postmaster=$(head -n 1 "$(ask 'SHOW data_directory')/postmaster.pid")
# Processor seconds of all sessions that have ended.
server_seconds() { awk -v t="$(getconf CLK_TCK)" '{ printf "%.2f", ($16 + $17) / t }' "/proc/$postmaster/stat"; }

# keep_to CORES: the server and its sessions work on these; all that is started by it afterwards does.
keep_to() {
    for pid in "$postmaster" $(ps -o pid= --ppid "$postmaster"); do taskset -apc "$1" "$pid" >/dev/null 2>&1 || true; done
}

# measure COUNT [CORES]: sets best, programs and server of the fastest of `repeats`; CORES are all there are for workers
# and PostgreSQL.
measure() {
    local cores=${2:-0-$(($(nproc) - 1))}
    keep_to "$cores"
    best= programs= server=
    for _ in $(seq "$repeats"); do
        new_round workers "$base/night"
        cp -a "$base/night/inbox/." "$base/inbox/"
        "$yaoce" run --business-date "$day" --only receive --json >/dev/null
        psql -X -q -c CHECKPOINT "$url"
        local before started pids=() elapsed
        before=$(server_seconds)
        started=$(date +%s.%N)
        for number in $(seq "$1"); do
            /usr/bin/time -o "$base/time-$number" -f '%U %S' \
                taskset -c "$cores" "$yaoce" worker --until-empty --business-date "$day" >/dev/null &
            pids+=($!)
        done
        for pid in "${pids[@]}"; do wait "$pid"; done
        elapsed=$(awk -v a="$started" -v b="$(date +%s.%N)" 'BEGIN { printf "%.2f", b - a }')
        waiting=$(ask "SELECT count(*) FROM yaoce.submission WHERE waiting_for < 5" "$YAOCE_DATABASE_URL")
        [ "$waiting" = 0 ] || { echo "$waiting submissions were left" >&2; exit 1; }
        if [ "$(least "$best" "$elapsed")" = "$elapsed" ]; then
            best=$elapsed
            programs=$(cat "$base"/time-* | awk '{ s += $1 + $2 } END { printf "%.2f", s }')
            server=$(awk -v a="$before" -v b="$(server_seconds)" 'BEGIN { printf "%.2f", b - a }')
        fi
        rm -f "$base"/time-*
    done
}

measure 1
one=$best one_programs=$programs one_server=$server
measure 1 0
alone=$best
measure "$many"
speedup=$(ratio "$one" "$best")
# A worker with a core of its own for itself and its sessions, against one for each.
[ "$many" -le "$(nproc)" ] && apart=$(ratio "$alone" "$best") || apart=
# Nobody is faster than all cores at work all the time with what two workers do in total.
limit=$(awk -v o="$one" -v p="$programs" -v s="$server" -v n="$(nproc)" 'BEGIN { printf "%.2f", o / ((p + s) / n) }')
cat <<END

SCALE=$scale, best of $repeats, $(date +%F), $(nproc) × $cpu_name, PostgreSQL $(ask 'SHOW server_version'), commit $commit, load $(cut -d' ' -f1 /proc/loadavg)

workers   elapsed   programs   PostgreSQL
      1  $(printf '%8s  %9s  %11s' "$one" "$one_programs" "$one_server")
$(printf '%7s  %8s  %9s  %11s' "$many" "$best" "$programs" "$server")

$many workers are $speedup times as fast as one; with $(nproc) cores for workers and PostgreSQL together no more than $limit is possible.
${apart:+One worker on one core, its PostgreSQL sessions too, takes $alone s: with a core for each, $many are $apart times as fast.}
END
cat >"$out/workers.json" <<END
{"scale": $scale, "repeats": $repeats, "cores": $(nproc), "workers": $many, "checks": $checks, "commit": "$commit",
 "one": {"seconds": $one, "programs": $one_programs, "server": $one_server},
 "many": {"seconds": $best, "programs": $programs, "server": $server},
 "one_on_one_core": {"seconds": $alone}, "speedup": $speedup, "possible": $limit, "with_a_core_each": ${apart:-null}}
END
echo "$out/workers.json"
