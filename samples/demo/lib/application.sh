# shellcheck shell=bash
# The sample application behind HAProxy: instance a serves until the loss, the recovery starts instance b and reroutes to it.

APPLICATION=$ROOT/samples/sample-application/bin/Release/net10.0/SampleApplication.dll

start_application() {
    PUBLIC_PORT=$(free_port 8480)
    PORT_A=$(free_port $((PUBLIC_PORT + 1)))
    PORT_B=$(free_port $((PORT_A + 1)))
    write_application_settings
    "$ROOT/samples/demo/restart-application.sh" "$RUN" a > /dev/null 9>&-
    start_proxy
    wait_for_application
}

# Read by restart-application.sh, which the host calls in its own environment.
write_application_settings() {
    {
        printf '%s=%q\n' APPLICATION "$APPLICATION" LOGS "$LOGS" PORT_A "$PORT_A" PORT_B "$PORT_B"
        printf 'export %s=%q\n' PGPASSFILE "$RUN/private/pgpass-application" \
            ConnectionStrings__Invoicing "Host=127.0.0.1;Port=$SERVER_PORT;Database=$DATABASE;Username=invoicing_app"
    } > "$RUN/private/application.env"
}

start_proxy() {
    cat > "$RUN/private/haproxy.cfg" << END
global
    stats socket $RUN/private/haproxy.sock mode 600 level admin
    maxconn 200
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 30s
frontend public
    bind 127.0.0.1:$PUBLIC_PORT
    default_backend application
backend application
    option httpchk GET /health
    http-check expect status 200
    default-server check inter 500ms fall 1 rise 1
    server a 127.0.0.1:$PORT_A
    server b 127.0.0.1:$PORT_B disabled
END
    start_process haproxy haproxy -db -f "$RUN/private/haproxy.cfg"
}

# public_health: the HTTP status of the application's health by the public route, 000 when nothing answers.
public_health() {
    curl --silent --output /dev/null --max-time 5 --write-out '%{http_code}' "http://127.0.0.1:$PUBLIC_PORT/health" || true
}

wait_for_application() {
    local deadline=$((SECONDS + 30))
    until [[ $(public_health) == 200 ]]; do
        require_process haproxy
        ((SECONDS < deadline)) || fail "the sample application did not become healthy within 30 s, see $LOGS/application-a.log and $LOGS/haproxy.log"
        sleep 0.2
    done
}

# wait_for_outage: the loss has reached the users.
wait_for_outage() {
    local deadline=$((SECONDS + 15))
    while [[ $(public_health) == 200 ]]; do
        ((SECONDS < deadline)) || fail "the sample application still answers 200 although its database is gone"
        sleep 0.2
    done
}
