#!/bin/bash
# Installs the Debian packages that a build needs, and with `test` also those of the tests: only what is missing, so
# that a machine that has everything needs no network.
set -euo pipefail

packages=(libpq-dev zlib1g-dev libexpat1-dev libarchive-dev libssl-dev libjemalloc-dev pkg-config postgresql postgresql-contrib)
if [ "${1:-}" = test ]; then packages+=(chromium fonts-wqy-zenhei time); fi

if ! command -v swift >/dev/null; then
    echo "Swift 6.2 or newer is needed; see https://www.swift.org/install/linux/" >&2
    exit 1
fi
if ! command -v dpkg >/dev/null; then
    echo "Not Debian: the packages ${packages[*]} (or their like) are taken to be there." >&2
    exit 0
fi

missing=()
for package in "${packages[@]}"; do
    # Debian 12 has pkgconf in the place of pkg-config; either will do.
    if [ "$package" = pkg-config ] && command -v pkg-config >/dev/null; then continue; fi
    dpkg -s "$package" 2>/dev/null | grep -q '^Status: install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "Installing ${missing[*]}"
run=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Neither root nor sudo. As root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    run=(sudo)
fi
"${run[@]}" apt-get update -q
"${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
