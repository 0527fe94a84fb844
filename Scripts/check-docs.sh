#!/bin/bash
# Checks the pages: every relative link leads somewhere, every decision is in the list, the columns are those of the
# sources. With --draw the pictures are drawn as PNG beside the build, for a look.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0

while IFS= read -r page; do
    folder=$(dirname "$page")
    while IFS= read -r link; do
        target=${link%%#*}
        if [ -n "$target" ] && [ ! -e "$folder/$target" ]; then
            echo "$page: error: no such file: $link" >&2
            failed=1
        fi
    done < <(grep -oE '\]\([^) ]+\)' "$page" | sed -E 's/^\]\(//; s/\)$//' | grep -vE '^(https?:|mailto:)' || true)
done < <(find . -path ./.build -prune -o -path ./yaoce-demo -prune -o -name '*.md' -print)

for decision in docs/decisions/[0-9]*.md; do
    grep -q "(${decision##*/})" docs/decisions/README.md || { echo "docs/decisions/README.md: error: $decision is missing" >&2; failed=1; }
done
perl Scripts/columns.pl --check || failed=1

if [ "${1:-}" = --draw ]; then
    browser=$(command -v chromium || command -v google-chrome || true)
    [ -n "$browser" ] || { echo "chromium is not installed" >&2; exit 1; }
    mkdir -p .build/images
    profile=$(mktemp -d)
    trap 'rm -rf "$profile"' EXIT
    for picture in docs/images/*.svg; do
        size=$(sed -n 's/.*viewBox="0 0 \([0-9]*\) \([0-9]*\)".*/\1,\2/p' "$picture" | head -n 1)
        png=.build/images/$(basename "$picture" .svg).png
        "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$profile" \
            --window-size="$size" --screenshot="$png" "file://$PWD/$picture" >/dev/null 2>&1
        echo "$png"
    done
fi
[ "$failed" -eq 0 ] || exit 1
echo "docs/: in order"
