# shellcheck shell=bash
# One run keeps everything it writes in one folder outside the checkout, which the account postgres could perhaps not enter.
# All its processes carry PGDR_DEMO_RUN in their environment; that mark, or a working folder inside, makes a process ours.

STATE=$ROOT/.$PROGRAM
LOGS=$STATE/logs

# begin_run: one run at a time; what an interrupted one left behind is stopped and removed first.
begin_run() {
    unset PGDR_DEMO_RUN
    if ! mkdir -p "$LOGS" 2> /dev/null || [[ ! -w $STATE || ! -w $LOGS ]]; then
        fail "$STATE belongs to another account: run this with that account, or remove the folder"
    fi
    # Whatever outlives this script is started with 9>&-, so that the lock ends with the script.
    exec 9> "$STATE/lock"
    flock --nonblock 9 || fail "another ./$PROGRAM is running in this folder: stop it first"
    remove_previous_run
    RUN=$(mktemp --directory "/var/tmp/pgdr-$PROGRAM.XXXXXX")
    echo "$RUN" > "$STATE/run-folder"
    chmod 711 "$RUN"
    mkdir -m 700 "$RUN/private" "$RUN/targets"
    export PGDR_DEMO_RUN=$RUN
    rm -f "$LOGS"/*.log
}

remove_previous_run() {
    local previous
    [[ -e $STATE/run-folder ]] || return 0
    previous=$(< "$STATE/run-folder")
    # Nothing but a folder that begin_run made is ever removed.
    if [[ $previous =~ ^/var/tmp/pgdr-$PROGRAM\.[A-Za-z0-9]{6}$ && -d $previous && ! -L $previous ]]; then
        say "clearing away what an earlier run left behind"
        [[ -O $previous || $(id -u) == 0 ]] || fail "$previous was left by another account: run ./$PROGRAM --stop with that account"
        end_processes "$previous"
        rm -rf "$previous"
    fi
    rm -f "$STATE/run-folder"
}

# end_run: stops everything and removes the run's folder; the logs stay.
end_run() {
    [[ -n ${RUN:-} ]] || return 0
    end_processes "$RUN"
    rm -rf "$RUN" "$STATE/run-folder"
    RUN=
}

# start_process <name> <command>...: in a session of its own, so that Ctrl-C at the terminal reaches only this script;
# output goes to .demo/logs (.bench/logs)/<name>.log.
start_process() {
    local name=$1
    shift
    (cd "$RUN" && exec setsid "$@" < /dev/null > "$LOGS/$name.log" 2>&1 9>&-) &
    echo $! > "$RUN/$name.pid"
    # The shell shall not report how it ended; require_process does.
    disown
}

# require_process <name>: fails, with the end of its log, when it has ended.
require_process() {
    if ! kill -0 "$(< "$RUN/$1.pid")" 2> /dev/null; then
        tail -n 15 "$LOGS/$1.log" >&2
        fail "$1 has ended unexpectedly; the end of its log stands above, the rest is in $LOGS/$1.log"
    fi
}

# is_of_run <run folder> <id>: a number alone proves nothing, another process may have taken it since.
is_of_run() {
    [[ $(readlink "/proc/$2/cwd") == "$1"?(/*) ]] || grep -qszxF "PGDR_DEMO_RUN=$1" "/proc/$2/environ"
} 2> /dev/null

# processes_of <run folder>: ids of all living processes of that run. The list of candidates is made before grep and find
# start, because those two carry the mark themselves.
processes_of() {
    local environments=(/proc/[0-9]*/environ) folders=(/proc/[0-9]*/cwd) found id
    found=$(
        grep -lszxF "PGDR_DEMO_RUN=$1" "${environments[@]}"
        find "${folders[@]}" -maxdepth 0 -lname "$1*" 2> /dev/null
    ) || true
    for id in $found; do
        id=${id#/proc/}
        echo "${id%%/*}"
    done
}

# is_postgres <id>: server processes work in their data folder.
is_postgres() { [[ -e /proc/$1/cwd/PG_VERSION ]]; }

# end_processes <run folder>: programs first, then the database servers they talk to, then by force whatever is left.
end_processes() {
    local folder=$1 id file
    for id in $(processes_of "$folder"); do
        is_postgres "$id" || kill -TERM "$id" 2> /dev/null || true
    done
    wait_for_end "$folder" programs
    while IFS= read -r file; do
        id=$(head -n 1 "$file")
        if is_of_run "$folder" "$id"; then
            kill -INT "$id" 2> /dev/null || true
        fi
    done < <(find "$folder" -name postmaster.pid 2> /dev/null)
    wait_for_end "$folder" all
    for id in $(processes_of "$folder"); do
        kill -KILL "$id" 2> /dev/null || true
    done
}

# wait_for_end <run folder> <programs|all>: 15 seconds at most.
wait_for_end() {
    local deadline=$((SECONDS + 15)) id left
    while ((SECONDS < deadline)); do
        left=0
        for id in $(processes_of "$1"); do
            if [[ $2 == all ]] || ! is_postgres "$id"; then left=1; fi
        done
        ((left)) || return 0
        sleep 0.2
    done
}

# free_port <preferred>: that port of the loopback, or the next one that nobody listens on.
free_port() {
    local port=$1
    while (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do
        port=$((port + 1))
    done
    echo "$port"
}
