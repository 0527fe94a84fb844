# What bench.sh and bench-night.sh share: sourced, not run. Wants `base`, `yaoce`, `out`; leaves a cluster that `finish`
# removes with everything else.

for name in $(compgen -e YAOCE_ || true); do unset "$name"; done
[ -x /usr/bin/time ] || { echo "/usr/bin/time is missing: apt-get install time" >&2; exit 1; }
[ -x "$yaoce" ] || { echo "$yaoce is missing: swift build -c release --product yaoce" >&2; exit 1; }

# PostgreSQL's own user must reach the cluster where root runs this.
base=$(mktemp -d /var/tmp/yaoce-bench-XXXXXX)
chmod 755 "$base"
export YAOCE_CONFIG=$base/yaoce.yaml
finish() {
    unset YAOCE_DATABASE_URL
    "$yaoce" db stop || true
    rm -rf "$base"
}
trap finish EXIT
mkdir -p "$out"
aside=0
"$yaoce" init "$base" >/dev/null
# Files of this size are above what a hospital may send by default.
export YAOCE_LIMITS_CONTAINER_MEGABYTES=100000 YAOCE_LIMITS_UNPACKED_MEGABYTES=1000000 YAOCE_LIMITS_ROWS=1000000000

# least SECONDS_A SECONDS_B: the smaller, where the first may be empty.
least() { awk -v a="${1:-}" -v b="$2" 'BEGIN { print (a == "" || b + 0 < a + 0) ? b : a }'; }
# most KIB_A KIB_B
most() { awk -v a="${1:-0}" -v b="$2" 'BEGIN { print (b + 0 > a + 0) ? b : a }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b + 0 > 0) printf "%.2f", a / b; else print "-" }'; }
mebibytes() { awk -v k="$1" 'BEGIN { printf "%.0f", k / 1024 }'; }
scaled() { awk -v n="$1" -v s="$scale" 'BEGIN { v = int(n * s + 0.5); print v < 1 ? 1 : v }'; }

# timed COMMAND…: sets seconds, cpu and kib.
timed() {
    /usr/bin/time -o "$base/time" -f '%e %U %S %M' "$@"
    read -r seconds user system kib < <(tail -n 1 "$base/time")
    cpu=$(awk -v a="$user" -v b="$system" 'BEGIN { printf "%.2f", a + b }')
}

# ask SQL [URL]: one value or several lines, unaligned.
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 -c "$1" "${2:-$url}"; }

shared="report_date date, province_code text, org_code text, hospital_code text, hospital_name text"
drug="ypid text, hospital_drug_code text, procurement_code text, product_name text"
# write_floor FOLDER: the five plain CSVs of FOLDER into typed tables without index or key.
write_floor() {
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
    : >"$base/copy.sql"
    for table in institution catalogue stock_in stock_out usage; do
        echo "\\copy floor.$table FROM '$1/$table.csv' WITH (FORMAT csv, HEADER true)" >>"$base/copy.sql"
    done
}

# measure_floor FOLDER: sets floor to the best of `repeats`.
measure_floor() {
    write_floor "$1"
    floor=
    for _ in $(seq "$repeats"); do
        psql -X -q -v ON_ERROR_STOP=1 -f "$base/floor.sql" "$url" 2>/dev/null
        psql -X -q -c CHECKPOINT "$url"
        timed psql -X -q -v ON_ERROR_STOP=1 -f "$base/copy.sql" "$url"
        floor=$(least "$floor" "$seconds")
    done
    psql -X -q -c 'DROP SCHEMA floor CASCADE' "$url" 2>/dev/null
}

# new_round NAME SAMPLE: an empty database NAME with the sample's libraries, folders without anything from before.
new_round() {
    psql -X -q -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1" "$url"
    export YAOCE_DATABASE_URL=${url/\/yaoce\?/\/$1?}
    for folder in inbox archive outbox reports data/work; do
        # Moved aside, not removed: for minutes after many files were removed ext4 looks long for a free inode, and a round
        # would pay for the one before it.
        if [ -e "$base/$folder" ]; then
            mkdir -p "$base/aside"
            mv "$base/$folder" "$base/aside/$((aside += 1))"
        fi
        mkdir -p "$base/$folder"
    done
    "$yaoce" db migrate >/dev/null
    for kind in divisions institutions drugs; do
        "$yaoce" library import "$kind" "$2/libraries/$kind.csv" --version bench --publish >/dev/null
    done
}

machine() {
    cpu_name=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
    server=$(ask 'SHOW server_version')
    swift=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([^ ]*\).*/\1/p' | head -n 1)
    commit=$(git rev-parse --short HEAD 2>/dev/null || echo -)
    memory=$(awk '/^MemTotal/ { printf "%.1f", $2 / 1048576 }' /proc/meminfo)
}
