# shellcheck shell=bash
# engine: the embedded host's durable engine on a state database of its own, small and with 100,000 finished instances in it.

row_engine() {
    [[ -n ${SERVER_PORT:-} ]] || start_private_server
    local round
    for ((round = 0; round < REPEATS; round++)); do
        engine_state empty
        measure_engine empty round-trip
        measure_engine empty load
    done
    engine_state full
    engine seed 100000 "$STATE_CONNECTION" || fail "seeding 100,000 finished instances failed, see $LOGS/engine.log"
    for ((round = 0; round < REPEATS; round++)); do
        measure_engine full round-trip
        measure_engine full load
    done
    measure_engine full idle

    row_of_limit "activity round trip, idle host, p50" ms "$(median empty.p50)" 10
    row_of_fact "activity round trip, idle host, p99" ms "$(median empty.p99)"
    row_of_ratio "  p50 beside 100,000 finished instances / alone" ms "$(median full.p50)" "$(median empty.p50)" "<= 1.20"
    row_of_fact "1,000 orchestrations of 5 activities at once" s "$(median empty.seconds-1000)"
    row_of_ratio "  against four times 250 at once" s "$(median empty.seconds-1000)" \
        "$(median empty.seconds-250 | awk '{ print $1 * 4 }')" "<= 1.20"
    row_of_ratio "  beside 100,000 finished instances / alone" s "$(median full.seconds-1000)" "$(median empty.seconds-1000)" "<= 1.20"
    row_of_limit "idle host with 100 waiting instances, of one core" % "$(median full.percent)" 1
}

# engine_state <name>: an empty state database.
engine_state() {
    sql --dbname postgres --command "SET client_min_messages = warning" --command "DROP DATABASE IF EXISTS engine_$1 WITH (FORCE)" --command "CREATE DATABASE engine_$1"
    STATE_CONNECTION="Host=127.0.0.1;Port=$SERVER_PORT;Username=postgres;Passfile=$PGPASSFILE;Database=engine_$1"
}

# measure_engine <name of the state> <work>: a sample of each figure.
measure_engine() {
    local figure value
    engine "$2" "$STATE_CONNECTION" > "$RUN/engine.out" || fail "engine $2 failed, see $LOGS/engine.log"
    while read -r figure value; do
        sample "$1.$figure" "$value"
    done < "$RUN/engine.out"
}

engine() { dotnet "$BENCHMARKS_PROGRAM" engine "$@" 2>> "$LOGS/engine.log" 9>&-; }
