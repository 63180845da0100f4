# Runs a PostgreSQL server in the folder $1 until standard input ends: when the
# process that holds its other end closes it, or is gone, however it went. Then
# the server is stopped and the folder removed.
#
# Prints "ready", and then "done" for each command that it reads, or else what
# went wrong. $1 is empty; PATH leads to initdb, pg_ctl and postgres. $2, lines of
# postgresql.conf, goes before what is said here. $3, unless empty, leads to the
# server of which this one is a standby.
cd "$1" || exit
umask 077
exec 3>&1 >log 2>&1

end() {
	[ ! -f data/postmaster.pid ] || kill -s CONT $(processes)
	[ ! -f data/postmaster.pid ] || pg_ctl stop -D data -m immediate
	rm -rf "$1"
}
trap 'end "$1"' EXIT
trap 'exit 1' HUP INT TERM
trap '' PIPE

fail() {
	{ echo "$1"; cat log; } >&3
	exit 1
}

# Names are sorted as people expect, not by code points, unless the SQL says so.
# Nothing here outlives its tests, so nothing needs to survive a crash. The time
# zone is one that no code can take for UTC. Tests run as an ordinary role, which
# owns the databases that it creates.
make_primary() {
	initdb -D data -U postgres -A trust -E UTF8 --locale=C --locale-provider=icu \
		--icu-locale=en-US --no-sync || fail "initdb failed:"
	cat >>data/postgresql.conf <<'END'
listen_addresses = ''
unix_socket_directories = '..'
port = 5432
max_connections = 200
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
timezone = 'Asia/Kathmandu'
log_timezone = 'UTC'
END
	echo 'CREATE ROLE stoa LOGIN CREATEDB' |
		postgres --single -D data postgres || fail "The role cannot be created:"
}

if [ -z "$3" ]; then
	make_primary
else
	pg_basebackup -D data -d "$3" -R -X stream -c fast --no-sync || fail "The primary cannot be copied:"
fi
echo "$2" >>data/postgresql.conf # of two lines for one setting the last counts

# The server's processes: the first, and those that it started.
processes() {
	first=$(head -n 1 data/postmaster.pid)
	ps -A -o pid= -o ppid= | while read -r pid parent; do
		[ "$pid" != "$first" ] && [ "$parent" != "$first" ] || echo "$pid"
	done
}

# signal sends one to all processes: to the first one first, which then starts no
# others. Of those some may just have ended.
signal() {
	kill -s "$1" "$(head -n 1 data/postmaster.pid)" && { kill -s "$1" $(processes) 2>/dev/null || :; }
}

start() { pg_ctl start -D data -l log -s -w 3>&-; }

start || fail "The server does not start:"
echo ready >&3
while read -r command; do
	case $command in
	halt) pg_ctl stop -D data -m immediate ;;
	restart) pg_ctl stop -D data -m fast -s -w && start ;;
	start) start ;;
	freeze) signal STOP ;;
	thaw) signal CONT ;;
	esac && echo "done" >&3 || fail "$command failed:"
done
