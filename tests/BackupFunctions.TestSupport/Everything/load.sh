#!/usr/bin/env bash
# Creates a database with one of everything: load.sh <folder of psql> <port> <database>; the password comes by PGPASSWORD.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PGHOST=127.0.0.1 PGUSER=postgres PGPORT=$2 PGCLIENTENCODING=UTF8
run() { PGDATABASE=$1 "$bin/psql" --no-psqlrc --quiet --set ON_ERROR_STOP=1 "${@:2}" > /dev/null; }
bin=$1 database=$3
run postgres --file "$here/roles.sql"
run postgres --set database="$database" <<< 'create database :"database" template template0;'
run "$database" --file "$here/everything.sql"
