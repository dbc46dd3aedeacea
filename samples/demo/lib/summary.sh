# shellcheck shell=bash
# Comparison with the state before the loss, and the figures of the run.

# compare_contents <before> <after>: fails with the differing lines.
compare_contents() {
    if ! diff --unchanged-line-format= --old-line-format='lost or changed:  %L' --new-line-format='found instead:    %L' "$1" "$2" >&2; then
        fail "the recovered database differs from the lost one in the lines above"
    fi
    grep -q '^table'$'\t' "$1" || fail "nothing was compared: no table was recorded before the loss"
}

# column_sum <file> <kind>: lines of that kind and the sum of their counts.
column_sum() { awk -F '\t' -v kind="$2" '$1 == kind { lines++; sum += $3 } END { printf "%d %d", lines, sum }' "$1"; }

print_summary() {
    local contents=$1 tables rows
    read -r tables rows < <(column_sum "$contents" table; echo)
    echo
    jq -r '
        def mb: . / 1e6 * 10 | round / 10;
        "backup      \(.backup_id), \(.status)",
        "            \(.plain_size | mb) MB dumped, \(.stored_size | mb) MB stored: \((1 - .stored_size / .plain_size) * 1000 | round / 10) % smaller, in \(.duration_seconds * 10 | round / 10) s",
        "            copies: \([.copies[] | "\(.target) \(if .verified then "verified" elif .written then "written" else "MISSING" end)"] | join(", "))"
    ' "$RUN/backup.json"
    jq -r '.output |
        "recovery    \(.duration_seconds * 10 | round / 10) s in all, log \(.restore_log_id)",
        (.steps[] | "            step \(.step)  \(.name): \(.duration_seconds // 0 | . * 10 | round / 10) s")
    ' "$RUN/recovery.json"
    echo "compared    $tables tables with $rows rows, $(($(wc -l < "$contents") - tables)) further facts (large objects, sequences, policies, rights, settings): all identical"
    echo "demo        $SECONDS s in all"
    echo "demo: recovered $DATABASE: $tables tables, $rows rows identical, RTO $(jq -r '.output.duration_seconds * 10 | round / 10' "$RUN/recovery.json") s"
}
