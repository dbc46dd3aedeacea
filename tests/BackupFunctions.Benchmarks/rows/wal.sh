# shellcheck shell=bash
# wal: segments a second of the same log: ours from the replication slot and by archive_command, pgBackRest's asynchronous archive-push.

SEGMENTS=48

row_wal() {
    local set
    for set in pgbench random; do
        require_physical_server "$set"
        SET=$set
        write_push_settings
        # A slot keeps log from its making on.
        timed "wal-slot-$SET" "${ON_ONE_TARGET[@]}" dotnet "$PGDR" wal receive "$SET"
        take_turns ours_receive ours_receive_by_default ours_push theirs_archive_push
        row_of_ratio "log received ($set) / pgBackRest archive-push" seg/s "$(median "wal-receive-$SET-rate")" "$(median "wal-push-pgbackrest-$SET-rate")" ">= 2.00"
        row_of_ratio "  by our default, zstd level 1 / pgBackRest, level 3" seg/s "$(median "wal-receive-default-$SET-rate")" "$(median "wal-push-pgbackrest-$SET-rate")" -
        row_of_ratio "log pushed ($set) / pgBackRest archive-push" seg/s "$(median "wal-push-$SET-rate")" "$(median "wal-push-pgbackrest-$SET-rate")" ">= 2.00"
        rm -rf "$RUN/targets/one"
    done
}

ours_receive() { receive_at "wal-receive-$SET" 3; }

ours_receive_by_default() { receive_at "wal-receive-default-$SET" 1; }

# receive_at <name> <compression level>: a sample of segments a second.
receive_at() {
    write_log
    timed "$1" "${ON_ONE_TARGET[@]}" WAL_COMPRESSION_LEVEL="$2" dotnet "$PGDR" wal receive "$SET" --json
    sample "$1-rate" "$(awk -v segments="$(jq '.log_size / 16777216' "$RUN/$1.out")" -v seconds="$(tail -n 1 "$RUN/$SAMPLES/$1")" 'BEGIN { print segments / seconds }')"
    # Only the receiver was to take this log.
    archive_by 'true'
}

ours_push() {
    write_log
    push_by "wal-push-$SET" "$PUSH_COMMAND"
    take_from_slot
}

theirs_archive_push() {
    write_log
    push_by "wal-push-pgbackrest-$SET" "pgbackrest --config=$PHYSICAL/pgbackrest.conf --stanza=main archive-push %p"
    take_from_slot
}

# take_from_slot: what somebody else has archived shall not wait for the next turn of the receiver.
take_from_slot() { timed "wal-receive-other-$SET" "${ON_ONE_TARGET[@]}" dotnet "$PGDR" wal receive "$SET"; }

# push_by <name> <archive_command>: a sample of segments a second, from the setting of the command until the last segment is archived.
push_by() {
    local count
    count=$(ready_segments)
    timed "$1" archive_by "$2"
    sample "$1-rate" "$(awk -v segments="$count" -v seconds="$(tail -n 1 "$RUN/$SAMPLES/$1")" 'BEGIN { print segments / seconds }')"
}

ready_segments() { find "$PHYSICAL/data/pg_wal/archive_status" -name '*.ready' | wc -l; }

# archive_by <command>: until nothing waits to be archived.
archive_by() {
    set_archive_command "$1"
    local deadline=$((SECONDS + 600))
    while (($(ready_segments))); do
        ((SECONDS < deadline)) || return 1
        sleep 0.02
    done
    set_archive_command ''
}

# write_log: SEGMENTS full segments of what the data set's load writes, none of them archived.
write_log() {
    local first
    physical_sql --command CHECKPOINT --command "SELECT pg_switch_wal()" > /dev/null
    archive_by 'true'
    first=$(physical_sql --command "SELECT pg_current_wal_lsn()")
    until [[ $(physical_sql --command "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '$first') >= $SEGMENTS * 16777216.0") == t ]]; do
        "write_log_$SET"
    done
    physical_sql --command "SELECT pg_switch_wal()" > /dev/null
}

write_log_pgbench() {
    physical_sql --command "UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE random() < 0.1"
}

write_log_random() { add_noise 50000; }
