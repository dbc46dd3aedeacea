# shellcheck shell=bash
# The embedded host: build, keys, settings, start.

OUTPUT=$ROOT/src/BackupFunctions/bin/Release/net10.0

build() {
    local project
    for project in src/BackupFunctions samples/sample-application; do
        dotnet build "$ROOT/$project" --configuration Release --verbosity quiet -consoleLoggerParameters:NoSummary -nodeReuse:false \
            >> "$LOGS/build.log" 2>&1 9>&- || {
            tail -n 20 "$LOGS/build.log" >&2
            fail "building $project failed; the compiler's messages stand above"
        }
    done
}

create_keys() {
    dotnet "$OUTPUT/pgdr.dll" keys new "$RUN/private/keys" > "$LOGS/keys.log" 2>&1 ||
        fail "pgdr keys new failed: $(tail -n 3 "$LOGS/keys.log")"
}

# r2_is_real and b2_is_real: the environment brings settings of the object store itself.
r2_is_real() { [[ -n ${R2_BUCKET:-} ]]; }
b2_is_real() { [[ -n ${B2_BUCKET_NAME:-} ]]; }

export_settings() {
    local keys=$RUN/private/keys
    export HOST_URL=http://127.0.0.1:$HOST_PORT DATA_FOLDER=$RUN/host
    export CLUSTER_NAME=demo RUN_STORE_PATH=$RUN/host/runs WORK_PATH=$RUN/host/work
    export Servers__main__Host=127.0.0.1 Servers__main__Port=$SERVER_PORT Servers__main__Username=postgres
    export Servers__main__PasswordFile=$RUN/private/superuser-password
    export Databases__0__Name=$DATABASE Databases__0__Server=main
    r2_is_real || export Targets__r2__Type=local Targets__r2__Path=$RUN/targets/r2
    b2_is_real || export Targets__b2__Type=local Targets__b2__Path=$RUN/targets/b2
    export Targets__local__Type=local Targets__local__Path=$RUN/targets/local
    export STORAGE_ORDER=r2,b2,local BACKUP_REQUIRED_COPIES=2
    export BACKUP_PUBLIC_KEY_PATHS="$keys/operational.public.pem;$keys/recovery.public.pem"
    export BACKUP_SIGNING_KEY_PATH=$keys/signing.private.pem BACKUP_VERIFY_KEY_PATHS=$keys/signing.public.pem
    export BACKUP_PRIVATE_KEY_PATHS=$keys/operational.private.pem
    export HEALTH_CHECK_URL=http://127.0.0.1:$PORT_B/health HEALTH_CHECK_ATTEMPTS=30 HEALTH_CHECK_INTERVAL=1
    export PUBLIC_HEALTH_CHECK_URL=http://127.0.0.1:$PUBLIC_PORT/health
    RESTART_COMMAND=$(jq -nc --arg script "$ROOT/samples/demo/restart-application.sh" --arg run "$RUN" '[$script, $run, "b"]')
    REROUTE_COMMAND=$(jq -nc --arg script "$ROOT/samples/demo/reroute.sh" --arg run "$RUN" '[$script, $run, "b"]')
    export RESTART_COMMAND REROUTE_COMMAND
    unset PGHOST PGPORT PGUSER PGPASSFILE
    # The host shall make its own keys and keep its state in a server of its own, whatever this shell is set up for.
    unset HOST_MASTER_KEY HOST_FUNCTION_KEY HOST_SYSTEM_KEY AzureWebJobsMasterKey STATE_CONNECTION
}

start_host() {
    HOST_PORT=$(free_port 7071)
    HOST=http://127.0.0.1:$HOST_PORT
    mkdir -m 711 "$RUN/host"
    # In a subshell: the host has these settings, this script keeps its own.
    (
        export_settings
        start_process host dotnet "$OUTPUT/BackupFunctions.dll"
    )
    wait_for_host
}

# shellcheck disable=SC2034 # other parts use the keys
wait_for_host() {
    local deadline=$((SECONDS + 60)) keys=$RUN/host/initial-keys.json
    FUNCTION_KEY='' MASTER_KEY=''
    # 503 is an answer too: until the first backup the folders of the targets are not there, which could be an unmounted disk.
    until [[ -n $FUNCTION_KEY && $(request GET "$HOST/api/backups" "$FUNCTION_KEY") =~ ^(200|503)$ ]]; do
        require_process host
        ((SECONDS < deadline)) || fail "the host did not answer within 60 s, see $LOGS/host.log"
        FUNCTION_KEY=$(jq -r '.functionKey // empty' "$keys" 2> /dev/null || true)
        MASTER_KEY=$(jq -r '.masterKey // empty' "$keys" 2> /dev/null || true)
        sleep 0.3
    done
}
