# shellcheck shell=bash

PGDR=$ROOT/src/BackupFunctions.Cli/bin/Release/net10.0/pgdr.dll
# shellcheck disable=SC2034 # rows use it
BENCHMARKS_PROGRAM=$BENCHMARKS/bin/Release/net10.0/BackupFunctions.Benchmarks.dll

build_release() {
    local project
    for project in src/BackupFunctions.Cli tests/BackupFunctions.Benchmarks; do
        dotnet build "$ROOT/$project" --configuration Release --verbosity quiet -consoleLoggerParameters:NoSummary -nodeReuse:false \
            >> "$LOGS/build.log" 2>&1 9>&- || {
            tail -n 20 "$LOGS/build.log" >&2
            fail "building $project failed; the compiler's messages stand above"
        }
    done
}

pgdr() { dotnet "$PGDR" "$@"; }
