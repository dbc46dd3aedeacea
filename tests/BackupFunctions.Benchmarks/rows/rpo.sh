# shellcheck shell=bash
# rpo: time from a commit until the required number of targets (all three) hold it, read back, at 20 transactions a second.

RPO_SECONDS=60
RPO_INTERVAL=15

row_rpo() {
    [[ -n ${SERVER_PORT:-} ]] || start_private_server
    sql --dbname postgres --command "ALTER SYSTEM SET max_slot_wal_keep_size = '8GB'" --command "SELECT pg_reload_conf()" > /dev/null
    timed rpo-slot pgdr wal receive main
    local round
    for ((round = 0; round < REPEATS; round++)); do
        measure_continuous_rpo
        measure_timed_rpo
    done
    row_of_limit "continuous log, commit until safe, p50" s "$(median rpo-continuous.p50)" 2
    row_of_limit "  p99" s "$(median rpo-continuous.p99)" 2
    row_of_limit "  longest" s "$(median rpo-continuous.max)" 2
    row_of_limit "timed log, one run" s "$(median rpo-run)" 10
    row_of_limit "  longest commit until safe, beyond the interval" s "$(median rpo-timed.max | awk -v interval="$RPO_INTERVAL" '{ print ($1 > interval ? $1 - interval : 0) }')" 10
}

measure_continuous_rpo() {
    start_process rpo-receiver dotnet "$PGDR" wal receive main --continuous
    # What came before it is no part of what is measured.
    sleep 5
    measure_rpo rpo-continuous
    end_receiver
}

end_receiver() {
    local id
    id=$(< "$RUN/rpo-receiver.pid")
    kill -TERM "$id"
    while kill -0 "$id" 2> /dev/null; do sleep 0.1; done
}

# measure_timed_rpo: as WAL_SCHEDULE has it, with a shorter interval.
measure_timed_rpo() {
    local measuring next=$SECONDS
    measure_rpo rpo-timed &
    measuring=$!
    while kill -0 "$measuring" 2> /dev/null; do
        if ((SECONDS >= next)); then
            next=$((SECONDS + RPO_INTERVAL))
            timed rpo-run pgdr wal receive main
        fi
        sleep 0.1
    done
    wait "$measuring" || fail "the measurement of timed log failed, see $LOGS/rpo.log"
}

# measure_rpo <name>: a sample of each figure.
measure_rpo() {
    local figure value
    dotnet "$BENCHMARKS_PROGRAM" rpo "$RPO_SECONDS" "Host=127.0.0.1;Port=$SERVER_PORT;Username=postgres;Passfile=$PGPASSFILE;Database=postgres;Pooling=false" \
        > "$RUN/$1.out" 2>> "$LOGS/rpo.log" 9>&- || fail "the measurement of log at risk failed, see $LOGS/rpo.log"
    while read -r figure value; do
        sample "$1.$figure" "$value"
    done < "$RUN/$1.out"
}
