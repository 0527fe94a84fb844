#!/bin/bash
# The sample night in ./yaoce-demo, from nothing to the report. `demo.sh stop` stops its database, `demo.sh clean` removes all of it too.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
demo=$root/yaoce-demo
# The sample reports on 2025 and was sent in early 2026; it is judged by this day (see SampleData/README.md).
day=2026-03-02

# A folder that the demo says and no other: not what the caller's environment says.
for name in $(compgen -e YAOCE_ || true); do unset "$name"; done
export YAOCE_CONFIG=$demo/yaoce.yaml
yaoce=$root/.build/release/yaoce

case ${1:-} in
stop | clean)
    if [ -x "$yaoce" ] && [ -e "$YAOCE_CONFIG" ]; then "$yaoce" db stop; fi
    if [ "$1" = clean ]; then
        away=$(sed -n 's|^  folder: \(/var/tmp/yaoce-demo-[A-Za-z0-9]*\)$|\1|p' "$YAOCE_CONFIG" 2>/dev/null || true)
        rm -rf "$demo" ${away:+"$away"}
    fi
    exit 0
    ;;
esac

if [ ! -e "$YAOCE_CONFIG" ]; then
    "$yaoce" init "$demo" >/dev/null
    # PostgreSQL does not run as root: its user must be able to reach the folder, and below /root it cannot.
    if [ "$(id -u)" -eq 0 ] && ! setpriv --reuid=postgres --regid=postgres --clear-groups test -x "$demo" 2>/dev/null; then
        sed -i "s|^  folder: data/postgres$|  folder: $(mktemp -d /var/tmp/yaoce-demo-XXXXXX)|" "$YAOCE_CONFIG"
    fi
fi
url=$("$yaoce" db start) || {
    status=$?
    echo "The demo is an older program's, perhaps: \`make clean\` removes it (and the build); or remove $demo after \`make stop\`." >&2
    exit $status
}

have=$("$yaoce" library list --json)
for kind in divisions institutions drugs; do
    case $have in *"\"$kind\""*) continue ;; esac
    "$yaoce" library import "$kind" "SampleData/libraries/$kind.csv" --version sample --publish
done

cp -a SampleData/inbox/. "$demo/inbox/"
# git keeps no times: everything was sent long ago, but for the one folder without its mark, which is still being written.
find "$demo/inbox" -type f -exec touch -d 2026-02-01 '{}' +
for folder in "$demo"/inbox/*/2025; do
    [ -e "$folder/submission.ok" ] || find "$folder" -type f -exec touch '{}' +
done

"$yaoce" run --business-date "$day"

receipt=$(find "$demo/outbox" -path '*/52719949061070211A1001/*/receipt.html' 2>/dev/null | sort | head -n 1)
cat <<END

看什么 · What to look at
  省级报告 the province's page     $demo/reports/index.html
  一家医院的回执 a receipt           ${receipt:-$demo/outbox}
  数据库 the database              psql '$url' -c 'SELECT * FROM yaoce_api.submission'
  其他命令 other commands           export YAOCE_CONFIG=$YAOCE_CONFIG; $yaoce status
  再来一次 once more                make run   (同样的文件：均已接收 the same files: all received already)
  停止数据库 stop the database       make stop
END
