#!/usr/bin/env bash
# Installs what `make test` needs and the machine lacks, by apt-get on Debian and its like or by
# brew on macOS. Does nothing, and says nothing, when all is there. Go is not installed.
set -euo pipefail

has() { command -v "$1" >/dev/null; }

has_postgres() {
	local program
	for program in "$(command -v initdb)" /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb \
		/opt/homebrew/opt/postgresql*/bin/initdb /usr/local/opt/postgresql*/bin/initdb; do
		[ ! -x "$program" ] || return 0
	done
	return 1
}

has_pooler() {
	PATH="$PATH:/usr/sbin" has pgbouncer
}

has_browser() {
	has chromium || has chromium-browser || has google-chrome ||
		[ -e "/Applications/Google Chrome.app" ] || [ -e /Applications/Chromium.app ]
}

# Not in everybody's PATH.
has_nginx() { has nginx || [ -x /usr/sbin/nginx ]; }

# What Vite asks for.
has_node() {
	has npm && has node && node -e '
		const [major, minor] = process.versions.node.split(".").map(Number)
		process.exit(major > 22 || major == 22 && minor >= 12 || major == 20 && minor >= 19 ? 0 : 1)'
}

missing() {
	[ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/ssl/cert.pem ] || echo certificates # for what go and npm fetch
	has make || echo make
	has cc || has gcc || echo compiler # the race detector needs one
	has_postgres || echo postgres
	has_pooler || echo pooler
	has_browser || echo browser
	has_node || echo node
	has_nginx || echo nginx
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends "$@" </dev/null >/dev/null
}

on_debian() {
	local packages=()
	apt update
	for what in "$@"; do
		case $what in
			certificates) packages+=(ca-certificates) ;;
			make) packages+=(make) ;;
			compiler) packages+=(gcc libc6-dev) ;;
			postgres)
				# The server's programs, but no server: the tests start their own.
				apt install postgresql-common
				as_root sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
				packages+=(postgresql)
				;;
			pooler) packages+=(pgbouncer) ;;
			browser) packages+=(chromium) ;;
			nginx)
				# The program, but no server: what is masked starts neither now nor with the machine.
				as_root mkdir -p /etc/systemd/system
				as_root ln -sf /dev/null /etc/systemd/system/nginx.service
				packages+=(nginx)
				;;
			node) has npm || packages+=(nodejs npm) ;;
		esac
	done
	[ ${#packages[@]} -eq 0 ] || apt install "${packages[@]}"
	# Where Debian's Node.js is too old, npm brings one to put before it.
	case " $* " in *" node "*) has_node || as_root npm install --global --no-fund --no-audit node@22 </dev/null ;; esac
	hash -r
}

on_macos() {
	for what in "$@"; do
		case $what in
			certificates | make | compiler) echo "run xcode-select --install first" >&2; exit 1 ;;
			postgres) brew install postgresql@17 ;;
			pooler) brew install pgbouncer ;;
			browser) brew install --cask google-chrome ;;
			node) brew install node ;;
			nginx) brew install nginx ;;
		esac
	done
}

has go || { echo "Go is missing: https://go.dev/doc/install" >&2; exit 1; }
lacks="$(missing)"
[ -n "$lacks" ] || exit 0
echo "The tests need what is missing here:" $lacks
if has apt-get; then
	echo "Installing it with apt-get"
	on_debian $lacks
elif has brew; then
	echo "Installing it with brew"
	on_macos $lacks
else
	echo "There is neither apt-get nor brew: please install it, then try again" >&2
	exit 1
fi
lacks="$(missing)"
[ -z "$lacks" ] || { echo "Still missing:" $lacks >&2; exit 1; }
