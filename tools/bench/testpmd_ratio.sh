#!/usr/bin/env bash
# The packet rate of `borderflow live` beside that of `dpdk-testpmd --forward-mode=rxonly`, on the
# same port in one run: net_pcap plays a capture of 64-byte frames over and over.
#
#   testpmd_ratio.sh [--build FOLDER] [--geo MMDB] [--flows N] [--duration SECONDS] [--rounds N]
#                    [--core N] [--json FILE]
#
# --build: where borderflow and borderflow_generate are (build/release). --geo: the address database
# (borderflow's own default). --flows: as many frames in the capture, one each (20000).
# --duration: seconds that are measured, of each program in each round (5); what comes before, start
# and first second, is not: by then every flow is known and decided. --rounds: how often the two
# take turns (3); medians are told. --core: the processor of the polling thread (1). --json: where
# the figures go as well (- for standard output, which then has no table).
#
# Two rates are told: frames a second by the clock, and frames a second of processor time that the
# polling thread had. On a quiet machine they are the same; where others compute at the same time,
# the second is the one to compare.
# Exit codes: 0 measured; 2 usage; 3 a program is missing or failed.
set -euo pipefail

build=$(dirname "$0")/../../build/release
geo=()
flows=20000
duration=5
rounds=3
core=1
json=

usage() {
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
  exit "$1"
}
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage 0 ;;
    --build | --geo | --flows | --duration | --rounds | --core | --json)
      if [ $# -lt 2 ]; then usage 2 >&2; fi
      case "$1" in
        --build) build=$2 ;;
        --geo) geo=(--geo "$2") ;;
        --flows) flows=$2 ;;
        --duration) duration=$2 ;;
        --rounds) rounds=$2 ;;
        --core) core=$2 ;;
        --json) json=$2 ;;
      esac
      shift 2
      ;;
    *)
      echo "testpmd_ratio.sh: unknown option $1 (see --help)" >&2
      exit 2
      ;;
  esac
done
for number in "$flows" "$duration" "$rounds"; do
  if ! [[ $number =~ ^[1-9][0-9]*$ ]]; then
    echo "testpmd_ratio.sh: '$number' is no whole number above 0" >&2
    exit 2
  fi
done
if ! [[ $core =~ ^[0-9]+$ ]]; then
  echo "testpmd_ratio.sh: --core: '$core' is no processor's number" >&2
  exit 2
fi

fail() {
  echo "testpmd_ratio.sh: $*" >&2
  exit 3
}
for program in "$build/borderflow" "$build/borderflow_generate"; do
  [ -x "$program" ] || fail "$program is not there: build it, or say where with --build"
done
command -v dpdk-testpmd >/dev/null || fail "dpdk-testpmd is not there: apt-get install dpdk-dev"

work=$(mktemp -d)
pid=
# Only what was started here is ended.
trap 'if [ -n "$pid" ]; then kill -KILL "$pid" 2>/dev/null || true; fi; rm -rf "$work"' EXIT
capture=$work/frames.pcap
"$build/borderflow_generate" --profile small-frames --flows "$flows" --out "$capture" 2>/dev/null

# The driver keeps the whole capture in buffers, beside those that are on their way; each takes
# 2,048 bytes and its headers. Both programs get the same, as ordinary memory.
mbufs=$((flows + 32768))
megabytes=$((mbufs * 2560 / 1048576 + 192))
port=net_pcap0,rx_pcap=$capture,infinite_rx=1
# The main thread stays off the polling thread's processor.
main=$((core == 0 ? 1 : 0))

start_testpmd() {
  dpdk-testpmd -l "$main,$core" --main-lcore "$main" --no-huge -m "$megabytes" --no-pci \
    --no-telemetry --no-shconf --log-level=warning --vdev "$port" -- --forward-mode=rxonly \
    --auto-start --stats-period=1 --nb-cores=1 --total-num-mbufs="$mbufs" \
    </dev/null >"$work/log" 2>&1 &
  pid=$!
}
start_borderflow() {
  "$build/borderflow" live --port "$port" --cores "$core" --mbufs "$mbufs" --every 1 --log json \
    --json "$work/report.json" "${geo[@]}" -- -m "$megabytes" </dev/null >"$work/log" 2>&1 &
  pid=$!
}

