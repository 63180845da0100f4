# Runs a PgBouncer in the folder $1 until standard input ends, for the server to
# which $2 leads, in transaction mode. Then the folder is removed. Prints "ready",
# or else what went wrong. $3, lines of pgbouncer.ini, goes before what is said here.
cd "$1" || exit
umask 077
exec 3>&1 >log 2>&1

end() {
	kill -s KILL "$pooler"
	rm -rf "$1"
}
trap 'end "$1"' EXIT
trap 'exit 1' HUP INT TERM

# The authentication "any" logs in as the role that the line names.
cat >ini <<END
[databases]
* = $2 user=stoa
[pgbouncer]
listen_port = 5432
unix_socket_dir = $1
auth_type = any
pool_mode = transaction
max_client_conn = 200
$3
END
pgbouncer ini 3>&- &
pooler=$!
until [ -S .s.PGSQL.5432 ]; do
	kill -s 0 "$pooler" || {
		{ echo "PgBouncer does not start:"; cat log; } >&3
		exit 1
	}
	sleep 0.05
done
echo ready >&3
read -r _ || exit 0
