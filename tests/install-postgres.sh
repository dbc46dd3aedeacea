#!/usr/bin/env bash
# Unpacks a PostgreSQL server of another major version than the system's, with all its tools, into a folder of its own, for the tests;
# the system stays as it is. Takes about 20 s and 200 MB the first time, nothing when it is there already. Needs patchelf.
#   tests/install-postgres.sh 17|18 [folder]      default folder: ${XDG_CACHE_HOME:-$HOME/.cache}/backupfunctions/postgres
# The mirror is the one this machine's apt already uses. The last line ends with the folder of the programs.
set -euo pipefail

say() { echo "install-postgres: $*"; }
fail() { echo "install-postgres: $*" >&2; exit 1; }

major=${1:-}
case $major in
  17) suite=trixie ;;
  18) suite=forky ;;
  *) fail "version '$major' is not known here: 17 or 18" ;;
esac

cache=$(realpath -m "${2:-${XDG_CACHE_HOME:-$HOME/.cache}/backupfunctions/postgres}")
mkdir -p "$cache"
# Tests that run as root start servers as the account postgres, which cannot look into root's home.
if [ "$(id -u)" = 0 ] && id postgres > /dev/null 2>&1 && ! setpriv --reuid=postgres --regid=postgres --clear-groups test -x "$cache"; then
  cache=/var/cache/backupfunctions/postgres
  mkdir -p "$cache"
fi
installed=$cache/$suite-$major
partial=$installed.partial
bin=usr/lib/postgresql/$major/bin

# What lies there came by one rename, so it is complete.
[ -e "$installed" ] && { say "PostgreSQL $major is installed in $installed/$bin"; exit 0; }
for program in apt-get dpkg; do
  command -v $program > /dev/null || fail "unpacking PostgreSQL $major needs a Debian or Ubuntu machine ($program is missing)"
done
command -v patchelf > /dev/null || fail "patchelf is missing: apt-get install patchelf"

# One at a time: a second run waits, then finds the work done.
exec 9> "$cache/.lock"
flock 9
[ -e "$installed" ] && { say "PostgreSQL $major is installed in $installed/$bin"; exit 0; }

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/*$' | head -n 1) || true
[ -n "$mirror" ] || fail "no Debian mirror among this machine's apt sources (apt-get indextargets)"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keyring" ] || fail "$keyring is missing: apt-get install debian-archive-keyring"

rm -rf --one-file-system "$partial"
apt=$partial.apt
log=$cache/install-$major.log
rm -rf --one-file-system "$apt"
trap 'rm -rf --one-file-system "$apt"' EXIT
mkdir -p "$apt"/{lists/partial,cache/archives/partial} "$partial"
: > "$apt/status"
echo "deb [signed-by=$keyring] $mirror $suite main" > "$apt/sources.list"
# With lists, state and sources of its own: as if nothing were installed, so that all libraries come along.
options=(-o Dir::State="$apt" -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache"
  -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
  -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
  -o APT::Install-Recommends=false -o APT::Sandbox::User="$(id -un)" -o APT::Update::Error-Mode=any -o Acquire::Retries=3 -o Debug::NoLocking=1)

say "unpacking PostgreSQL $major of Debian $suite into $installed"
apt-get "${options[@]}" -qq update > "$log" 2>&1 9>&- \
  || fail "the package lists of $suite cannot be read from $mirror, see $log: $(tail -n 1 "$log")"
apt-get "${options[@]}" -q -y --download-only install "postgresql-$major" "postgresql-client-$major" >> "$log" 2>&1 9>&- \
  || fail "downloading postgresql-$major of $suite failed, see $log: $(tail -n 1 "$log")"

# The server and its tools, and of all that they depend on the shared libraries, whatever the packages are called in this suite.
for package in "$apt"/cache/archives/*.deb; do
  case $(basename "$package") in
    *-jit_* | libllvm*) ;;
    postgresql-*"$major"_*) dpkg -x "$package" "$partial" >> "$log" 2>&1 || fail "$(basename "$package") cannot be unpacked, see $log: $(tail -n 1 "$log")" ;;
    # Most packages have none, which tar calls a failure.
    *) dpkg-deb --fsys-tarfile "$package" \
         | tar -x -C "$partial" --wildcards '*/lib*/*.so' '*/lib*/*.so.*' 2>> "$log" || true ;;
  esac
done

# Each program is pointed at the loader and the libraries it came with.
loader=$(cd "$partial" && find . -name 'ld-linux*.so.*' | head -n 1)
libraries=$(cd "$partial" && find . -name 'libc.so.6' | head -n 1)
[ -n "$loader" ] && [ -n "$libraries" ] && [ -x "$partial/$bin/postgres" ] || fail "the packages of $suite do not hold what a server needs, see $log"
libraries=$(dirname "${libraries#./}")
for program in "$partial/$bin"/*; do
  patchelf --print-interpreter "$program" > /dev/null 2>&1 || continue
  patchelf --set-interpreter "$installed/${loader#./}" --force-rpath --set-rpath "\$ORIGIN/../../../../../$libraries:\$ORIGIN/../lib" "$program"
  # A library of the system's own would be one that the next machine may not have.
  foreign=$("$partial/${loader#./}" --list "$program" 2>&1 | grep '=>\|error' | grep -v "=> $partial/" | head -n 1) || true
  [ -z "$foreign" ] || fail "$(basename "$program") of $suite lacks a library (${foreign#"${foreign%%[![:space:]]*}"}): no package of its dependencies has it"
done
for library in "$partial/usr/lib/postgresql/$major/lib"/*.so; do
  patchelf --force-rpath --set-rpath "\$ORIGIN/../../../../../$libraries" "$library" 2>> "$log" || true
done
"$partial/${loader#./}" "$partial/$bin/postgres" --version >> "$log" 2>&1 || fail "the unpacked server does not run, see $log: $(tail -n 1 "$log")"

chmod 755 "$partial"
mv -T "$partial" "$installed"
say "$("$installed/$bin/postgres" --version) in $installed/$bin"
