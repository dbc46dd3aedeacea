#!/bin/sh
# Runs a small Ceph (one mon, one OSD in memory, one RADOS Gateway) until its standard input ends. Prints "ready" when the gateway
# answers. Everything lives in namespaces of its own, data in memory: when this ends, however it ends, nothing is left.
# Users: <access key>, and <access key>-full whose quota is 4 KiB; one secret.
#   start-ceph.sh <folder of install-ceph.sh's system> <monitor port> <gateway port> <access key> <secret key>
set -eu
if [ "${1:-}" != inside ]; then
  exec unshare --mount --propagation private --pid --fork --kill-child "$0" inside "$@"
fi
if [ -d "$2" ]; then
  system=$2
  mount -t proc proc "$system/proc"
  mount -t tmpfs -o mode=755 ceph "$system/run"
  mount -t tmpfs -o mode=1777 ceph "$system/tmp"
  cp "$0" "$system/run/start-ceph.sh"
  # Process 1 of the namespace: its end is the end of all others.
  shift 2
  exec chroot "$system" /bin/sh /run/start-ceph.sh inside '' "$@"
fi

monitor=$3 gateway=$4 access=$5 secret=$6
fsid=$(cat /proc/sys/kernel/random/uuid)
export CEPH_CONF=/run/ceph.conf
cat > $CEPH_CONF <<END
[global]
fsid = $fsid
mon host = v2:127.0.0.1:$monitor
public addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms mon service mode = crc
ms mon cluster mode = crc
ms cluster mode = crc
ms service mode = crc
ms client mode = crc
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 4294967296
mon allow pool size one = true
mon data avail crit = 1
mon data = /run/mon
osd data = /run/osd
log file = /run/\$name.log
admin socket =
[client.admin]
rgw frontends = beast endpoint=127.0.0.1:$gateway
rgw data = /run/rgw
rgw dynamic resharding = false
rgw thread pool size = 64
rgw enable apis = s3
END
mkdir -p /run/mon /run/osd /run/rgw
client="-n client.admin --no-mon-config --auth_client_required none --ms_mon_client_mode crc"
trouble() {
  echo "Ceph did not start" >&2
  tail -n 20 /run/*.log >&2
}
trap 'trouble' EXIT

monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor]" /run/monmap > /dev/null
ceph-mon --mkfs -i a --monmap /run/monmap
ceph-mon -f -i a < /dev/null > /run/mon.out 2>&1 &
osd=$(cat /proc/sys/kernel/random/uuid)
ceph osd new "$osd" > /dev/null
ceph-osd -i 0 --mkfs --osd-uuid "$osd" --no-mon-config > /run/osd.out 2>&1
ceph-osd -f -i 0 --no-mon-config < /dev/null >> /run/osd.out 2>&1 &
# The gateway and its first user wait for the OSD by themselves.
radosgw-admin $client user create --uid tests --display-name tests --access-key "$access" --secret-key "$secret" > /dev/null 2> /run/user.log
# A second user who may store next to nothing.
radosgw-admin $client --rgw_user_default_quota_max_size=4096 user create --uid full --display-name full \
  --access-key "$access-full" --secret-key "$secret" > /dev/null 2>> /run/user.log
radosgw -f $client < /dev/null > /run/rgw.out 2>&1 &
attempt=0
until perl -MIO::Socket::INET -e "exit !IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $gateway)"; do
  attempt=$((attempt + 1))
  [ $attempt -lt 600 ]
  sleep 0.1
done
trap - EXIT
echo ready
exec cat > /dev/null
