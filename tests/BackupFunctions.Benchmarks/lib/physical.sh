# shellcheck shell=bash
# Whole servers, one for each set of data, with their log archived by whoever a row sets up; and pgBackRest beside them.

# require_physical_server <set>: pgbench (data as pgbench makes it) or random (hardly compresses). Sets PHYSICAL, its folder.
require_physical_server() {
    PHYSICAL=$RUN/physical-$1
    [[ ! -d $PHYSICAL ]] || return 0
    # Keys, passwords and storage targets come with the server of the other rows.
    [[ -n ${SERVER_PORT:-} ]] || start_private_server
    say "starting a server with the data set $1, scale $SCALE"
    start_physical_server "$1" "$(free_port 25532)"
    "load_$1"
    physical_sql --command "VACUUM ANALYZE" --command CHECKPOINT
    write_pgbackrest_settings
}

# start_physical_server <set> <port>
start_physical_server() {
    local set=$1 port=$2
    mkdir -m 711 "$PHYSICAL"
    echo "$port" > "$PHYSICAL/port"
    (umask 077 && cp "$RUN/private/superuser-password" "$PHYSICAL/password")
    echo "127.0.0.1:$port:*:postgres:$(< "$RUN/private/superuser-password")" >> "$RUN/private/pgpass"
    [[ $(id -u) != 0 ]] || chown -R postgres: "$PHYSICAL"
    (cd "$PHYSICAL" && "${AS_SERVER_ACCOUNT[@]}" "$POSTGRES_BIN/initdb" --pgdata "$PHYSICAL/data" --username postgres --pwfile "$PHYSICAL/password" \
        --auth-host scram-sha-256 --auth-local trust --encoding UTF8 --locale C.UTF-8 --data-checksums > "$LOGS/initdb-$set.log" 2>&1) ||
        fail "initdb could not create the server of data set $set, see $LOGS/initdb-$set.log"
    # An empty archive_command keeps the log until a row sets one. What that one starts shall read its own settings, not these.
    start_process "physical-$set" env -i PATH="$PATH" LC_ALL="$LC_ALL" PGDR_DEMO_RUN="$PGDR_DEMO_RUN" "${AS_SERVER_ACCOUNT[@]}" "$POSTGRES_BIN/postgres" -D "$PHYSICAL/data" -c listen_addresses=127.0.0.1 -c port="$port" \
        -c unix_socket_directories="$PHYSICAL" -c max_wal_size=4GB -c archive_mode=on -c max_slot_wal_keep_size=20GB
    local deadline=$((SECONDS + 30))
    until "$POSTGRES_BIN/pg_isready" --quiet --host "$PHYSICAL" --port "$port" --dbname postgres; do
        require_process "physical-$set"
        ((SECONDS < deadline)) || fail "the server of data set $set did not come up within 30 s, see $LOGS/physical-$set.log"
        sleep 0.2
    done
    export "Servers__${set}__Host=127.0.0.1" "Servers__${set}__Port=$port" "Servers__${set}__Username=postgres" "Servers__${set}__Wal=timer"
    export "Servers__${set}__PasswordFile=$RUN/private/superuser-password"
}

load_pgbench() {
    "$POSTGRES_BIN/pgbench" --host "$PHYSICAL" --port "$(< "$PHYSICAL/port")" --initialize --init-steps dtgvp --scale "$SCALE" --quiet postgres \
        > "$LOGS/pgbench-physical.log" 2>&1 || fail "pgbench could not load its data, see $LOGS/pgbench-physical.log"
}

load_random() {
    physical_sql --command "CREATE TABLE noise (id bigint, noise bytea)"
    add_noise $((SCALE * 80000))
}

# add_noise <rows>: about 130 bytes each, 96 of them random.
add_noise() {
    physical_sql --command "INSERT INTO noise SELECT g, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
        || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) FROM generate_series(1, $1) g"
}

physical_sql() { sql --host "$PHYSICAL" --port "$(< "$PHYSICAL/port")" --dbname postgres "$@"; }

