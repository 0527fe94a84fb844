#!/bin/bash
# One big submission through `yaoce validate` and `yaoce run`, beside `psql \copy` of the same rows into plain typed
# tables on the same server. Prints a table and writes .build/bench/results.json.
#   DRUGS    drugs of the institution (500000: 2 million rows)     REPEATS  the best of so many counts (3)
set -euo pipefail
cd "$(dirname "$0")/.."
drugs=${DRUGS:-500000}
repeats=${REPEATS:-3}
yaoce=$PWD/.build/release/yaoce
out=$PWD/.build/bench
for name in $(compgen -e YAOCE_ || true); do unset "$name"; done
[ -x /usr/bin/time ] || { echo "/usr/bin/time is missing: apt-get install time" >&2; exit 1; }

# PostgreSQL's own user must reach the cluster where root runs this.
base=$(mktemp -d /var/tmp/yaoce-bench-XXXXXX)
chmod 755 "$base"
export YAOCE_CONFIG=$base/yaoce.yaml
finish() {
    "$yaoce" db stop || true
    rm -rf "$base"
}
trap finish EXIT
mkdir -p "$out"
"$yaoce" init "$base" >/dev/null
# A file of this size is above what a hospital may send by default.
export YAOCE_LIMITS_CONTAINER_MEGABYTES=100000 YAOCE_LIMITS_UNPACKED_MEGABYTES=1000000
"$yaoce" sample generate --kind big --drugs "$drugs" --floor "$base/floor" "$base/sample" --lang en
url=$("$yaoce" db start)
submission=$(find "$base/sample/inbox" -mindepth 2 -maxdepth 2 -type d | head -n 1)
bytes=$(cat "$base"/floor/*.csv | wc -c)
rows=$(($(cat "$base"/floor/*.csv | wc -l) - 5))

# least SECONDS_A SECONDS_B: the smaller, where the first may be empty.
least() { awk -v a="${1:-}" -v b="$2" 'BEGIN { print (a == "" || b + 0 < a + 0) ? b : a }'; }
# most KIB_A KIB_B
most() { awk -v a="${1:-0}" -v b="$2" 'BEGIN { print (b + 0 > a + 0) ? b : a }'; }

shared="report_date date, province_code text, org_code text, hospital_code text, hospital_name text"
drug="ypid text, hospital_drug_code text, procurement_code text, product_name text"
cat >"$base/floor.sql" <<END
DROP SCHEMA IF EXISTS floor CASCADE;
CREATE SCHEMA floor;
CREATE TABLE floor.institution ($shared, annual_drug_income numeric(16,2), bed_count integer, unit_head text, stats_head text);
CREATE TABLE floor.catalogue ($shared, ypid text, hospital_drug_code text, procurement_code text, generic_name text,
    product_name text, trade_name text, trade_name_en text, approval_number text, manufacturer text, dosage_form text,
    strength text, dosage_unit text, pack_unit text, conversion_factor numeric(12,4), is_essential smallint,
    is_central_procurement smallint, is_consistency_evaluated smallint);
CREATE TABLE floor.stock_in ($shared, $drug, amount numeric(16,2), pack_quantity numeric(18,4), dose_quantity numeric(18,4));
CREATE TABLE floor.stock_out ($shared, $drug, pack_quantity numeric(18,4), dose_quantity numeric(18,4));
CREATE TABLE floor.usage ($shared, $drug, amount numeric(16,2), pack_quantity numeric(18,4), dose_quantity numeric(18,4));
END
for table in institution catalogue stock_in stock_out usage; do
    echo "\\copy floor.$table FROM '$base/floor/$table.csv' WITH (FORMAT csv, HEADER true)" >>"$base/copy.sql"
done

floor= validate= validate_kib= run= load= run_kib=
for repeat in $(seq "$repeats"); do
    echo "round $repeat of $repeats" >&2
    psql -X -q -v ON_ERROR_STOP=1 -f "$base/floor.sql" "$url" 2>/dev/null
    psql -X -q -c CHECKPOINT "$url"
    /usr/bin/time -o "$base/time" -f '%e %M' psql -X -q -v ON_ERROR_STOP=1 -f "$base/copy.sql" "$url"
    read -r seconds kib <"$base/time"
    floor=$(least "$floor" "$seconds")

    /usr/bin/time -o "$base/time" -f '%e %M' "$yaoce" validate "$submission" --business-date 2026-03-02 --fail-on never \
        --institutions "$base/sample/libraries/institutions.csv" --lang en >"$out/validate.txt"
    read -r seconds kib <"$base/time"
    validate=$(least "$validate" "$seconds")
    validate_kib=$(most "$validate_kib" "$kib")

    # Each round into an empty database, with folders of its own.
    psql -X -q -c "DROP DATABASE IF EXISTS round" -c "CREATE DATABASE round" "$url"
    (
        export YAOCE_DATABASE_URL=${url/\/yaoce\?/\/round?}
        for folder in inbox archive outbox reports; do
            rm -rf "${base:?}/$folder"
            mkdir "$base/$folder"
        done
        "$yaoce" db migrate >/dev/null
        for kind in divisions institutions drugs; do
            "$yaoce" library import "$kind" "$base/sample/libraries/$kind.csv" --version bench --publish >/dev/null
        done
        cp -a "$base/sample/inbox/." "$base/inbox/"
        psql -X -q -c CHECKPOINT "$url"
        /usr/bin/time -o "$base/time" -f '%e %M' "$yaoce" run --business-date 2026-03-02 --json >"$out/run.json"
        psql -X -A -t -c "SELECT round(sum(seconds)::numeric, 2) FROM yaoce_api.stage_run
            WHERE stage IN ('receive', 'compare', 'precheck', 'load')" "$YAOCE_DATABASE_URL" >"$base/loaded"
        psql -X -A -t -c "SELECT sum(rows_loaded) FROM yaoce_api.submission_file" "$YAOCE_DATABASE_URL" >"$base/rows"
    )
    read -r seconds kib <"$base/time"
    run=$(least "$run" "$seconds")
    load=$(least "$load" "$(cat "$base/loaded")")
    run_kib=$(most "$run_kib" "$kib")
    loaded=$(cat "$base/rows")
done

cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
server=$(psql -X -A -t -c 'SHOW server_version' "$url")
swift=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([^ ]*\).*/\1/p' | head -n 1)
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
mebibytes() { awk -v k="$1" 'BEGIN { printf "%.0f", k / 1024 }'; }
cat <<END

$drugs drugs, $rows rows ($loaded loaded), $bytes bytes; best of $repeats
$(nproc) × $cpu; PostgreSQL $server; Swift $swift

what                                   seconds   × floor   MiB at most
psql \\copy (the floor)            $(printf '%12s %9s %13s' "$floor" 1.00 -)
yaoce validate                     $(printf '%12s %9s %13s' "$validate" "$(ratio "$validate" "$floor")" "$(mebibytes "$validate_kib")")
yaoce run, up to loaded            $(printf '%12s %9s %13s' "$load" "$(ratio "$load" "$floor")" -)
yaoce run, whole                   $(printf '%12s %9s %13s' "$run" "$(ratio "$run" "$floor")" "$(mebibytes "$run_kib")")
END
cat >"$out/results.json" <<END
{"drugs": $drugs, "rows": $rows, "rows_loaded": $loaded, "bytes": $bytes, "repeats": $repeats,
 "cores": $(nproc), "cpu": "$cpu", "postgresql": "$server", "swift": "$swift", "commit": "$(git rev-parse --short HEAD 2>/dev/null || echo -)",
 "seconds": {"copy": $floor, "validate": $validate, "run_to_loaded": $load, "run": $run},
 "resident_kib": {"validate": $validate_kib, "run": $run_kib}}
END
echo
echo "$out/results.json"
