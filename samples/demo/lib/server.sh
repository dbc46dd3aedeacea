# shellcheck shell=bash
# The private PostgreSQL server that is protected, with the sample database in it.

DATABASE=invoicing

# PostgreSQL refuses to run as root.
AS_SERVER_ACCOUNT=()
[[ $(id -u) != 0 ]] || AS_SERVER_ACCOUNT=(setpriv --reuid=postgres --regid=postgres --init-groups)

new_password() { head -c 24 /dev/urandom | base64 | tr -d '/+=\n'; }

start_server() {
    POSTGRES_BIN=${POSTGRES_BIN:-/usr/lib/postgresql/$(postgres_major)/bin}
    SERVER_PORT=$(free_port 25432)
    create_passwords
    create_cluster
    start_process postgres "${AS_SERVER_ACCOUNT[@]}" "$POSTGRES_BIN/postgres" -D "$RUN/server/data" \
        -c listen_addresses=127.0.0.1 -c port="$SERVER_PORT" -c unix_socket_directories="$RUN/server" -c max_wal_size=2GB
    export PGHOST=127.0.0.1 PGPORT=$SERVER_PORT PGUSER=postgres PGPASSFILE=$RUN/private/pgpass
    wait_for_server
}

# create_passwords: in files for the tools, never on a command line.
create_passwords() (
    umask 077
    cd "$RUN/private" || return
    new_password > superuser-password
    new_password > application-password
    echo "127.0.0.1:$SERVER_PORT:*:postgres:$(< superuser-password)" > pgpass
    echo "127.0.0.1:$SERVER_PORT:*:invoicing_app:$(< application-password)" > pgpass-application
)

create_cluster() {
    local password_file=$RUN/server/superuser-password
    mkdir -m 700 "$RUN/server"
    install -m 600 "$RUN/private/superuser-password" "$password_file"
    if [[ $(id -u) == 0 ]]; then
        chown -R postgres: "$RUN/server"
    fi
    (cd "$RUN/server" && "${AS_SERVER_ACCOUNT[@]}" "$POSTGRES_BIN/initdb" --pgdata "$RUN/server/data" --username postgres \
        --pwfile "$password_file" --auth scram-sha-256 --encoding UTF8 --locale C.UTF-8 > "$LOGS/initdb.log" 2>&1) ||
        fail "initdb could not create the private server, see $LOGS/initdb.log"
    rm "$password_file"
}

wait_for_server() {
    local deadline=$((SECONDS + 30))
    until "$POSTGRES_BIN/pg_isready" --quiet --dbname postgres; do
        require_process postgres
        ((SECONDS < deadline)) || fail "the private PostgreSQL server did not come up within 30 s, see $LOGS/postgres.log"
        sleep 0.2
    done
}

load_sample_database() {
    SAMPLE_APP_PASSWORD=$(< "$RUN/private/application-password") "$ROOT/samples/sample-database/load.sh" '' "$DATABASE" "$SCALE"
}

sql() { psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 "$@"; }

# record_contents <file>: what must be the same before the loss and after the recovery.
record_contents() {
    sql --dbname "$DATABASE" --field-separator $'\t' --file "$ROOT/samples/demo/contents.sql" > "$1"
}

lose_database() {
    sql --dbname postgres --command "DROP DATABASE $DATABASE WITH (FORCE)"
}
