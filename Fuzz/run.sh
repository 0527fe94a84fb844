#!/usr/bin/env bash
# Fuzzes one reader: Fuzz/run.sh READER SECONDS [libFuzzer options]
# READER is delimited, xml, gzip, package or normalizer. docs/fuzzing.md says what it does and what was found.
set -euo pipefail
cd "$(dirname "$0")/.."

reader=${1:-} seconds=${2:-}
case $reader in
    delimited) product=FuzzDelimited ;;
    xml) product=FuzzXML ;;
    gzip) product=FuzzGzip ;;
    package) product=FuzzPackage ;;
    normalizer) product=FuzzNormalizer ;;
    *) echo "usage: Fuzz/run.sh delimited|xml|gzip|package|normalizer SECONDS [libFuzzer options]" >&2; exit 2 ;;
esac
[[ $seconds =~ ^[0-9]+$ ]] || { echo "SECONDS is a number, not '$seconds'" >&2; exit 2; }
shift 2

# The code of all our modules is instrumented; zlib, expat and libarchive are the system's and are not.
YAOCE_FUZZ=1 swift build -c release --sanitize fuzzer --scratch-path .build-fuzz --product "$product"

work=.build-fuzz/work/$reader
mkdir -p "$work/corpus" "$work/seeds" "$work/found" Fuzz/{corpus,found}/"$reader"
Fuzz/seeds.sh "$reader" "$work/seeds"

# Swift's own report of a crash would take it away from libFuzzer, which keeps the input.
export SWIFT_BACKTRACE=enable=no
exec nice -n 19 ".build-fuzz/release/$product" "$work/corpus" Fuzz/{corpus,found}/"$reader" "$work/seeds" \
    -dict="Fuzz/dictionaries/$reader.dict" -artifact_prefix="$work/found/" \
    -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=512 -timeout=10 -print_final_stats=1 "$@"
