#!/bin/bash
# One big submission through `yaoce validate` and `yaoce run`, beside `psql \copy` of the same rows into plain typed
# tables on the same server. Prints a table and writes .build/bench/results.json.
#   DRUGS    drugs of the institution (500000: 2 million rows)     REPEATS  the best of so many counts (3)
#   YAOCE    the program (.build/release/yaoce)
set -euo pipefail
cd "$(dirname "$0")/.."
drugs=${DRUGS:-500000}
repeats=${REPEATS:-3}
yaoce=${YAOCE:-$PWD/.build/release/yaoce}
out=$PWD/.build/bench
scale=1
. Scripts/bench-common.sh

"$yaoce" sample generate --kind big --drugs "$drugs" --floor "$base/floor" "$base/sample" --lang en
url=$("$yaoce" db start)
submission=$(find "$base/sample/inbox" -mindepth 2 -maxdepth 2 -type d | head -n 1)
bytes=$(cat "$base"/floor/*.csv | wc -c)
rows=$(($(cat "$base"/floor/*.csv | wc -l) - 5))

measure_floor "$base/floor"
validate= validate_kib= run= load= run_kib=
for repeat in $(seq "$repeats"); do
    echo "round $repeat of $repeats" >&2
    timed "$yaoce" validate "$submission" --business-date 2026-03-02 --fail-on never \
        --institutions "$base/sample/libraries/institutions.csv" --lang en >"$out/validate.txt"
    validate=$(least "$validate" "$seconds")
    validate_kib=$(most "$validate_kib" "$kib")

    # Each round into an empty database, with folders of its own.
    new_round round "$base/sample"
    cp -a "$base/sample/inbox/." "$base/inbox/"
    psql -X -q -c CHECKPOINT "$url"
    timed "$yaoce" run --business-date 2026-03-02 --json >"$out/run.json"
    run=$(least "$run" "$seconds")
    run_kib=$(most "$run_kib" "$kib")
    # Checking and loading overlap, so their seconds do not add up.
    load=$(least "$load" "$(ask "SELECT round(extract(epoch FROM max(started_at + seconds * interval '1 second')
        - min(started_at)), 2) FROM yaoce_api.stage_run
        WHERE stage IN ('receive', 'compare', 'precheck', 'load')" "$YAOCE_DATABASE_URL")")
    loaded=$(ask "SELECT sum(rows_loaded) FROM yaoce_api.submission_file" "$YAOCE_DATABASE_URL")
    unset YAOCE_DATABASE_URL
done

machine
cat <<END

$drugs drugs, $rows rows ($loaded loaded), $bytes bytes; best of $repeats
$(nproc) × $cpu_name; PostgreSQL $server; Swift $swift

what                                   seconds   × floor   MiB at most
psql \\copy (the floor)            $(printf '%12s %9s %13s' "$floor" 1.00 -)
yaoce validate                     $(printf '%12s %9s %13s' "$validate" "$(ratio "$validate" "$floor")" "$(mebibytes "$validate_kib")")
yaoce run, up to loaded            $(printf '%12s %9s %13s' "$load" "$(ratio "$load" "$floor")" -)
yaoce run, whole                   $(printf '%12s %9s %13s' "$run" "$(ratio "$run" "$floor")" "$(mebibytes "$run_kib")")
END
cat >"$out/results.json" <<END
{"drugs": $drugs, "rows": $rows, "rows_loaded": $loaded, "bytes": $bytes, "repeats": $repeats,
 "cores": $(nproc), "cpu": "$cpu_name", "postgresql": "$server", "swift": "$swift", "commit": "$commit",
 "seconds": {"copy": $floor, "validate": $validate, "run_to_loaded": $load, "run": $run},
 "resident_kib": {"validate": $validate_kib, "run": $run_kib}}
END
echo
echo "$out/results.json"
