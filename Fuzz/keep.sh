#!/usr/bin/env bash
# Keeps, of all inputs that a fuzzer made, the few small ones that between them reach everything: Fuzz/keep.sh READER
# Run it after Fuzz/run.sh; it replaces Fuzz/corpus/READER.
set -euo pipefail
cd "$(dirname "$0")/.."
reader=$1
case $reader in
    delimited) product=FuzzDelimited ;;
    xml) product=FuzzXML ;;
    gzip) product=FuzzGzip ;;
    package) product=FuzzPackage ;;
    normalizer) product=FuzzNormalizer ;;
    *) echo "usage: Fuzz/keep.sh delimited|xml|gzip|package|normalizer" >&2; exit 2 ;;
esac
work=.build-fuzz/work/$reader
export SWIFT_BACKTRACE=enable=no
rm -rf "$work/kept" && mkdir "$work/kept"
# Which edges are reached counts, not how often: that is a tenth of the files.
nice -n 19 ".build-fuzz/release/$product" -set_cover_merge=1 -use_counters=0 -max_len=6000 \
    "$work/kept" "$work/corpus" "Fuzz/corpus/$reader" "$work/seeds"
rm -rf "Fuzz/corpus/$reader"
mv "$work/kept" "Fuzz/corpus/$reader"
du -sb "Fuzz/corpus/$reader"
