#!/usr/bin/env bash
# Installs Ceph (mon, OSD, RADOS Gateway) of Debian forky into a folder of its own, for the S3 tests; the system stays as it
# is but for the package debootstrap. Takes about 80 s and 1 GB the first time, nothing when it is there already.
#   tests/install-ceph.sh [folder]      default folder: ${XDG_CACHE_HOME:-$HOME/.cache}/backupfunctions/ceph
# The mirror is the one this machine's apt already uses.
set -euo pipefail

suite=forky
cache=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/backupfunctions/ceph}
system=$cache/$suite
partial=$cache/$suite.partial

say() { echo "install-ceph: $*"; }
fail() { echo "install-ceph: $*" >&2; exit 1; }

[ -e "$system/usr/bin/radosgw" ] && { say "Ceph is installed in $system"; exit 0; }
[ "$(id -u)" = 0 ] || fail "installing Ceph needs root (debootstrap and chroot): run this script once with sudo, and the S3 tests as root"
command -v apt-get > /dev/null || fail "installing Ceph needs a Debian or Ubuntu machine (apt-get is missing)"

# One at a time: a second run waits, then finds the work done.
mkdir -p "$cache"
exec 9> "$cache/.lock"
flock 9
[ -e "$system/usr/bin/radosgw" ] && { say "Ceph is installed in $system"; exit 0; }

# In a mount namespace of its own, so that an interrupted run leaves no mounts behind and its rest can be removed safely.
if [ -z "${INSTALL_CEPH_UNSHARED:-}" ]; then
  INSTALL_CEPH_UNSHARED=1 exec unshare --mount --propagation private "$0" "$cache" 9>&9
fi

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/*$' | head -n 1)
[ -n "$mirror" ] || fail "no Debian mirror among this machine's apt sources (apt-get indextargets)"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keyring" ] || fail "$keyring is missing: apt-get install debian-archive-keyring"

if ! command -v debootstrap > /dev/null; then
  say "installing debootstrap"
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install debootstrap > /dev/null
fi

rm -rf --one-file-system "$partial"
say "unpacking a minimal Debian $suite into $system"
# The script of sid, since the debootstrap of an older release does not know the suite's name.
debootstrap --variant=minbase --keyring="$keyring" "$suite" "$partial" "$mirror" /usr/share/debootstrap/scripts/sid > "$cache/install.log" 2>&1 \
  || fail "debootstrap failed, see $cache/install.log: $(tail -n 1 "$cache/install.log")"

say "installing ceph-mon, ceph-osd and radosgw there"
printf '#!/bin/sh\nexit 101\n' > "$partial/usr/sbin/policy-rc.d"
chmod 755 "$partial/usr/sbin/policy-rc.d"
cp /etc/resolv.conf "$partial/etc/resolv.conf"
mount -t proc proc "$partial/proc"
DEBIAN_FRONTEND=noninteractive chroot "$partial" apt-get -q -y --no-install-recommends install ceph-mon ceph-osd ceph-common radosgw \
  >> "$cache/install.log" 2>&1 || fail "installing Ceph failed, see $cache/install.log: $(tail -n 1 "$cache/install.log")"
umount "$partial/proc"
rm -rf "$partial"/var/cache/apt/archives/*.deb "$partial"/var/lib/apt/lists/*

mv -T "$partial" "$system"
say "$(chroot "$system" radosgw --version) in $system"
