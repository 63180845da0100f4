#!/bin/sh
# Makes the keys and passwords that compose.yaml names, in deploy/secrets; those that are there stay.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets # the files themselves are read by the containers' users
umask 022

make_secret() { # make_secret NAME TEXT
	[ -s "secrets/$1" ] || printf '%s\n' "$2" >"secrets/$1"
}

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

for name in jwt_secret admin_password postgres_password stoa_password replica_password; do
	make_secret "$name" "$(random)"
done
make_secret database_url "postgres://stoa:$(cat secrets/stoa_password)@primary/stoa?sslmode=disable"
make_secret database_replica_urls "postgres://stoa:$(cat secrets/stoa_password)@replica/stoa?sslmode=disable"
echo "The admin logs in as admin@stoa.example with the password in deploy/secrets/admin_password."
