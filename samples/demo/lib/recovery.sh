# shellcheck shell=bash
# Disaster recovery by HTTP, followed by the Durable status endpoint.

# recover: starts the runbook and follows it to its end; leaves its last status in $RUN/recovery.json.
recover() {
    local status body
    body=$(jq -nc --arg database "$DATABASE" '{database: $database, reason: "demo: the database was dropped", confirm: $database}')
    status=$(request POST "$HOST/api/disaster-recovery" "$FUNCTION_KEY" "$body")
    if [[ $status == 401 || $status == 403 ]]; then
        # A host may keep destructive calls for its master key.
        status=$(request POST "$HOST/api/disaster-recovery" "$MASTER_KEY" "$body")
    fi
    [[ $status == 202 ]] || fail "the host answered $status instead of 202 to the start of the disaster recovery: $(response_text)"
    STATUS_URL=$(response -r .statusQueryGetUri)
    follow_recovery
}

follow_recovery() {
    local deadline=$((SECONDS + 600)) waiting
    while ((SECONDS < deadline)); do
        require_process host
        if [[ $(request GET "$STATUS_URL" '') =~ ^20[02]$ ]]; then
            cp "$RUN/private/response" "$RUN/recovery.json"
            show_steps
            case $(response -r .runtimeStatus) in
                Completed) return 0 ;;
                Failed | Terminated | Canceled) fail "the disaster recovery ended without success: $(response -r '.output // "no cause given"'); see $LOGS/host.log" ;;
            esac
            waiting=$(response -r '.customStatus.awaiting_events // [] | join(", ")')
            [[ -z $waiting ]] || fail "the disaster recovery waits for a person ($waiting): $(waiting_cause); see $LOGS/host.log"
        fi
        sleep 0.25
    done
    fail "the disaster recovery did not end within 600 s, see $LOGS/host.log"
}

waiting_cause() { response -r '[.customStatus.steps[] | select(.status == "WAITING" or .status == "FAILED") | "step \(.step), \(.name): \(.detail)"] | join("; ")'; }

# require_success: the runbook's own verdict.
require_success() {
    [[ $(jq -r .output.success "$RUN/recovery.json") == true ]] ||
        fail "the runbook reports that it did not succeed: $(jq -c .output.steps "$RUN/recovery.json")"
}
