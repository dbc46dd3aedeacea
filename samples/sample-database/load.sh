#!/usr/bin/env bash
# Creates the sample database of a multi-tenant invoicing product and fills it; the content is the same every time.
#   load.sh <conninfo> <database> [scale]
#     conninfo   libpq connection string of a superuser, without dbname ('' takes PGHOST, PGPORT, PGUSER, PGPASSFILE)
#     database   the name to create; it must not exist
#     scale      1 (default) is about 90 MB as a plain dump; 0.01 is enough for a quick test
# The passwords of its login roles are read from SAMPLE_APP_PASSWORD and SAMPLE_REPORTING_PASSWORD; unset: no password.
set -euo pipefail

[[ $# -ge 2 ]] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
conninfo=$1 database=$2 scale=${3:-1}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The database's name goes by PGDATABASE, which libpq takes as it stands; in a connection string or as an argument,
# a name such as "host=elsewhere" would be read as settings.
run_psql() {
  local in_database=$1 arguments=(--no-psqlrc --quiet --set ON_ERROR_STOP=1)
  shift
  [[ -z $conninfo ]] || arguments+=(--dbname "$conninfo")
  PGDATABASE=$in_database PGCLIENTENCODING=UTF8 PGOPTIONS='-c client_min_messages=warning' \
    psql "${arguments[@]}" "$@" > /dev/null
}

run_psql postgres --set database="$database" --file "$here/roles.sql" --file "$here/database.sql"
run_psql "$database" --set scale="$scale" --file "$here/schema.sql" --file "$here/data.sql" --file "$here/constraints.sql"
