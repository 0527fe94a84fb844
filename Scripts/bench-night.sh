#!/bin/bash
# The ten targets of docs/performance.md in one go: province night, big file, dirty files, ten times the rows, ten
# submissions into a full database, comparison, a night with nothing new. Each figure stands beside what it is a ratio
# of, measured in the same run on the same server. Prints a table, writes .build/bench/night.json, removes the rest.
#   SCALE    1 is the whole province; 0.05 takes minutes     REPEATS  the best of so many counts (3)
#   ONLY     some of the targets: "1 3 10"                   YAOCE    the program (.build/release/yaoce)
# A target that cannot be measured here is told with the reason. SCALE=1 wants 60 GB below /var/tmp.
set -euo pipefail
cd "$(dirname "$0")/.."
scale=${SCALE:-1}
repeats=${REPEATS:-3}
only=" ${ONLY:-1 2 3 4 5 6 7 8 9 10} "
yaoce=${YAOCE:-$PWD/.build/release/yaoce}
out=$PWD/.build/bench
. Scripts/bench-common.sh

day=2026-03-02
institutions=$(scaled 70),$(scaled 250),$(scaled 150),$(scaled 1830)
library=$(awk -v s="$scale" 'BEGIN { v = int(160000 * s); print v < 4000 ? 4000 : v }')
drugs=$(scaled 500000)
full=$(scaled 100000000)
compared=$(scaled 100000)
wants() { case $only in *" $1 "*) return 0 ;; *) return 1 ;; esac }
say() { echo "$(date +%T) $*" >&2; }
lines=() json=() costs=() dirty_least=() worst=0 worst_of=

