#!/usr/bin/env bash
# Installs the Debian packages that borderflow needs, if any is missing.
#
#   packages.sh build|test
#
# build: to compile and run the command. test: the same, and the programs that tests use as
# witnesses. Idempotent; asks nothing; uses sudo when not root.
# Exit codes: 0 all are there; 2 usage; 3 a package could not be installed.
set -euo pipefail

build=(
  g++ cmake ninja-build pkgconf            # compiler and build
  libabsl-dev libcli11-dev                 # Abseil, command line
  libpcap-dev libmaxminddb-dev             # captures, address databases
  libdpdk-dev                              # live capture, with every poll-mode driver
  libssl-dev libipsec-mb-dev               # QUIC Initial keys and packets, digests
  zlib1g-dev libzstd-dev                   # compressed captures
  libhyperscan-dev                         # patterns in readable content
  libidn2-dev libpsl-dev publicsuffix      # international names, public suffixes
  libnghttp2-dev                           # header compression of HTTP/2
  libsqlite3-dev                           # the embedded store
  libyaml-cpp-dev nlohmann-json3-dev       # groups and packs, reports
  libfixbuf-dev libcurl4-openssl-dev       # IPFIX, ClickHouse
  libmicrohttpd-dev libgnutls28-dev        # what is served, and its TLS
)
test=(
  libgtest-dev libgmock-dev                # tests
  tshark mmdb-bin                          # independent witnesses of names and addresses
  iso-codes                                # independent list of ISO 3166-1
  prometheus                               # reads what is served, and checks rules (promtool)
  dpdk-dev iproute2 tcpreplay              # an application for the plugin, namespaces, mirrored traffic
  nfdump pmacct clickhouse-server          # what receives exports
  chromium                                 # opens the page
)

case "${1:-}" in
  build) wanted=("${build[@]}") ;;
  test) wanted=("${build[@]}" "${test[@]}") ;;
  *)
    echo "usage: packages.sh build|test" >&2
    exit 2
    ;;
esac

# node and npm build the page. They may come from elsewhere than Debian, whose packages would then be
# refused or push them out.
command -v node >/dev/null || command -v nodejs >/dev/null || wanted+=(nodejs)
command -v npm >/dev/null || wanted+=(npm)

missing=()
for package in "${wanted[@]}"; do
  # A package counts as there when it is installed completely, whatever its version.
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "packages: all ${#wanted[@]} are installed"
  exit 0
fi

# Vectorscan offers the interface of Hyperscan, cannot be installed beside it, and is no substitute:
# Debian's 5.4.9 misses matches on x86 that Hyperscan finds (VectorCamp/vectorscan issue 317).
for package in libvectorscan-dev libvectorscan5; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  if [ "$status" = installed ]; then
    echo "packages: $package makes room for libhyperscan-dev"
    missing+=("$package-")  # apt-get's way to say that it goes
  fi
done

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
echo "packages: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}
# The lists may be missing or old: fetch them only when the first try says so.
if ! install 2>/dev/null; then
  "${as_root[@]}" apt-get update -qq </dev/null
  install || {
    echo "packages: apt could not install ${missing[*]}; run 'apt-get install ${missing[*]}' to see why" >&2
    exit 3
  }
fi
