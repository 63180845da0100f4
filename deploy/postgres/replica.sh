#!/bin/sh
# Runs a streaming replica: the first time it copies the primary, from then on it follows it.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
	chmod 700 "$PGDATA"
	PGPASSWORD="$(cat "$REPLICA_PASSWORD_FILE")" pg_basebackup --host "$PRIMARY" --username replica \
		--pgdata "$PGDATA" --wal-method stream --slot replica --checkpoint fast --write-recovery-conf
fi
exec postgres "$@"
