# shellcheck shell=bash
# The private server and its databases, loaded when a row first asks for them.

# require_database <name> <pgbench scale>
require_database() {
    [[ -n ${SERVER_PORT:-} ]] || start_private_server
    [[ -z $(sql --dbname postgres --command "SELECT 1 FROM pg_database WHERE datname = '$1'") ]] || return 0
    say "loading database $1, pgbench scale $2"
    sql --dbname postgres --command "CREATE DATABASE $1"
    "$POSTGRES_BIN/pgbench" --initialize --init-steps dtgvp --scale "$2" --quiet "$1" > "$LOGS/pgbench.log" 2>&1 ||
        fail "pgbench could not load its data, see $LOGS/pgbench.log"
    # What pgbench makes is mostly spaces; these rows hardly compress.
    sql --dbname "$1" --command "CREATE TABLE events AS
        SELECT g AS id, gen_random_uuid() AS tenant, clock_timestamp() AS at, random() AS amount FROM generate_series(1, 10000 * $2) g" \
        --command "ALTER TABLE events ADD PRIMARY KEY (id)" --command "VACUUM ANALYZE events" --command CHECKPOINT
}

start_private_server() {
    say "starting a private PostgreSQL server"
    start_server
    # shellcheck disable=SC2034 # rows use it
    PG_DUMP_MAJOR=$("$POSTGRES_BIN/pg_dump" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    pgdr keys new "$RUN/private/keys" > "$LOGS/keys.log" 2>&1 || fail "pgdr keys new failed, see $LOGS/keys.log"
    export_settings
}

export_settings() {
    local keys=$RUN/private/keys target
    export CLUSTER_NAME=bench RUN_STORE_PATH=$RUN/runs WORK_PATH=$RUN/work POSTGRES_BIN
    export Servers__main__Host=127.0.0.1 Servers__main__Port=$SERVER_PORT Servers__main__Username=postgres
    export Servers__main__PasswordFile=$RUN/private/superuser-password
    export Databases__0__Name=bench Databases__0__Server=main Databases__1__Name=bench_small Databases__1__Server=main
    for target in one two three; do
        export "Targets__${target}__Type=local" "Targets__${target}__Path=$RUN/targets/$target"
    done
    export STORAGE_ORDER=one,two,three BACKUP_REQUIRED_COPIES=3 BACKUP_DUMP_JOBS=4 RESTORE_JOBS=4
    export BACKUP_COMPRESSION=zstd BACKUP_COMPRESSION_LEVEL=3
    export BACKUP_PUBLIC_KEY_PATHS="$keys/operational.public.pem;$keys/recovery.public.pem"
    export BACKUP_SIGNING_KEY_PATH=$keys/signing.private.pem BACKUP_VERIFY_KEY_PATHS=$keys/signing.public.pem
    export BACKUP_PRIVATE_KEY_PATHS=$keys/operational.private.pem
}

# size_of <database>: in MB, for labels.
size_of() { sql --dbname postgres --command "SELECT pg_database_size('$1') / 1000000"; }

# drop_kept_databases: what restores have left aside; all of this server is ours.
drop_kept_databases() {
    local name
    for name in $(sql --dbname postgres --command "SELECT datname FROM pg_database WHERE starts_with(datname, 'pgdr_')"); do
        sql --dbname postgres --command "ALTER DATABASE \"$name\" ALLOW_CONNECTIONS true" --command "DROP DATABASE \"$name\" WITH (FORCE)"
    done
}
