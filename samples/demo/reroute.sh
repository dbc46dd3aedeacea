#!/usr/bin/env bash
# Sends HAProxy's traffic to one instance of the sample application: what REROUTE_COMMAND calls in the demo.
#   reroute.sh <run folder> <a|b>
set -euo pipefail

run=$1 instance=$2
case $instance in
    a) other=b ;;
    b) other=a ;;
    *) echo "reroute: the instance is a or b, not $instance" >&2 && exit 2 ;;
esac

answer=$(printf 'set server application/%s state ready; set server application/%s state maint\n' "$instance" "$other" |
    socat -t 5 - "UNIX-CONNECT:$run/private/haproxy.sock")
# HAProxy says nothing when it has done as told.
if [[ -n ${answer//[[:space:]]/} ]]; then
    echo "reroute: HAProxy refused: $answer" >&2
    exit 1
fi
echo "HAProxy sends traffic to instance $instance"
