#!/bin/bash
# Checks the files of Deploy/ by their own tools where those are installed, the cron file by its grammar everywhere.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
complain() { echo "Deploy: error: $*" >&2; failed=1; }

# A cron.d file: settings, and lines of five fields, a user and a command. Ranges of the fields are checked.
awk '
    function bad(what) { printf "Deploy/yaoce.cron:%d: error: %s\n", FNR, what > "/dev/stderr"; wrong = 1 }
    function field(text, low, high,   parts, ends, n, i) {
        n = split(text, parts, ",")
        for (i = 1; i <= n; i++) {
            sub(/\/[0-9]+$/, "", parts[i])
            if (parts[i] == "*") continue
            if (parts[i] !~ /^[0-9]+(-[0-9]+)?$/) return 0
            split(parts[i] "-" parts[i], ends, "-")
            if (ends[1] < low || ends[2] > high || ends[1] + 0 > ends[2] + 0) return 0
        }
        return n > 0
    }
    /^[ \t]*(#|$)/ || /^[A-Z_]+[ \t]*=/ { next }
    {
        jobs++
        if (NF < 7) { bad("five fields, a user and a command are needed"); next }
        if (!field($1, 0, 59)) bad("minute " $1)
        if (!field($2, 0, 23)) bad("hour " $2)
        if (!field($3, 1, 31)) bad("day of the month " $3)
        if (!field($4, 1, 12)) bad("month " $4)
        if (!field($5, 0, 7)) bad("day of the week " $5)
        if ($6 !~ /^[a-z_][a-z0-9_-]*$/) bad("user " $6)
        if ($0 ~ /[^\\]%/) bad("a % begins the input of a command; write \\%")
    }
    END { if (!jobs) bad("no job"); exit wrong }
' Deploy/yaoce.cron || failed=1
[ -z "$(tail -c 1 Deploy/yaoce.cron)" ] || complain "yaoce.cron does not end with a line end: cron passes over it"

if command -v crontab >/dev/null; then
    # A user's table has no column for the user. Debian's cron checks with -n, cronie with -T.
    awk '/^[ \t]*(#|$)/ || /^[A-Z_]+[ \t]*=/ { print; next } { $6 = ""; print }' Deploy/yaoce.cron >"$scratch/table"
    crontab -n "$scratch/table" >"$scratch/cron" 2>&1 || crontab -T "$scratch/table" >"$scratch/cron" 2>&1 ||
        complain "crontab: $(cat "$scratch/cron")"
    said="crontab"
else
    said="crontab is not installed, its own check was left out"
fi

if command -v systemd-analyze >/dev/null; then
    # verify wants the program in its place; where it is not installed another one stands in.
    for unit in Deploy/*.service Deploy/*.timer; do
        program=/usr/local/bin/yaoce
        [ -x "$program" ] || program=/bin/true
        sed "s|/usr/local/bin/yaoce|$program|" "$unit" >"$scratch/${unit##*/}"
    done
    (cd "$scratch" && SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --recursive-errors=no --man=no ./*.service ./*.timer) \
        >"$scratch/verify" 2>&1 || true
    # What it says of units of this machine is not ours.
    if grep -E "yaoce|${scratch##*/}" "$scratch/verify" >&2; then complain "systemd-analyze verify"; fi
    systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' Deploy/yaoce-run.timer)" >/dev/null || complain "OnCalendar"
    systemd-analyze security --offline=true --threshold=30 "$scratch/yaoce-run.service" >"$scratch/security" 2>&1 ||
        complain "yaoce-run.service is less shut in than it was: $(tail -n 1 "$scratch/security")"
    said="$said; systemd-analyze"
else
    said="$said; systemd-analyze is not installed, its check was left out"
fi
[ "$failed" -eq 0 ] || exit 1
echo "Deploy/: in order ($said)"
