#!/usr/bin/env bash
# borderflow's protocols beside nDPI's on the same captures: how many flows of each protocol either
# recognises by what is in the packets, ports aside (nDPI's guesses are off, borderflow's `port`
# evidence is left out).
#
#   ndpi_compare.sh [--build FOLDER] [--all] CAPTURE...
#
# --build: where borderflow is (build/release). --all: also the protocols on which both agree.
# One line for each capture and protocol: flows by borderflow, flows by nDPI. The two count flows
# differently at the edges (fragments, ICMP, tunnels, one flow whose ports are used again), so small
# differences of the large protocols mean little; a protocol that only one of them sees means much.
# nDPI is a witness, not a judge: ndpi_compare.md says what its differences on public captures come from.
# Exit codes: 0 compared; 2 usage; 3 a program is missing or failed.
set -euo pipefail

build=$(dirname "$0")/../../build/release
all=0
captures=()

usage() {
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
  exit "$1"
}
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage 0 ;;
    --build)
      if [ $# -lt 2 ]; then usage 2 >&2; fi
      build=$2
      shift 2
      ;;
    --all)
      all=1
      shift
      ;;
    -*) usage 2 >&2 ;;
    *)
      captures+=("$1")
      shift
      ;;
  esac
done
if [ ${#captures[@]} -eq 0 ]; then usage 2 >&2; fi
for program in ndpiReader jq; do
  if ! command -v "$program" > /dev/null; then
    echo "ndpi_compare: $program is not installed (Debian: ndpi-bin or libndpi-bin, jq)" >&2
    exit 3
  fi
done
if [ ! -x "$build/borderflow" ]; then
  echo "ndpi_compare: no $build/borderflow: build it, or say where with --build" >&2
  exit 3
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# nDPI's names in borderflow's words; the rest in lower case. Services (TLS.Google) count as what
# carries them.
read -r -d '' to_our_words << 'AWK' || true
BEGIN {
  split("SMBv1=smb SMBv23=smb DCE_RPC=dcerpc RPC=dcerpc s7comm=s7 s7comm-plus=s7 EthernetIP=ethernet-ip " \
        "IPsec=ike MDNS=mdns LLMNR=llmnr GTP=gtp GTP_U=gtp-u GTP_C=gtp-c GTP_PRIME=gtp-prime " \
        "TLS=tls DTLS=dtls QUIC=quic SSH=ssh FTP_CONTROL=ftp MsSQL-TDS=tds PostgreSQL=postgresql " \
        "MySQL=mysql DHCPV6=dhcp6 BitTorrent=bittorrent WireGuard=wireguard IEC60870=iec-104 " \
        "HTTP_Proxy=http HTTP_Connect=http SOCKS=socks POP3=pop3 IMAP=imap SMTP=smtp Modbus=modbus " \
        "WebSocket=websocket sFlow=sflow NetFlow=netflow TFTP=tftp Oracle=oracle LDAP=ldap", pairs, " ")
  for (i in pairs) { split(pairs[i], pair, "="); ours[pair[1]] = pair[2] }
}
NR > 1 && $11 != "Unknown" {
  name = $11
  if (name ~ /^(ICMP|ICMPV6|IGMP|GRE|OSPF|SCTP|ESP|AH|IPIP|PIM|EGP|VRRP)/) next
  sub(/\..*/, "", name)
  if ($2 == 50 || $2 == 51) next
  flows[name in ours ? ours[name] : tolower(name)]++
}
END { for (name in flows) print name, flows[name] }
AWK

printf '%-58s %-18s %10s %10s\n' capture protocol borderflow nDPI
for capture in "${captures[@]}"; do
  "$build/borderflow" replay --quiet --json "$scratch/ours.json" "$capture" > /dev/null 2>&1 || {
    echo "ndpi_compare: borderflow cannot read $capture" >&2
    continue
  }
  rm -f "$scratch/ndpi.csv"
  ndpiReader -d -q -i "$capture" -C "$scratch/ndpi.csv" > /dev/null 2>&1 || true
  if [ ! -f "$scratch/ndpi.csv" ]; then
    echo "ndpi_compare: nDPI cannot read $capture" >&2
    continue
  fi
  jq -r '.protocols[] | select(.evidence != "port" and .protocol != "none") |
         "\(.protocol) \(.flows)"' "$scratch/ours.json" |
    awk '{ flows[$1] += $2 } END { for (name in flows) print name, flows[name] }' |
    sort > "$scratch/ours.txt"
  awk -F, "$to_our_words" "$scratch/ndpi.csv" | sort > "$scratch/ndpi.txt"
  join -a 1 -a 2 -e 0 -o 0,1.2,2.2 "$scratch/ours.txt" "$scratch/ndpi.txt" |
    while read -r protocol ours theirs; do
      if [ "$all" -eq 0 ] && [ "$ours" -eq "$theirs" ]; then continue; fi
      if [ "$ours" -eq 0 ] && [ "$theirs" -eq 0 ]; then continue; fi
      printf '%-58s %-18s %10s %10s\n' "$(basename "$capture")" "$protocol" "$ours" "$theirs"
    done
done
