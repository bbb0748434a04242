#!/usr/bin/env bash
# Every test, in one command: installs what is missing, builds and runs.
#
#   tools/test.sh [--sanitize] [CTEST OPTION...]
#
# --sanitize: the same tests under the address and undefined-behaviour sanitizers.
# What cannot run here is skipped, and listed with its reason at the end.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
if [ "${1:-}" = --sanitize ]; then
  preset=sanitize
  shift
fi
say() { printf '\n== %s\n' "$*"; }

say "packages"
tools/setup/packages.sh test

say "build ($preset)"
cmake --preset "$preset" -DBORDERFLOW_TESTS=ON >/dev/null
cmake --build "build/$preset"

say "address data for the tests that want it"
tools/setup/geo_data.sh || echo "not to be had here: those tests skip"

say "tests ($preset)"
status=0
ctest --test-dir "build/$preset" --output-on-failure --parallel "$(nproc)" "$@" || status=$?

log=build/$preset/Testing/Temporary/LastTest.log
if [ -r "$log" ] && grep -q '^\[  SKIPPED \].*(.* ms)$' "$log"; then
  say "skipped, and why"
  grep -B1 '^\[  SKIPPED \].*(.* ms)$' "$log" | grep -v '^--$' | sed 's/^/  /'
fi
exit $status
