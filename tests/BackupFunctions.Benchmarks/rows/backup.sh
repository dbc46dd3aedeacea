# shellcheck shell=bash
# backup: one database to three folders, encrypted, against pg_dump to one folder.

row_backup() {
    require_database bench "$SCALE"
    local theirs=(theirs_gzip theirs_then_zstd) size
    # pg_dump knows zstd since version 16.
    ((PG_DUMP_MAJOR < 16)) || theirs+=(theirs_zstd)
    take_turns ours_backup "${theirs[@]}"
    size=$(size_of bench)
    if ((PG_DUMP_MAJOR >= 16)); then
        rows_against "pg_dump --compress=zstd:3" pg-dump-zstd
    fi
    rows_against "pg_dump -Z0, then zstd -3 -T2" pg-dump-then-zstd
    rows_against "pg_dump (gzip)" pg-dump-gzip
    row_of_fact "  of $size MB: dump" s "$(median backup.dump)"
    row_of_fact "  prepare and manifest" s "$(median backup.small)"
    row_of_fact "  3 copies read back and compared" s "$(median backup.verify)"
}

# rows_against <what> <name of its samples>
rows_against() {
    row_of_ratio "backup until it exists / $1" s "$(median backup-until-manifest)" "$(median "$2")" "<= 1.10"
    row_of_ratio "backup and read-back / $1" s "$(median backup)" "$(median "$2")" "<= 1.10"
}

ours_backup() {
    timed backup pgdr backup run bench --json
    sample_phases backup dump verify prepare manifest
    sample backup.small "$(tail -qn 1 "$RUN/$SAMPLES"/backup.{prepare,manifest} | awk '{ sum += $1 } END { print sum }')"
    sample backup-until-manifest "$(tail -qn 1 "$RUN/$SAMPLES"/backup "$RUN/$SAMPLES"/backup.verify | paste -sd ' ' | awk '{ print $1 - $2 }')"
    rm -rf "$RUN/targets"/*
}

theirs_gzip() { dump_to pg-dump-gzip; }

theirs_zstd() { dump_to pg-dump-zstd --compress=zstd:3; }

theirs_then_zstd() { timed pg-dump-then-zstd dump_then_compress && rm -rf "$RUN/dump"; }

# dump_to <name> [option...]
dump_to() {
    local name=$1
    shift
    timed "$name" "$POSTGRES_BIN/pg_dump" --format=directory --jobs=4 "$@" --file="$RUN/dump" bench
    rm -rf "$RUN/dump"
}

dump_then_compress() {
    "$POSTGRES_BIN/pg_dump" --format=directory --jobs=4 --compress=0 --file="$RUN/dump" bench &&
        zstd -3 -T2 --rm --quiet "$RUN/dump"/*.dat
}
