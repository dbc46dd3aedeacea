#!/usr/bin/env bash
# Starts a fresh instance of the sample application and ends the other one: what RESTART_COMMAND calls in the demo.
#   restart-application.sh <run folder> <a|b>
# Returns at once; whether the instance is healthy is for the caller to ask.
set -euo pipefail

run=$1 instance=$2
# shellcheck source=/dev/null
. "$run/private/application.env"
case $instance in
    a) port=$PORT_A other=b ;;
    b) port=$PORT_B other=a ;;
    *) echo "restart-application: the instance is a or b, not $instance" >&2 && exit 2 ;;
esac

# end_instance <a|b>: only a process whose environment shows that it belongs to this run.
end_instance() {
    local file=$run/application-$1.pid
    if [[ -e $file ]] && grep -qszxF "PGDR_DEMO_RUN=$run" "/proc/$(< "$file")/environ"; then
        kill -TERM "$(< "$file")"
    fi
}

end_instance "$other"
# A second call, after a crash of the host, replaces the instance of the first.
end_instance "$instance"
export PGDR_DEMO_RUN=$run URLS=http://127.0.0.1:$port
(cd "$run" && exec setsid dotnet "$APPLICATION" < /dev/null > "$LOGS/application-$instance.log" 2>&1) &
echo $! > "$run/application-$instance.pid"
echo "instance $instance of the sample application was started on port $port"
