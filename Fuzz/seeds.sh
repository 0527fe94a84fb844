#!/usr/bin/env bash
# Makes the inputs that a fuzzer begins with, from the sample: Fuzz/seeds.sh READER FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
reader=$1 folder=$2
shopt -s globstar nullglob

# Some choosing bytes, then the first bytes of a file.
seed() { # NAME CHOICES FILE [BYTES]
    # The sample has links and folders where files should be.
    [[ -f $3 && ! -L $3 ]] || return 0
    { printf '%b' "$2"; head -c "${4:-1200}" "$3"; } >"$folder/$1"
}

number=0
case $reader in
    delimited | normalizer)
        for file in SampleData/inbox/**/*.csv; do
            number=$((number + 1))
            # Each table, whole pieces and single bytes, usual and small limits.
            choice=$((number * 7 % 250))
            seed "csv$number" "$(printf '\\x%02x' $choice)" "$file"
            if ((number % 8 == 0)) && [[ -f $file ]] && iconv -f UTF-8 -t UTF-16LE "$file" >"$folder/wide" 2>/dev/null; then
                { printf '\xff\xfe'; cat "$folder/wide"; } >"$folder/marked"
                seed "wide$number" "$(printf '\\x%02x' $choice)" "$folder/marked" 2402
            fi
        done
        rm -f "$folder/wide" "$folder/marked"
        ;;
    xml)
        for file in SampleData/inbox/**/*.xml; do
            number=$((number + 1))
            seed "xml$number" "$(printf '\\x%02x' $((number * 7 % 250)))" "$file" 1500
            # The same cut behind its last whole row and ended, so that it is well-formed.
            { printf '%b' "$(printf '\\x%02x' $((number * 11 % 250)))"; head -c 2500 "$file"; } |
                perl -0777 -pe 's!^(.*(?:</row>|/>)).*$!$1\n</dataset>\n!s' >"$folder/whole$number"
            if ((number % 6 == 0)) && iconv -f UTF-8 -t UTF-16LE "$file" >"$folder/wide" 2>/dev/null; then
                seed "wide$number" "$(printf '\\x%02x' $((number * 7 % 250)))" "$folder/wide" 3000
            fi
        done
        rm -f "$folder/wide"
        ;;
    gzip)
        for file in SampleData/inbox/**/*.gz; do
            number=$((number + 1))
            for choice in 00 02 04 08 10 20; do seed "gz$number-$choice" "\\x$choice" "$file" 60000; done
        done
        for file in SampleData/inbox/**/*.csv; do
            number=$((number + 1))
            seed "made$number" "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $((number * 2 % 64 + 1)) $((number % 12)) $((number % 7)) $number)" "$file" 800
        done
        ;;
    package)
        for file in SampleData/inbox/**/*.{zip,gz,xml}; do
            number=$((number + 1))
            for choice in 00 02 04 06; do seed "file$number-$choice" "\\x$choice" "$file" 60000; done
        done
        # Made of two members: form, length of the name, name, two bytes of length, content.
        for choice in 00 01 02 03 04 05 08 20; do
            printf '%b' "\\x01\\x$choice\\x00\\x40\\x00\\x08usage.csv\\x00\\x05a,b,c\\x00\\x0d../up/usage.csv\\x00\\x03a,b" \
                >"$folder/made$choice"
        done
        ;;
esac