# note NUMBER WHAT SECONDS BASE TARGET [UNIT]: a line of the table; BASE is what it is set against, "-" for a plain limit.
note() {
    local value
    if [ "$4" = - ]; then value=$3; else value=$(ratio "$3" "$4"); fi
    local verdict
    verdict=$(awk -v v="$value" -v t="$5" 'BEGIN { print (v == "-") ? "-" : (v + 0 <= t + 0 ? "met" : "missed") }')
    lines+=("$(printf '%3s  %-58s %10s %10s %8s %8s  %s' "$1" "$2" "$3" "$4" "$value" "≤ $5" "$verdict")")
    json+=("{\"target\": \"$1\", \"what\": \"$2\", \"value\": $3, \"set_against\": $([ "$4" = - ] && echo null || echo "$4"), \"ratio\": $([ "$value" = - ] && echo null || echo "$value"), \"limit\": $5, \"met\": $([ "$verdict" = met ] && echo true || echo false)}")
}
# unmeasured NUMBER WHY
unmeasured() {
    lines+=("$(printf '%3s  not measured: %s' "$1" "$2")")
    json+=("{\"target\": \"$1\", \"not_measured\": \"$2\"}")
}
# remember KIB WHAT: the most memory of all.
remember() {
    if awk -v a="$1" -v b="$worst" 'BEGIN { exit !(a > b) }'; then worst=$1 worst_of=$2; fi
}
# run_into SAMPLE NAME [DAY]: one night into an empty database; sets seconds, cpu, kib.
run_into() {
    new_round "$2" "$1"
    cp -a "$1/inbox/." "$base/inbox/"
    psql -X -q -c CHECKPOINT "$url"
    timed "$yaoce" run --business-date "${3:-$day}" --json >"$out/run.json"
    remember "$kib" "$2"
}
stage_seconds() {
    ask "SELECT round(sum(seconds)::numeric, 2) FROM yaoce_api.stage_run WHERE stage = ANY (string_to_array('$1', ','))" \
        "$YAOCE_DATABASE_URL"
}
# copy_alone [TABLES]: seconds for nothing but copying the rows that the night has left, as narrow as they lie there and in
# PostgreSQL's own binary format, into tables without index or key, on two sessions: what no way of loading is below.
copy_alone() {
    local tables=${1:-usage stock_in stock_out catalogue_row institution_row row_header named_drug drug_code_map drug_description}
    local statements=("" "") place=0 table
    psql -X -q -c "CREATE SCHEMA copied" "$YAOCE_DATABASE_URL"
    for table in $tables; do
        psql -X -q -c "CREATE TABLE copied.$table (LIKE yaoce.$table)" \
            -c "\\copy (SELECT * FROM yaoce.$table) TO '$base/$table.bin' (FORMAT binary)" "$YAOCE_DATABASE_URL"
        statements[place]+="\\copy copied.$table FROM '$base/$table.bin' (FORMAT binary)"$'\n'
        place=$((1 - place))
    done
    timed bash -c 'psql -X -q <<<"$1" "$3" & psql -X -q <<<"$2" "$3"; wait' - "${statements[@]}" "$YAOCE_DATABASE_URL"
    psql -X -q -c "DROP SCHEMA copied CASCADE" "$YAOCE_DATABASE_URL" 2>/dev/null
    rm -f "$base"/*.bin
    echo "$seconds"
}
# dirty_alone: seconds for copying nothing but the findings and the rows kept aside, for giving them back once in the order of
# the papers, and for writing as many files with as many bytes as the papers have; each on two sessions or processes.
dirty_alone() {
    local copied given written
    copied=$(copy_alone "finding quarantined_row finding_count")
    timed bash -c 'psql -X -q -o /dev/null -c "COPY (SELECT * FROM yaoce.finding ORDER BY submission_id, finding_id)
            TO STDOUT (FORMAT binary)" "$1" &
        psql -X -q -o /dev/null -c "COPY (SELECT * FROM yaoce.quarantined_row ORDER BY submission_id, file_no, row_number)
            TO STDOUT (FORMAT binary)" "$1"; wait' - "$YAOCE_DATABASE_URL"
    given=$seconds
    mkdir "$base/written"
    timed bash -c 'cp -r "$1/outbox" "$1/written/" & cp -r "$1/reports" "$1/written/"; wait' - "$base"
    written=$seconds
    rm -rf "$base/written"
    echo "$copied $given $written"
}
# more_rules COUNT: a file of rules that all rows pass.
more_rules() {
    echo 'stage: precheck'
    echo 'group: Y'
    echo 'title: {zh: 更多, en: More}'
    echo 'rules:'
    for number in $(seq 10 $((9 + $1))); do
        cat <<END
  - id: Y$number
    severity: warning
    dimension: record
    tables: [stock_in, stock_out, usage]
    title: {zh: 更多, en: More}
    message: {zh: 更多, en: More}
    remedy: {zh: 更多, en: More}
    condition: "abs(pack_quantity * catalogue.conversion_factor - dose_quantity) > $number * (dose_quantity + 1)"
    column: dose_quantity
END
    done
}
night() { "$yaoce" sample generate --kind night --institutions "$institutions" --library-drugs "$library" --lang en "$@" >&2; }

url=$("$yaoce" db start)
psql -X -q -c "SET client_min_messages TO warning" -c "CREATE EXTENSION IF NOT EXISTS plpgsql" "$url" >/dev/null
machine

# 1, 5, 10: the night, its stages, and a night after it with nothing new.
if wants 1 || wants 4 || wants 5 || wants 6 || wants 7 || wants 8 || wants 10; then
    say "generating the night"
    night --floor "$base/floor" "$base/night"
    rows=$(($(cat "$base"/floor/*.csv | wc -l) - 5))
    files=$(find "$base/night/inbox" -type f ! -name submission.ok | wc -l)
    say "floor of $rows rows"
    measure_floor "$base/floor"
    night_floor=$floor night_best= night_cpu=
    for _ in $(seq "$repeats"); do
        say "the night"
        run_into "$base/night" night
        night_cpu=$(least "$night_cpu" "$cpu")
        night_best=$(least "$night_best" "$seconds")
    done
    stages=$(ask "SELECT string_agg(stage || ' ' || round(seconds::numeric, 2), ', ' ORDER BY started_at)
        FROM yaoce_api.stage_run" "$YAOCE_DATABASE_URL")
    night_kib=$kib
    if wants 1; then
        note 1 "province night, $rows rows, $files files" "$night_best" "$night_floor" 1.0
        say "what copying alone takes"
        copying=
        for _ in $(seq "$repeats"); do copying=$(least "$copying" "$(copy_alone)"); done
    fi
fi
if wants 5; then
    judged=$(stage_seconds postcheck)
    aggregate=
    for _ in $(seq "$repeats"); do
        timed psql -X -q -A -t -o /dev/null -c "SET max_parallel_workers_per_gather = 0" \
            -c "SELECT sum(amount), sum(pack_quantity), sum(dose_quantity) FROM yaoce.stock_in" \
            -c "SELECT sum(pack_quantity), sum(dose_quantity) FROM yaoce.stock_out" \
            -c "SELECT sum(amount), sum(pack_quantity), sum(dose_quantity) FROM yaoce.usage" \
            -c "SELECT sum(conversion_factor) FROM yaoce.catalogue_row" "$YAOCE_DATABASE_URL"
        aggregate=$(least "$aggregate" "$seconds")
    done
    note 5 "post-load rules beside one sequential aggregate" "$judged" "$aggregate" 3
fi
if wants 10; then
    nothing=
    for _ in $(seq "$repeats"); do
        timed "$yaoce" run --business-date "$day" --json >/dev/null
        nothing=$(least "$nothing" "$seconds")
    done
    note 10 "a night with nothing new (seconds)" "$nothing" - 0.3
fi

# 8: the comparison of distinct drugs with the library, the program's start and the reading of the library included.
if wants 8; then
    say "comparison"
    # A row for each description: the columns of catalogue.csv from generic_name to conversion_factor.
    awk -F, -v most="$compared" 'NR == 1 { print; next }
        { k = $9 "," $10 "," $13 "," $14 "," $16 "," $17 "," $19; if (!(k in seen) && n < most) { seen[k]; n++; print } }' \
        "$base/floor/catalogue.csv" >"$base/drugs.csv"
    # Drugs that name their entry and are printed like it need no search. Without the national code (column 6) all do.
    awk -F, -v OFS=, 'NR > 1 { $6 = "" } { print }' "$base/drugs.csv" >"$base/searched.csv"
    many=$(($(wc -l <"$base/drugs.csv") - 1))
    head -n 1601 "$base/searched.csv" >"$base/searched-1600.csv"
    head -n 2 "$base/searched.csv" >"$base/searched-1.csv"
    # compare FILE: seconds of the fastest of at least three, since what follows is the difference of two of them.
    compare() {
        local least=
        for _ in $(seq $((repeats < 3 ? 3 : repeats))); do
            timed "$yaoce" match new "$1" --by bench --json >/dev/null
            least=$(least "$least" "$seconds")
        done
        remember "$kib" comparison
        seconds=$least
    }
    compare "$base/drugs.csv"
    note 8 "$many distinct drugs against $library, as reported (seconds)" "$seconds" - 10
    compare "$base/searched.csv"
    note 8b "the same without codes, each looked for (seconds)" "$seconds" - 10
    compare "$base/searched-1600.csv"
    some=$seconds
    compare "$base/searched-1.csv"
    note 8c "1 600 of these with the index built (seconds)" \
        "$(awk -v a="$some" -v b="$seconds" 'BEGIN { d = a - b; printf "%.2f", d < 0 ? 0 : d }')" - 0.3
fi

# 7: ten new submissions, into a database with nothing but libraries and into one with many rows.
if wants 7; then
    say "ten submissions into a full database of $full rows"
    # They report on a year that nobody has reported on yet, here as there, under the same libraries: the night's drugs,
    # its institutions and theirs.
    "$yaoce" sample generate --kind night --institutions 2,3,2,3 --period 2026 --library-drugs "$library" \
        --lang en "$base/ten" >&2
    cmp -s "$base/night/libraries/drugs.csv" "$base/ten/libraries/drugs.csv" \
        || { echo "the ten were not made from the night's drug library" >&2; exit 1; }
    {
        cat "$base/night/libraries/institutions.csv"
        tail -n +2 "$base/ten/libraries/institutions.csv"
    } >"$base/institutions.csv"
    mv "$base/institutions.csv" "$base/ten/libraries/institutions.csv"
    ten_empty=
    # The full database is the night's: keep it, and its folders, aside.
    full_url=$YAOCE_DATABASE_URL
    mv "$base/archive" "$base/archive-night"
    mv "$base/reports" "$base/reports-night"
    for _ in $(seq "$repeats"); do
        run_into "$base/ten" ten 2027-03-02
        ten_empty=$(least "$ten_empty" "$seconds")
    done
    export YAOCE_DATABASE_URL=$full_url
    rm -rf "$base/archive" "$base/reports"
    mv "$base/archive-night" "$base/archive"
    mv "$base/reports-night" "$base/reports"
    "$yaoce" library import institutions "$base/ten/libraries/institutions.csv" --version ten --publish >/dev/null
    # Earlier years are the same rows under other submissions; what a year has, each has.
    psql -X -q -v ON_ERROR_STOP=1 -v wanted="$full" -f Scripts/fill.sql "$YAOCE_DATABASE_URL"
    held=$(ask "SELECT (SELECT count(*) FROM yaoce.stock_in) + (SELECT count(*) FROM yaoce.stock_out)
        + (SELECT count(*) FROM yaoce.usage) + (SELECT count(*) FROM yaoce.catalogue_row)" "$YAOCE_DATABASE_URL")
    # The reports of those years are as old as they are.
    rm -rf "$base/inbox" && mkdir "$base/inbox"
    "$yaoce" run --business-date 2027-03-01 --json >/dev/null
    # The ten come for the first time only once: each round has a copy of database and folders to itself.
    mv "$base/archive" "$base/archive-night"
    mv "$base/reports" "$base/reports-night"
    ten_full=
    for _ in $(seq "$repeats"); do
        export YAOCE_DATABASE_URL=$full_url
        psql -X -q -c "DROP DATABASE IF EXISTS round" -c "CREATE DATABASE round TEMPLATE night STRATEGY file_copy" "$url"
        export YAOCE_DATABASE_URL=${url/\/yaoce\?/\/round?}
        for folder in archive reports; do
            if [ -e "$base/$folder" ]; then mv "$base/$folder" "$base/aside/$((aside += 1))"; fi
            cp -a "$base/$folder-night" "$base/$folder"
        done
        cp -a "$base/ten/inbox/." "$base/inbox/"
        # What the copies left to be written is not the run's.
        sync
        psql -X -q -c CHECKPOINT "$url"
        timed "$yaoce" run --business-date 2027-03-02 --json >/dev/null
        ten_full=$(least "$ten_full" "$seconds")
    done
    seconds=$ten_full
    psql -X -q -c "DROP DATABASE round" "$url"
    rm -rf "$base/archive-night" "$base/reports-night"
    remember "$kib" full
    note 7 "ten submissions, database of $held rows" "$seconds" "$ten_empty" 1.2
fi

# 4: dirty files.
if wants 4; then
    for share in 10 300; do
        say "$share bad rows in a thousand"
        night --bad-per-mille "$share" "$base/dirty"
        dirty=
        for _ in $(seq "$repeats"); do
            run_into "$base/dirty" dirty
            dirty=$(least "$dirty" "$seconds")
        done
        findings=$(ask "SELECT count(*) FROM yaoce_api.finding" "$YAOCE_DATABASE_URL")
        dirty_copied= dirty_given= dirty_written=
        for _ in $(seq "$repeats"); do
            read -r copied given written < <(dirty_alone)
            dirty_copied=$(least "$dirty_copied" "$copied")
            dirty_given=$(least "$dirty_given" "$given")
            dirty_written=$(least "$dirty_written" "$written")
        done
        dirty_least+=("$(awk -v bad="$share" -v a="$dirty_copied" -v b="$dirty_given" -v c="$dirty_written" -v clean="$night_best" \
            'BEGIN { printf "%s in 1 000: copying %.2f + giving back once %.2f + writing the papers'"'"' bytes %.2f s, with the clean night %.2f times it",
                bad, a, b, c, (clean + a + b + c) / clean }')")
        rm -rf "$base/dirty"
        if [ "$share" = 10 ]; then
            note 4 "1 % bad rows beside clean" "$dirty" "$night_best" 1.2
        else
            costs+=("$(awk -v bad="$dirty" -v clean="$night_best" -v all="$findings" \
                'BEGIN { printf "a finding, with the row that is kept aside and all papers, %.0f µs", (bad - clean) / all * 1e6 }')")
            note 4b "30 % bad rows beside clean" "$dirty" "$night_best" 2
        fi
    done
fi

# 6: ten times the rows.
if wants 6; then
    say "ten times the rows"
    "$yaoce" sample generate --kind night --institutions "$institutions" --library-drugs "$library" --scale 1000 --lang en "$base/tenfold" >&2
    run_into "$base/tenfold" tenfold
    rm -rf "$base/tenfold"
    note 6 "ten times the rows beside the night" "$seconds" "$night_best" 10.5
    # Two nights of the same submissions give a line: what a row costs, and what a submission costs without its rows.
    costs+=("$(awk -v few="$rows" -v many="$(ask "SELECT sum(rows_read) FROM yaoce_api.submission_file" "$YAOCE_DATABASE_URL")" \
        -v short="$night_best" -v long="$seconds" -v all="$(ask "SELECT count(*) FROM yaoce_api.submission" "$YAOCE_DATABASE_URL")" \
        'BEGIN { row = (long - short) / (many - few)
            printf "a row %.1f µs, a submission without its rows %.1f ms", row * 1e6, (short - few * row) / all * 1e3 }')")
    note 6b "its memory beside the night's (KiB)" "$kib" "$night_kib" 1.1
fi
rm -rf "$base/night" "$base/floor" "$base/ten"
unset YAOCE_DATABASE_URL

# 2, 3: one big submission.
if wants 2 || wants 3; then
    say "one institution with $drugs drugs"
    "$yaoce" sample generate --kind big --drugs "$drugs" --floor "$base/floor" "$base/big" --lang en >&2
    submission=$(find "$base/big/inbox" -mindepth 2 -maxdepth 2 -type d | head -n 1)
    if wants 3; then
        measure_floor "$base/floor"
        loaded=
        for _ in $(seq "$repeats"); do
            run_into "$base/big" big
            # Checking and loading overlap, so their seconds do not add up: what is checked is loaded within precheck's.
            loaded=$(least "$loaded" "$(ask "SELECT round(extract(epoch FROM max(started_at + seconds * interval '1 second')
                - min(started_at))::numeric, 2) FROM yaoce_api.stage_run
                WHERE stage IN ('receive', 'compare', 'precheck', 'load')" "$YAOCE_DATABASE_URL")")
        done
        big_copying=
        for _ in $(seq "$repeats"); do big_copying=$(least "$big_copying" "$(copy_alone)"); done
        big_copying="$big_copying s = $(ratio "$big_copying" "$floor") F"
        big_stages=$(ask "SELECT string_agg(stage || ' ' || round(seconds::numeric, 2), ', ' ORDER BY started_at)
            FROM yaoce_api.stage_run" "$YAOCE_DATABASE_URL")
        unset YAOCE_DATABASE_URL
        note 3 "big submission up to loaded" "$loaded" "$floor" 0.5
    fi
    if wants 2; then
        validated= validate_cpu= more_rules_cpu=
        cp -r Rules "$base/rules"
        more_rules 20 >"$base/rules/precheck/Y-more.yaml"
        for _ in $(seq "$repeats"); do
            timed "$yaoce" validate "$submission" --business-date "$day" --fail-on never \
                --institutions "$base/big/libraries/institutions.csv" --lang en >"$out/validate.txt"
            validated=$(least "$validated" "$seconds")
            validate_cpu=$(least "$validate_cpu" "$cpu")
            remember "$kib" validate
            YAOCE_RULES_FOLDER=$base/rules timed "$yaoce" validate "$submission" --business-date "$day" --fail-on never \
                --institutions "$base/big/libraries/institutions.csv" --lang en >/dev/null
            more_rules_cpu=$(least "$more_rules_cpu" "$cpu")
        done
        costs+=("$(awk -v a="$more_rules_cpu" -v b="$validate_cpu" -v rows="$(cat "$base"/floor/{stock_in,stock_out,usage}.csv | wc -l)" \
            'BEGIN { printf "a condition like that of F01, for each row it looks at, %.0f ns of the processor", (a - b) / 20 / rows * 1e9 }')")
        python=
        if python3 -c 'import duckdb' 2>/dev/null; then
            python=python3
        elif python3 -m venv "$base/venv" >/dev/null 2>&1 && "$base/venv/bin/pip" -q install duckdb >/dev/null 2>&1; then
            python=$base/venv/bin/python
        fi
        if [ -n "$python" ]; then
            duck=
            for _ in $(seq "$repeats"); do
                duck=$(least "$duck" "$("$python" Scripts/duckdb-floor.py "$base/floor")")
            done
            note 2 "big submission, validate beside DuckDB" "$validated" "$duck" 1.0
        else
            unmeasured 2 "no duckdb module for python3 and none could be installed; validate took $validated s"
        fi
    fi
fi
if wants 9; then note 9 "resident memory at most, in $worst_of (MiB)" "$(mebibytes "$worst")" - 256; fi

cat <<END

SCALE=$scale, best of $repeats, $(date +%F)
$(nproc) × $cpu_name, $memory GiB; PostgreSQL $server; Swift $swift; commit $commit; load average $(cut -d' ' -f1 /proc/loadavg) at the end
$([ -n "${copying:-}" ] && echo "copying the night's rows and nothing else, binary, two sessions: $copying s = $(ratio "$copying" "$night_floor") F")
${big_copying:+the same of the big submission: $big_copying; its stages: $big_stages}
$([ ${#dirty_least[@]} -gt 0 ] && printf "findings and rows kept aside alone, %s\n" "${dirty_least[@]}")
$([ ${#costs[@]} -gt 0 ] && printf "one more costs: %s\n" "$(printf "%s; " "${costs[@]}")")
$([ -n "${stages:-}" ] && echo "stages of the night: $stages; $night_cpu s of the program's processor time")

  #  what                                                          measured    against    ratio   target
END
printf '%s\n' "${lines[@]}" | sort -n -k1,1
{
    printf '{"scale": %s, "repeats": %s, "cores": %s, "cpu": "%s", "memory_gib": %s, "postgresql": "%s", "swift": "%s", "commit": "%s", "targets": [\n' \
        "$scale" "$repeats" "$(nproc)" "$cpu_name" "$memory" "$server" "$swift" "$commit"
    (IFS=$'\n'; printf '%s\n' "${json[@]}" | sed '$!s/$/,/; s/^/  /')
    printf ']}\n'
} >"$out/night.json"
echo
echo "$out/night.json"
