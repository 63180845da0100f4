#!/bin/sh
# Makes what Stoa and the replica need in a new PostgreSQL: a role with a database of its own, a role
# that may copy, and a slot, for which the primary keeps what the replica has not read yet.
set -eu
psql --no-psqlrc --quiet --username postgres --dbname postgres -v ON_ERROR_STOP=1 <<'END'
\set stoa `cat "$STOA_PASSWORD_FILE"`
\set replica `cat "$REPLICA_PASSWORD_FILE"`
CREATE ROLE stoa LOGIN PASSWORD :'stoa';
CREATE DATABASE stoa OWNER stoa;
CREATE ROLE replica LOGIN REPLICATION PASSWORD :'replica';
SELECT pg_create_physical_replication_slot('replica') \g /dev/null
-- A replica that is gone for good must not fill the primary's disk.
ALTER SYSTEM SET max_slot_wal_keep_size = '4GB';
END
echo 'host replication replica samenet scram-sha-256' >>"$PGDATA/pg_hba.conf"
