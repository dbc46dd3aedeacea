# shellcheck shell=bash
# restore: from encrypted objects to a live database, against pg_restore from a folder that pg_dump wrote.

row_restore() {
    require_database bench "$SCALE"
    local compression=()
    ((PG_DUMP_MAJOR < 16)) || compression=(--compress=zstd:3)
    timed restore-backup pgdr backup run bench --json
    timed restore-dump "$POSTGRES_BIN/pg_dump" --format=directory --jobs=4 "${compression[@]}" --file="$RUN/dump" bench
    take_turns ours_restore theirs_restore
    row_of_ratio "restore without comparison / pg_restore" s "$(median restore-without-compare)" "$(median pg-restore)" "<= 1.05"
    row_of_ratio "  of it pg_restore / pg_restore" s "$(median restore.restore)" "$(median pg-restore)" -
    local phase
    for phase in download prepare compare swap; do
        row_of_fact "  $phase" s "$(median "restore.$phase")"
    done
    rm -rf "$RUN/dump" "$RUN/targets"/*
}

ours_restore() {
    timed restore pgdr restore bench --confirm bench --json
    sample_phases restore download prepare restore compare swap
    sample restore-without-compare "$(tail -qn 1 "$RUN/$SAMPLES"/restore "$RUN/$SAMPLES"/restore.compare | paste -sd ' ' | awk '{ print $1 - $2 }')"
    drop_kept_databases
    rm -rf "$RUN/work"
}

theirs_restore() {
    sql --dbname postgres --command "CREATE DATABASE theirs TEMPLATE template0"
    timed pg-restore "$POSTGRES_BIN/pg_restore" --jobs=4 --dbname=theirs "$RUN/dump"
    sql --dbname postgres --command "DROP DATABASE theirs"
}
