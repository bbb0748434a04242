#!/bin/sh
# Takes the open address data that `borderflow geo build` compiles, from two Debian packages:
#
#   tor-geoipdb      country of each address range, kept fresh by Debian's updates
#   libloc-database  autonomous systems, their names, and anycast, satellite and proxy flags
#
# Neither package is installed: tor-geoipdb would bring the tor daemon with it. Its archive is
# downloaded by apt (which checks the signature) and unpacked; what is already installed is copied.
#
#   geo_data.sh [--refresh] [FOLDER]
#
# FOLDER: where the files go; by default $BORDERFLOW_CACHE/geo, else
# ${XDG_CACHE_HOME:-$HOME/.cache}/borderflow/geo. Needs no root, unless the package lists of apt are
# empty. --refresh takes the data again although it is there.
#
# Exit codes: 0 all is there; 2 usage; 3 a package could not be taken.
set -eu

refresh=no
folder=
for argument in "$@"; do
  case "$argument" in
    --refresh) refresh=yes ;;
    -h | --help)
      sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
      exit 0
      ;;
    -*)
      echo "geo_data.sh: unknown option $argument (see --help)" >&2
      exit 2
      ;;
    *) folder=$argument ;;
  esac
done
if [ -z "$folder" ]; then
  cache=${BORDERFLOW_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set: name a FOLDER}/.cache}/borderflow}
  folder=$cache/geo
fi
mkdir -p "$folder"

work=
trap 'if [ -n "$work" ]; then rm -rf "$work"; fi' EXIT INT TERM

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo -n "$@"
  else
    return 1
  fi
}

# unpack PACKAGE: leaves the package's tree in $work/tree.
unpack() {
  work=$(mktemp -d)
  chmod 755 "$work"
  if [ "$(id -u)" = 0 ] && id _apt >/dev/null 2>&1; then chown _apt "$work"; fi
  if ! (cd "$work" && apt-get -qq download "$1") 2>"$work/errors"; then
    echo "geo_data.sh: apt does not find $1 yet; updating its package lists"
    as_root apt-get -qq update || true
    if ! (cd "$work" && apt-get -qq download "$1"); then
      echo "geo_data.sh: cannot download $1: check the network and apt's sources, run" \
        "'apt-get update' as root, then run this again" >&2
      exit 3
    fi
  fi
  dpkg -x "$work/$1"_*.deb "$work/tree"
}

# take PACKAGE TREE_PATH NAME: puts one file of the package into the folder, whole or not at all.
take() {
  if [ -s "/$2" ]; then
    source_file=/$2
  else
    if [ ! -d "$work/tree" ]; then unpack "$1"; fi
    source_file=$work/tree/$2
  fi
  if [ -s "$source_file" ]; then
    cp "$source_file" "$folder/.$3.part"
  elif [ -s "$source_file.xz" ]; then
    xz -dc "$source_file.xz" >"$folder/.$3.part"
  else
    echo "geo_data.sh: $1 holds no $2: its layout has changed; please report this" >&2
    exit 3
  fi
  chmod 644 "$folder/.$3.part"
  mv "$folder/.$3.part" "$folder/$3"
}

forget_tree() {
  if [ -n "$work" ]; then rm -rf "$work"; fi
  work=
}

if [ $refresh = yes ] || [ ! -s "$folder/geoip" ] || [ ! -s "$folder/geoip6" ]; then
  echo "taking the data of Debian's tor-geoipdb (not installing it: it would install tor)"
  take tor-geoipdb usr/share/tor/geoip geoip
  take tor-geoipdb usr/share/tor/geoip6 geoip6
  forget_tree
fi
if [ $refresh = yes ] || [ ! -s "$folder/location.db" ]; then
  echo "taking the data of Debian's libloc-database"
  take libloc-database usr/share/libloc-location/location.db location.db
  forget_tree
fi

header() { sed -n "/^#/!q; s/^# *$1: *//p" "$folder/geoip"; }
# libloc's header: creation time as a big-endian number at offset 8.
created=$(od -An -tu1 -j8 -N8 "$folder/location.db" |
  awk '{ t = 0; for (i = 1; i <= NF; ++i) t = t * 256 + $i; printf "%d", t }')

echo "$folder/geoip, geoip6"
echo "  country by address, of $(header Generated), $(header Vendor), $(header License)"
echo "  largely derived from the registries; says nothing of where a block is registered"
echo "$folder/location.db"
echo "  autonomous systems and flags, of $(date -u -d "@$created" '+%a, %d %b %Y %H:%M:%S GMT')," \
  "IPFire Project, CC BY-SA 4.0"
echo "next: borderflow geo build"
