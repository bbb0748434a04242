#!/usr/bin/env bash
# From nothing to a report: installs what is missing, builds, makes the address database from open
# data, replays, and says where the report lies and how to look at it.
#
#   tools/demo.sh [CAPTURE...]
#
# Without a capture, a generated one is replayed. Idempotent; asks nothing; takes well under a minute
# when everything is there already.
set -euo pipefail
started_in=$PWD
here=$(cd "$(dirname "$0")/.." && pwd)

captures=()
for capture in "$@"; do
  case "$capture" in
    -h | --help)
      sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
      exit 0
      ;;
    - | /*) captures+=("$capture") ;;
    *) captures+=("$started_in/$capture") ;;
  esac
done
for capture in "${captures[@]}"; do
  if [ "$capture" != - ] && [ ! -r "$capture" ]; then
    echo "demo.sh: $capture: no such file, or not readable; give a pcap or pcapng file" >&2
    exit 2
  fi
done

cd "$here"
say() { printf '\n== %s\n' "$*"; }

say "1/4 packages"
tools/setup/packages.sh build

say "2/4 build"
# The tests' own packages are not needed for this; a build folder made by tools/test.sh is kept.
[ -e build/release/build.ninja ] || cmake --preset release -DBORDERFLOW_TESTS=OFF >/dev/null
cmake --build build/release --target borderflow borderflow_generate

say "3/4 address database, from open data"
database=${XDG_DATA_HOME:-$HOME/.local/share}/borderflow/geo.mmdb
tools/setup/geo_data.sh
if [ ! -e "$database" ]; then
  mkdir -p "$(dirname "$database")"
  build/release/borderflow geo build -o "$database"
else
  echo "$database is there; remove it to have it built anew"
fi

say "4/4 replay"
mkdir -p build/demo
report=build/demo/report.json
page=build/demo/report.html
options=()
if [ ${#captures[@]} -eq 0 ]; then
  build/release/borderflow_generate --profile demo --out build/demo/demo.pcap \
    --truth build/demo/demo.truth.json --start 2026-06-20T09:00:00Z
  captures=(build/demo/demo.pcap)
  # Where the generated site stands; and its names, which are nobody's. For a real capture, names are
  # listed only when somebody asks for them.
  options=(--home DE --names)
fi
status=0
build/release/borderflow replay --geo "$database" "${options[@]}" --policy data-allies \
  --window 60s --json "$report" --report "$page" "${captures[@]}" || status=$?
cat <<EOF

report: $here/$report
        $here/$page, to be opened in a browser, offline and whenever
dashboard of this report, at http://127.0.0.1:9670/:
        $here/build/release/borderflow view $here/$report
dashboard of what passes an interface now, at http://127.0.0.1:9669/:
        sudo $here/build/release/borderflow live --interface eth1 --geo $database --listen 127.0.0.1:9669
EOF
exit $status
