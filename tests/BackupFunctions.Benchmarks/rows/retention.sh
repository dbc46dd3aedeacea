# shellcheck shell=bash
# retention: 10,000 backups and 150,000 segments of write-ahead log, all stored on three targets: listed, chosen from, read and planned.

row_retention() {
    local round what figure value
    run_retention seed "$RUN/retention" 10000 150000 || fail "seeding 10,000 backups and their log failed, see $LOGS/retention.log"
    for ((round = 0; round < REPEATS; round++)); do
        for what in list choose plan; do
            run_retention "$what" "$RUN/retention" > "$RUN/retention.out" || fail "retention $what failed, see $LOGS/retention.log"
            while read -r figure value; do
                sample "retention.$figure" "$value"
            done < "$RUN/retention.out"
        done
    done
    row_of_limit "listing 10,000 backups" s "$(median retention.list-seconds)" 60
    row_of_limit "  peak memory" MiB "$(median retention.list-peak-mib)" 256
    row_of_limit "choosing what an hourly check reads" s "$(median retention.choose-seconds)" 60
    row_of_limit "  peak memory" MiB "$(median retention.choose-peak-mib)" 256
    row_of_limit "retention over them and 150,000 WAL objects" s "$(median retention.plan-seconds)" 60
    row_of_limit "  peak memory" MiB "$(median retention.plan-peak-mib)" 256
}

run_retention() { dotnet "$BENCHMARKS_PROGRAM" retention "$@" 2>> "$LOGS/retention.log" 9>&-; }
