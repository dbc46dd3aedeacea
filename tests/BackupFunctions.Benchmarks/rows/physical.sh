# shellcheck shell=bash
# physical: a base backup of a whole server and its restore against pgBackRest, one copy each, zstd level 3 and AES-256.

row_physical() {
    local set
    for set in pgbench random; do
        require_physical_server "$set"
        SET=$set
        # A base backup waits until the server's own archiver has taken its log.
        set_archive_command 'true'
        take_turns ours_base_backup theirs_base_backup
        row_of_ratio "base backup of $(physical_size) MB ($set) / pgBackRest" s "$(median "base-$set-until-manifest")" "$(median "pgbackrest-$set")" "<= 0.80"
        row_of_ratio "  and copy read back / pgBackRest" s "$(median "base-$set")" "$(median "pgbackrest-$set")" -
        row_of_ratio "  stored size / pgBackRest" MB "$(median "base-$set-size")" "$(median "pgbackrest-$set-size")" "<= 1.00"
        row_of_ratio "  until it exists / pg_basebackup, zstd -3 -T2" s "$(median "base-$set-until-manifest")" "$(basebackup_and_zstd)" -
        prepare_physical_restore
        take_turns ours_base_restore theirs_base_restore
        row_of_ratio "restore of it ($set) / pgBackRest" s "$(median "base-restore-$set-files")" "$(median "pgbackrest-restore-$set")" "<= 0.80"
        row_of_ratio "  and pg_verifybackup, recovery, proof / pgBackRest" s "$(median "base-restore-$set")" "$(median "pgbackrest-restore-$set")" -
        peak_memory "base-$set-memory" "${ON_ONE_TARGET[@]}" dotnet "$PGDR" backup run "$set" --kind base
        peak_memory "base-restore-$set-memory" "${ON_ONE_TARGET[@]}" dotnet "$PGDR" recover "$set" "$RUN/restored" --immediate --backup "$(< "$PHYSICAL/backup-id")"
        row_of_limit "peak memory, base backup of it" MiB "$(median "base-$set-memory")" 256
        row_of_limit "peak memory, restore of it" MiB "$(median "base-restore-$set-memory")" 256
        rm -rf "$RUN/restored" "$RUN/targets/one"
        set_archive_command ''
    done
}

physical_size() { physical_sql --command "SELECT sum(pg_database_size(oid)) / 1000000 FROM pg_database"  | cut -d . -f 1; }

ours_base_backup() {
    local name=base-$SET
    timed "$name" "${ON_ONE_TARGET[@]}" dotnet "$PGDR" backup run "$SET" --kind base --json
    sample_phases "$name" verify
    sample "$name-until-manifest" "$(tail -qn 1 "$RUN/$SAMPLES/$name" "$RUN/$SAMPLES/$name.verify" | paste -sd ' ' | awk '{ print $1 - $2 }')"
    sample "$name-size" "$(jq '.stored_size / 1000000' "$RUN/$name.out")"
    rm -rf "$RUN/targets/one"
}

theirs_base_backup() {
    timed "pgbackrest-$SET" theirs_run --type=full backup
    sample "pgbackrest-$SET-size" "$(du --bytes --summarize "$PHYSICAL/repo/backup/main/latest/" | awk '{ print $1 / 1000000 }')"
}

# basebackup_and_zstd: what the server and the compression take by themselves.
basebackup_and_zstd() {
    timed "pg-basebackup-$SET" basebackup_through_zstd
    median "pg-basebackup-$SET"
}

basebackup_through_zstd() {
    "$POSTGRES_BIN/pg_basebackup" --host "$PHYSICAL" --port "$(< "$PHYSICAL/port")" --pgdata=- --format=tar --wal-method=none --checkpoint=fast --no-password |
        zstd -3 -T2 --quiet -o "$RUN/base.tar.zst" --force
    rm "$RUN/base.tar.zst"
}

prepare_physical_restore() {
    # The log between a backup's begin and its end, which makes it consistent.
    timed "wal-slot-$SET" "${ON_ONE_TARGET[@]}" dotnet "$PGDR" wal receive "$SET"
    timed "base-kept-$SET" "${ON_ONE_TARGET[@]}" dotnet "$PGDR" backup run "$SET" --kind base --json
    jq --raw-output .backup_id "$RUN/base-kept-$SET.out" > "$PHYSICAL/backup-id"
    timed "wal-$SET" "${ON_ONE_TARGET[@]}" dotnet "$PGDR" wal receive "$SET"
}

ours_base_restore() {
    local name=base-restore-$SET
    timed "$name" "${ON_ONE_TARGET[@]}" dotnet "$PGDR" recover "$SET" "$RUN/restored" --immediate --json
    sample_phases "$name" download verify recover
    sample "$name-files" "$(tail -qn 1 "$RUN/$SAMPLES/$name"{,.verify,.recover} | paste -sd ' ' | awk '{ print $1 - $2 - $3 }')"
    rm -rf "$RUN/restored"
}

theirs_base_restore() {
    "${AS_SERVER_ACCOUNT[@]}" mkdir -m 700 "$PHYSICAL/restored"
    timed "pgbackrest-restore-$SET" theirs_run --pg1-path="$PHYSICAL/restored" restore
    rm -rf "$PHYSICAL/restored"
}
