# shellcheck shell=bash
# Shows the runbook's steps while it runs: redrawn in place at a terminal, else one line for each change.

SHOWN_LINES=0
declare -A SHOWN_STATUS=()

# The steps of the last status as lines: number, name, status, seconds, detail; the report's once there is one.
step_lines() {
    jq -r '(.output.steps? // .customStatus.steps? // [])[]
        | [.step, .name, .status, (.duration_seconds // 0 | . * 10 | round / 10), ((.detail // "-") | gsub("\\s+"; " "))] | @tsv' "$RUN/recovery.json"
}

show_steps() {
    if [[ -t 1 ]]; then redraw_steps; else list_changed_steps; fi
}

list_changed_steps() {
    local step name status seconds detail line
    while IFS=$'\t' read -r step name status seconds detail; do
        [[ $status != PENDING && ${SHOWN_STATUS[$step]:-} != "$status" ]] || continue
        SHOWN_STATUS[$step]=$status
        printf -v line '  step %s  %-34s %-9s' "$step" "$name" "$status"
        if [[ $status != RUNNING ]]; then
            line+=" $(printf '%6s s' "$seconds")"
            [[ $detail == - ]] || line+="  $detail"
        fi
        printf '%s\n' "$line"
    done < <(step_lines)
}

redraw_steps() {
    local step name status seconds detail width line lines=()
    width=$(tput cols 2> /dev/null || echo 80)
    while IFS=$'\t' read -r step name status seconds detail; do
        printf -v line '  %s  %-34s %-9s %6s s  %s' "$step" "$name" "$status" "$seconds" "$detail"
        lines+=("$line")
    done < <(step_lines)
    lines+=("$(clock_line)")
    ((SHOWN_LINES == 0)) || printf '\e[%dA' "$SHOWN_LINES"
    for line in "${lines[@]}"; do
        # Cut, because a line that wraps would break the redrawing.
        printf '%s\e[K\n' "${line:0:width-1}"
    done
    SHOWN_LINES=${#lines[@]}
}

clock_line() {
    jq -r '.customStatus // {} |
        "  RTO clock \(.rto_seconds // 0 | round) s"
        + (if .percent then ", step \(.current_step) at \(.percent | round) %" else "" end)
        + (if .eta_seconds then ", about \(.eta_seconds | round) s to go in it" else "" end)
        + (if .target then ", reading from \(.target)" else "" end)' "$RUN/recovery.json"
}
