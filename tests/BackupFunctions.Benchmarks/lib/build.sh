# shellcheck shell=bash

PUBLISHED=$STATE/pgdr
PGDR=$PUBLISHED/pgdr.dll
# shellcheck disable=SC2034 # rows use it
BENCHMARKS_PROGRAM=$BENCHMARKS/bin/Release/net10.0/BackupFunctions.Benchmarks.dll

# build_release: pgdr as the container image has it, published for the platform.
build_release() {
    run_dotnet publish "$ROOT/src/BackupFunctions.Cli" --use-current-runtime --self-contained false --output "$PUBLISHED"
    run_dotnet build "$BENCHMARKS"
}

run_dotnet() {
    dotnet "$@" --configuration Release --verbosity quiet -consoleLoggerParameters:NoSummary -nodeReuse:false >> "$LOGS/build.log" 2>&1 9>&- || {
        tail -n 20 "$LOGS/build.log" >&2
        fail "dotnet $1 $2 failed; the compiler's messages stand above"
    }
}

pgdr() { dotnet "$PGDR" "$@"; }
