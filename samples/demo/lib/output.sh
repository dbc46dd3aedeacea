# shellcheck shell=bash
# What the scripts at the root say, and how they stop.

# say <text>: one line of news.
say() { printf '%s: %s\n' "$PROGRAM" "$*"; }

# warn <text>: something a person should know, though the work goes on.
warn() { printf '%s: warning: %s\n' "$PROGRAM" "$*" >&2; }

# fail <text>: cause and remedy in one sentence, then the end.
fail() {
    printf '%s: %s\n' "$PROGRAM" "$*" >&2
    exit 1
}

# require_supported_machine: the scripts use apt and /proc.
require_supported_machine() {
    [[ $(uname -s) != Darwin ]] || fail "this runs on Debian or Ubuntu; on macOS install a Linux virtual machine with the .NET SDK 10 in it (for example: brew install lima && limactl start template://debian-12) and run it there"
    command -v apt-get > /dev/null || fail "this runs on Debian or Ubuntu, because it installs PostgreSQL and HAProxy by apt-get, which is missing here"
    command -v dotnet > /dev/null || fail "the .NET SDK 10 is missing: install it from https://dot.net, then run this again"
}

# require_sdk: after the packages, because PostgreSQL brings the ICU library that .NET wants too.
require_sdk() {
    (cd "$ROOT" && dotnet --version > /dev/null) ||
        fail "the installed .NET SDK does not run or does not suit global.json (its own message stands above): install the .NET SDK 10 from https://dot.net"
}
