#!/usr/bin/env bash
# Installs Azurite, the emulator of Azure Blob Storage, into a folder of its own, for the tests of the Azure Blob target. Needs Node.js
# and npm. Takes about a minute and 400 MB the first time, nothing when it is there already.
#   tests/install-azurite.sh [folder]      default folder: ${XDG_CACHE_HOME:-$HOME/.cache}/backupfunctions/azurite
set -euo pipefail

version=3.37.0
cache=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/backupfunctions/azurite}
installed=$cache/$version
partial=$cache/$version.partial
main=node_modules/azurite/dist/src/blob/main.js

say() { echo "install-azurite: $*"; }
fail() { echo "install-azurite: $*" >&2; exit 1; }

[ -e "$installed/$main" ] && { say "Azurite is installed in $installed"; exit 0; }
for program in node npm; do
  command -v $program > /dev/null || fail "$program is missing: apt-get install nodejs npm"
done

# One at a time: a second run waits, then finds the work done.
mkdir -p "$cache"
exec 9> "$cache/.lock"
flock 9
[ -e "$installed/$main" ] && { say "Azurite is installed in $installed"; exit 0; }

rm -rf "$partial"
mkdir -p "$partial"
say "installing Azurite $version into $installed"
npm install --prefix "$partial" --no-save --no-audit --no-fund --ignore-scripts --loglevel error "azurite@$version" > "$cache/install.log" 2>&1 9>&- \
  || fail "npm install failed, see $cache/install.log: $(tail -n 1 "$cache/install.log")"
[ -e "$partial/$main" ] || fail "azurite@$version does not hold $main"
mv -T "$partial" "$installed"
say "Azurite $version in $installed"
