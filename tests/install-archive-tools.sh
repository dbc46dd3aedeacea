#!/bin/sh
# What the archive tests run besides .NET: the tools that open a backup without BackupFunctions. Installs only what is missing.
set -eu

missing=
have() { command -v "$1" >/dev/null || missing="$missing $2"; }
have openssl openssl
have zstd zstd
have gzip gzip
have jq jq
have /usr/bin/python3 python3
/usr/bin/python3 -c 'import cryptography' 2>/dev/null || missing="$missing python3-cryptography"
if [ -n "$missing" ]; then
    # shellcheck disable=SC2086 # a list of packages
    apt-get install -y -q $missing
fi
