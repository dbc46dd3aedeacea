# shellcheck shell=bash
# The table at the end.

TABLE=()

# row_of_ratio <label> <unit> <ours> <theirs> <goal>: the goal is such as "<= 1.10" for ours through theirs, or "-".
row_of_ratio() {
    TABLE+=("$(awk -v label="$1" -v unit="$2" -v ours="$3" -v theirs="$4" -v goal="$5" 'BEGIN {
        ratio = ours / theirs
        split(goal, parts, " ")
        met = goal == "-" ? "" : (parts[1] == "<=" ? ratio <= parts[2] : ratio >= parts[2]) ? "met" : "missed"
        printf "%s|%.2f %s|%.2f %s|%.2f|%s|%s", label, ours, unit, theirs, unit, ratio, goal, met
    }')")
}

# row_of_limit <label> <unit> <ours> <most>
row_of_limit() {
    TABLE+=("$1|$3 $2|-|-|<= $4 $2|$(awk -v ours="$3" -v most="$4" 'BEGIN { print ours <= most ? "met" : "missed" }')")
}

# row_of_fact <label> <unit> <ours>: only told.
row_of_fact() { TABLE+=("$1|$(printf '%.2f' "$3") $2|-|-|-|"); }

print_table() {
    echo
    printf '%s\n' 'row|ours|theirs|ratio|goal|' '---|----|------|-----|----|' "${TABLE[@]}" |
        awk -F'|' '{ printf "%-58s %13s %13s %7s %12s  %s\n", $1, $2, $3, $4, $5, $6 }'
    echo
    say "$(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), load $(cut -d ' ' -f 1-3 /proc/loadavg), scale $SCALE, median of $REPEATS"
}
