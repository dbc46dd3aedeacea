#!/usr/bin/env bash
# Compiles the provider of security labels that tests load into a server: of this machine's own PostgreSQL version, or 17 or 18 as
# tests/install-postgres.sh unpacks them. Its headers are downloaded and unpacked beside it, nothing is installed. Takes a few seconds the
# first time, for 17 and 18 about 20. Needs gcc.
#   tests/install-label-provider.sh MAJOR FOLDER      the last line ends with the library
set -euo pipefail

fail() { echo "install-label-provider: $*" >&2; exit 1; }

major=${1:?a major version} folder=$(realpath -m "${2:?a folder}")
source=$(dirname "$(realpath "$0")")/BackupFunctions.TestSupport/Labels/pgdr_test_labels.c
mkdir -p "$folder"
# Servers run as the account postgres when the tests run as root, whose home it cannot look into.
if [ "$(id -u)" = 0 ] && id postgres > /dev/null 2>&1 && ! setpriv --reuid=postgres --regid=postgres --clear-groups test -x "$folder"; then
  folder=/var/cache/backupfunctions/labels
  mkdir -p "$folder"
fi

library=$folder/pgdr_test_labels-$major-$(sha256sum "$source" | cut -c1-16).so
exec 9> "$folder/.lock"
flock 9
if [ ! -e "$library" ]; then
  command -v gcc > /dev/null || fail "gcc is missing, without which the provider of security labels cannot be compiled: apt-get install gcc libc6-dev"
  work=$(mktemp -d "$folder/build.XXXXXX")
  trap 'rm -rf --one-file-system "$work"' EXIT
  own=(-o Dir::State="$work/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$work/cache" -o APT::Sandbox::User="$(id -un)"
    -o APT::Update::Error-Mode=any -o Acquire::Retries=3 -o Debug::NoLocking=1)
  case $major in 17) suite=trixie ;; 18) suite=forky ;; *) suite= ;; esac
  if [ -n "$suite" ]; then
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/*$' | head -n 1) || true
    [ -n "$mirror" ] || fail "no Debian mirror among this machine's apt sources (apt-get indextargets)"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$work/sources.list"
    own+=(-o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null)
  fi
  # By this machine's package lists, or by fresh ones: of another suite, or when its own are missing or out of date.
  download() { (cd "$work" && apt-get -q download "postgresql-server-dev-$major" -o APT::Sandbox::User="$(id -un)" "$@") > "$work/log" 2>&1; }
  if [ -n "$suite" ] || ! download; then
    mkdir -p "$work"/{state/lists/partial,cache/archives/partial}
    { apt-get "${own[@]}" -qq update > "$work/log" 2>&1 && download "${own[@]}"; } \
      || fail "the headers of PostgreSQL $major cannot be had from this machine's apt sources: $(tail -n 1 "$work/log")"
  fi
  dpkg -x "$work"/postgresql-server-dev-*.deb "$work/headers"
  gcc -shared -fPIC -O1 -Wall -I "$work/headers/usr/include/postgresql/$major/server" -o "$work/library.so" "$source" > "$work/log" 2>&1 \
    || fail "the provider of security labels does not compile for PostgreSQL $major: $(grep -m 1 error "$work/log")"
  chmod 755 "$work/library.so" "$folder"
  mv -T "$work/library.so" "$library"
fi
echo "install-label-provider: $library"