# Frame counts so far, a line a second, that the running program has told.
counts() {
  sed -n -E 's/^.*RX-packets: +([0-9]+) +RX-missed.*$/\1/p; s/^.*"frames":([0-9]+),.*$/\1/p' \
    "$work/log" | grep -v '^0$' || true
}
# Nanoseconds that the busiest thread has had a processor.
busy() {
  cat "/proc/$pid/task/"*/schedstat 2>/dev/null | sort -n | tail -1 | cut -d ' ' -f 1
}
# Waits for the line number $1; then "frames, clock, processor time" in $sample.
sample_at() {
  local all
  while true; do
    mapfile -t all < <(counts)
    if [ "${#all[@]}" -ge "$1" ]; then break; fi
    if ! kill -0 "$pid" 2>/dev/null; then
      tail -5 "$work/log" >&2
      fail "$name ended before it was measured; its last words are above"
    fi
    sleep 0.02
  done
  sample=("${all[-1]}" "$(date +%s%N)" "$(busy)")
}

# measure NAME: sets $wall and $processor, frames a second of each.
measure() {
  local name=$1 sample first
  : >"$work/log"
  "start_$name"
  sample_at 2
  first=("${sample[@]}")
  sample_at $((2 + duration))
  kill -INT "$pid"
  wait "$pid" || true
  pid=
  local frames=$((sample[0] - first[0]))
  wall=$((frames * 1000 / ((sample[1] - first[1]) / 1000000)))
  processor=$((frames * 1000 / ((sample[2] - first[2]) / 1000000)))
}

for ((round = 1; round <= rounds; ++round)); do
  measure testpmd
  echo "$wall $processor" >>"$work/testpmd"
  measure borderflow
  echo "$wall $processor" >>"$work/borderflow"
done

# median FILE COLUMN
median() {
  cut -d ' ' -f "$2" "$work/$1" | sort -n |
    awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }
millions() { awk -v n="$1" 'BEGIN { printf "%.2f", n / 1e6 }'; }
t_wall=$(median testpmd 1)
t_processor=$(median testpmd 2)
b_wall=$(median borderflow 1)
b_processor=$(median borderflow 2)

if [ "$json" != - ]; then
  row() { printf '%-34s %10s %22s\n' "$@"; }
  echo "64-byte frames, $flows flows, $rounds round(s) of $duration s, median; million frames"
  row "" "a second" "a second of processor"
  row "dpdk-testpmd, rxonly" "$(millions "$t_wall")" "$(millions "$t_processor")"
  row "borderflow live, 1 worker" "$(millions "$b_wall")" "$(millions "$b_processor")"
  row "ratio" "$(ratio "$b_wall" "$t_wall")" "$(ratio "$b_processor" "$t_processor")"
fi
if [ -n "$json" ]; then
  rates() { # of a program, by round
    awk '{ printf "%s{\"frames_per_second\":%d,\"frames_per_processor_second\":%d}",
           (NR > 1 ? "," : ""), $1, $2 }' "$work/$1"
  }
  text=$(
    printf '{"frame_bytes":64,"flows":%d,"duration_seconds":%d,' "$flows" "$duration"
    for name in testpmd borderflow; do
      printf '"%s":{"frames_per_second":%.0f,"frames_per_processor_second":%.0f,"rounds":[%s]},' \
        "$name" "$(median $name 1)" "$(median $name 2)" "$(rates $name)"
    done
    printf '"ratio":%s,"ratio_per_processor_second":%s}' "$(ratio "$b_wall" "$t_wall")" \
      "$(ratio "$b_processor" "$t_processor")"
  )
  if [ "$json" = - ]; then echo "$text"; else echo "$text" >"$json"; fi
fi