# set_archive_command <command>: nothing is archived while it is empty.
set_archive_command() {
    physical_sql --set command="$1" <<< "ALTER SYSTEM SET archive_command = :'command'; SELECT pg_reload_conf();" > /dev/null
}

# pgBackRest writes one copy, and so does pgdr for these rows. env becomes the program it starts, whose memory is looked at.
# shellcheck disable=SC2034 # rows use it
ON_ONE_TARGET=(
    env -u Targets__two__Type -u Targets__two__Path -u Targets__three__Type -u Targets__three__Path
    STORAGE_ORDER=one BACKUP_REQUIRED_COPIES=1 WAL_COMPRESSION_LEVEL=3
)

write_pgbackrest_settings() {
    local folder
    install_packages pgbackrest
    for folder in repo spool lock log; do
        mkdir -m 750 "$PHYSICAL/$folder"
    done
    cat > "$PHYSICAL/pgbackrest.conf" << END
[global]
repo1-path=$PHYSICAL/repo
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=$(new_password)
repo1-retention-full=1000
compress-type=zst
compress-level=3
process-max=$(nproc)
start-fast=y
archive-async=y
archive-check=n
archive-copy=n
spool-path=$PHYSICAL/spool
lock-path=$PHYSICAL/lock
log-path=$PHYSICAL/log
log-level-console=warn
[main]
pg1-path=$PHYSICAL/data
pg1-port=$(< "$PHYSICAL/port")
pg1-socket-path=$PHYSICAL
pg1-user=postgres
END
    chmod 600 "$PHYSICAL/pgbackrest.conf"
    [[ $(id -u) != 0 ]] || chown -R postgres: "$PHYSICAL"/{repo,spool,lock,log,pgbackrest.conf}
    theirs_run stanza-create > "$LOGS/pgbackrest.log" 2>&1 || fail "pgbackrest stanza-create failed, see $LOGS/pgbackrest.log"
}

# theirs_run <command> [option...]
theirs_run() { (cd "$PHYSICAL" && "${AS_SERVER_ACCOUNT[@]}" pgbackrest --config="$PHYSICAL/pgbackrest.conf" --stanza=main "$@"); }

# write_push_settings: for the server's account, which runs archive_command. Sets PUSH_COMMAND.
write_push_settings() {
    local folder=$PHYSICAL/push
    mkdir -p "$folder"
    cp "$RUN"/private/keys/{operational.public,recovery.public,signing.private,signing.public}.pem "$folder"
    jq --null-input --arg folder "$folder" --arg bin "$POSTGRES_BIN" '{ Values: {
        CLUSTER_NAME: "pushed", RUN_STORE_PATH: "\($folder)/runs", WORK_PATH: "\($folder)/work", POSTGRES_BIN: $bin,
        Targets__one__Type: "local", Targets__one__Path: "\($folder)/target", STORAGE_ORDER: "one", BACKUP_REQUIRED_COPIES: "1",
        BACKUP_COMPRESSION: "zstd", WAL_COMPRESSION_LEVEL: "3",
        BACKUP_PUBLIC_KEY_PATHS: "\($folder)/operational.public.pem;\($folder)/recovery.public.pem",
        BACKUP_SIGNING_KEY_PATH: "\($folder)/signing.private.pem", BACKUP_VERIFY_KEY_PATHS: "\($folder)/signing.public.pem" } }' > "$folder/settings.json"
    [[ $(id -u) != 0 ]] || chown -R postgres: "$folder"
    "${AS_SERVER_ACCOUNT[@]}" test -x "$PUBLISHED/pgdr-wal-push" ||
        fail "the account postgres cannot run $PUBLISHED/pgdr-wal-push: check out into a folder that it may enter"
    # shellcheck disable=SC2034 # rows use it
    PUSH_COMMAND="BACKUPFUNCTIONS_SETTINGS=$folder/settings.json $PUBLISHED/pgdr-wal-push $folder/state %p"
}
