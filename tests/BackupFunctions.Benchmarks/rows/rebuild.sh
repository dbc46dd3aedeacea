# shellcheck shell=bash
# rebuild: the catalog of 10,000 stored backups and 150,000 WAL objects on 3 targets made anew, brought up to date, and listed.

row_rebuild() {
    local round figure value folder=$RUN/rebuild
    [[ -n ${SERVER_PORT:-} ]] || start_private_server
    dotnet "$BENCHMARKS_PROGRAM" retention seed "$folder" 10000 150000 2>> "$LOGS/rebuild.log" 9>&- || fail "seeding 10,000 backups failed, see $LOGS/rebuild.log"
    for ((round = 0; round < REPEATS; round++)); do
        run_catalog rebuild "$folder" "Host=127.0.0.1;Port=$SERVER_PORT;Username=postgres;Passfile=$PGPASSFILE;Database=bench_catalog" > "$RUN/rebuild.out" \
            || fail "catalog rebuild failed, see $LOGS/rebuild.log"
        while read -r figure value; do
            sample "rebuild.$figure" "$value"
        done < "$RUN/rebuild.out"
    done
    row_of_limit "catalog rebuild: 10,000 backups and 150,000 WAL objects on 3 targets" s "$(median rebuild.rebuild-seconds)" 60
    row_of_limit "  peak memory" MiB "$(median rebuild.peak-mib)" 256
    row_of_limit "  synchronisation without news" s "$(median rebuild.sync-seconds)" 60
    row_of_limit "  list by the catalog" s "$(median rebuild.list-seconds)" 60
    row_of_limit "  the same list by storage" s "$(median rebuild.storage-list-seconds)" 60
}

run_catalog() { dotnet "$BENCHMARKS_PROGRAM" catalog "$@" 2>> "$LOGS/rebuild.log" 9>&-; }
