# shellcheck shell=bash
# Samples are collected by name, one file each; the median of a name is what counts.

SAMPLES=samples

# sample <name> <number>
sample() {
    mkdir -p "$RUN/$SAMPLES"
    echo "$2" >> "$RUN/$SAMPLES/$1"
}

# median <name>: nothing when there are no samples.
median() {
    [[ -e $RUN/$SAMPLES/$1 ]] || return 0
    sort -g "$RUN/$SAMPLES/$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# timed <name> <command>...: a sample of its seconds; output goes to $RUN/<name>.out, messages to the log.
timed() {
    local name=$1 from=$EPOCHREALTIME
    shift
    "$@" > "$RUN/$name.out" 2> "$LOGS/$name.log" 9>&- || {
        tail -n 15 "$LOGS/$name.log" >&2
        fail "$name failed; the end of its log stands above"
    }
    sample "$name" "$(awk -v from="$from" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.3f", to - from }')"
}

# take_turns <first> <second>...: calls all of them REPEATS times, and begins with another one every time.
take_turns() {
    local contestants=("$@") round
    for ((round = 0; round < REPEATS; round++)); do
        for contestant in "${contestants[@]:round % $#}" "${contestants[@]:0:round % $#}"; do
            # What an earlier contestant left to be written shall not be paid by the next.
            [[ -z ${SERVER_PORT:-} ]] || sql --dbname postgres --command CHECKPOINT
            sync --file-system "$RUN"
            "$contestant"
        done
    done
}

# sample_phases <name> <phase>...: of the JSON that pgdr left in $RUN/<name>.out; a sample each, named <name>.<phase>.
sample_phases() {
    local name=$1 phase
    shift
    for phase; do
        sample "$name.$phase" "$(jq -r --arg phase "$phase" '.phase_seconds[$phase] // 0' "$RUN/$name.out")"
    done
}

# peak_memory <name> <command>...: a sample of its largest resident set (VmHWM) in MiB. Looked at ten times a second until it
# ends: memory does not grow any more when a result is printed.
peak_memory() {
    local name=$1 id peak=0 key value
    shift
    "$@" > "$RUN/$name.out" 2> "$LOGS/$name.log" 9>&- &
    id=$!
    while [[ -e /proc/$id/status ]]; do
        while read -r key value _; do
            [[ $key != VmHWM: ]] || peak=$value
        done < "/proc/$id/status" 2> /dev/null || true
        sleep 0.1
    done
    wait "$id" || {
        tail -n 15 "$LOGS/$name.log" >&2
        fail "$name failed; the end of its log stands above"
    }
    sample "$name" $((peak / 1024))
}
