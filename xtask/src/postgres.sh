#!/bin/sh
# A private PostgreSQL in a temporary folder. It lives as long as the standard input of this script is open, so
# that it ends with whoever started it, however that one ends.
#   $1 folder of the server's programs   $2 port on the loopback address
#   first line of the input: the password of the user keyhaus
set -eu
programs=$1
port=$2
read -r password
umask 077
folder=$(mktemp -d "${TMPDIR:-/tmp}/keyhaus-postgres-XXXXXX")
end() {
  "$programs/pg_ctl" --pgdata "$folder/db" --mode immediate --silent stop || true
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' INT TERM HUP
cd "$folder"
echo "$password" > password
"$programs/initdb" --pgdata "$folder/db" --username keyhaus --pwfile password --auth scram-sha-256 \
  --encoding UTF8 --no-locale --no-instructions > log 2>&1 || { cat log >&2; exit 1; }
"$programs/pg_ctl" --pgdata "$folder/db" --log log --silent --wait --timeout 60 \
  --options "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200" start \
  < /dev/null || { cat log >&2; exit 1; }
echo ready
read -r _ || true
