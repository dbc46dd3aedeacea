# shellcheck shell=bash
# A full backup through the code path of the daily timer.

run_backup() {
    local status
    status=$(request POST "$HOST/admin/functions/DailyFullBackup" "$MASTER_KEY" '{"input":""}')
    [[ $status == 202 ]] || fail "the host answered $status instead of 202 to the start of the timer DailyFullBackup: $(response_text)"
    wait_for_verified_backup
}

# wait_for_verified_backup: leaves the backup in $RUN/backup.json.
wait_for_verified_backup() {
    local deadline=$((SECONDS + 180)) state='none listed yet'
    while ((SECONDS < deadline)); do
        require_process host
        if [[ $(request GET "$HOST/api/backups" "$FUNCTION_KEY") == 200 ]]; then
            # Backup ids sort by time.
            response "map(select(.database == \"$DATABASE\")) | sort_by(.backup_id) | last // {}" > "$RUN/backup.json"
            state=$(jq -r '.status // "none listed yet"' "$RUN/backup.json")
            case $state in
                VERIFIED | PROVEN) return 0 ;;
                FAILED) fail "the backup failed: $(jq -r '.status_reason // .error // "no cause given"' "$RUN/backup.json"); see $LOGS/host.log" ;;
            esac
        fi
        sleep 0.5
    done
    fail "no backup became VERIFIED within 180 s (the last state was $state: $(jq -r '.status_reason // "no cause given"' "$RUN/backup.json" 2> /dev/null)); see $LOGS/host.log"
}
