# shellcheck shell=bash
# memory: the largest resident set of pgdr itself at a small and at a large database.

row_memory() {
    require_database bench_small $(((SCALE + 4) / 5))
    require_database bench "$SCALE"
    local round database work
    for ((round = 0; round < REPEATS; round++)); do
        for database in bench_small bench; do
            peak_memory "memory-backup-$database" dotnet "$PGDR" backup run "$database"
            peak_memory "memory-restore-$database" dotnet "$PGDR" restore "$database" --confirm "$database"
            drop_kept_databases
            rm -rf "$RUN/work" "$RUN/targets"/*
        done
    done
    for work in backup restore; do
        for database in bench_small bench; do
            row_of_limit "peak memory, $work of $(size_of "$database") MB" MiB "$(median "memory-$work-$database")" 256
        done
        row_of_ratio "  large against small database" MiB "$(median "memory-$work-bench")" "$(median "memory-$work-bench_small")" "<= 1.20"
    done
}
