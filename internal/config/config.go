// Package config is how Stoa is set up: one struct, whose tags give the flags, the environment
// variables, the text of --help and the table in the README. A new setting is one new line here.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"stoa/internal/auth"
	"stoa/internal/limit"
	"stoa/internal/store"
)

// Config holds every setting. Read it with kong, by way of Option, and call Check before use.
//
// The tags beside kong's own: min and max bound a number or a duration, choices lists what a word
// may be, shown describes a default that depends on something else (the field is then empty when
// nothing was given, and a method below has the answer). A secret is not printed, unless its type
// prints itself without what is secret, and may stand in a file that NAME_FILE names.
type Config struct {
	DatabaseURL         Database       `env:"DATABASE_URL" secret:"" default:"sqlite:stoa.db" group:"Database" help:"The database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME."`
	DatabaseReplicaURLs Databases      `name:"database-replica-urls" env:"DATABASE_REPLICA_URLS" secret:"" shown:"none" group:"Database" help:"Comma-separated URLs of PostgreSQL's read replicas, to which queries go."`
	DatabaseListenURL   Database       `name:"database-listen-url" env:"DATABASE_LISTEN_URL" secret:"" shown:"DATABASE_URL" group:"Database" help:"PostgreSQL behind a pooler: a URL that leads to the server itself, where Stoa listens for changes."`
	ReplicaMaxLag       time.Duration  `env:"REPLICA_MAX_LAG" default:"10s" min:"1s" group:"Database" help:"A replica that lags further behind is not read from."`
	DatabaseDistributed bool           `env:"DATABASE_DISTRIBUTED" default:"false" negatable:"" group:"Database" help:"The database is a distributed one that speaks as PostgreSQL: do without advisory locks, LISTEN, NOTIFY, deferred triggers and unlogged tables, and so without subscriptions."`
	PoolPreset          string         `env:"POOL_PRESET" default:"web" choices:"web,batch,serverless" group:"Database" help:"Sets the five DB_ variables together: web for many short requests, batch for few long ones, serverless for many small instances."`
	DBMaxConns          *int           `env:"DB_MAX_CONNS" shown:"min(4 × CPUs, 30)" min:"1" group:"Database" help:"The most connections open at once, to each database."`
	DBMinIdle           *int           `env:"DB_MIN_IDLE" shown:"2" min:"0" group:"Database" help:"Idle connections that are kept."`
	DBAcquireTimeout    *time.Duration `env:"DB_ACQUIRE_TIMEOUT" shown:"2s" min:"1ms" group:"Database" help:"The longest wait for a connection."`
	DBConnLifetime      *time.Duration `env:"DB_CONN_LIFETIME" shown:"30m" min:"0s" group:"Database" help:"A connection older than this is replaced; 0 for never."`
	DBConnIdle          *time.Duration `env:"DB_CONN_IDLE" shown:"5m" min:"0s" group:"Database" help:"A connection idle for longer is closed, unless it is kept; 0 for never."`
	Shedding            *bool          `env:"SHEDDING" shown:"true, with POOL_PRESET=batch false" negatable:"" group:"Database" help:"Refuse dear queries, the dearest first, while the connections are nearly used up."`
	Migrate             bool           `env:"MIGRATE" default:"true" negatable:"" group:"Database" help:"Bring the database up to date at the start; when false, an outdated database is not ready."`
	Demo                *bool          `env:"DEMO" shown:"true on SQLite, false on PostgreSQL" negatable:"" group:"Database" help:"Fill a new database with the demo data."`

	Host        string  `env:"HOST" default:"127.0.0.1" group:"Server" help:"The address to listen on; 0.0.0.0 for all."`
	Port        int     `env:"PORT" default:"8080" min:"0" max:"65535" group:"Server" help:"The port to listen on; 0 for any free one."`
	AdminAddr   string  `env:"ADMIN_ADDR" shown:"none" group:"Server" help:"An address, as in 127.0.0.1:9090, for /metrics, /healthz, /readyz and profiling, which are then not served on PORT."`
	CORSOrigins Origins `name:"cors-origins" env:"CORS_ORIGINS" shown:"* on SQLite, none on PostgreSQL" group:"Server" help:"Comma-separated origins whose pages may ask; * for all."`

	RequestTimeout     time.Duration `env:"REQUEST_TIMEOUT" default:"10s" min:"1ms" group:"Requests" help:"The time a request may take."`
	DebugHeaders       *bool         `env:"DEBUG_HEADERS" shown:"true on SQLite, false on PostgreSQL" negatable:"" group:"Requests" help:"Obey Stoa-Debug."`
	RateLimit          *int          `env:"RATE_LIMIT" shown:"0 on SQLite, 60000 on PostgreSQL" min:"0" group:"Requests" help:"Points that a client may spend a minute; 0 for no limit."`
	RateLimitStore     string        `env:"RATE_LIMIT_STORE" default:"memory" choices:"memory,database" group:"Requests" help:"Where budgets and tries to log in are counted: memory, by each instance, or database, by all instances on one PostgreSQL together."`
	AuthRateLimit      int           `env:"AUTH_RATE_LIMIT" default:"10" min:"1" group:"Requests" help:"Log-ins, sign-ups and refreshes a minute, for an address and for an e-mail."`
	TrustedProxies     limit.Proxies `env:"TRUSTED_PROXIES" shown:"none" group:"Requests" help:"Comma-separated networks whose X-Forwarded-For is believed."`
	MaxCost            int           `env:"MAX_COST" default:"5000" min:"0" group:"Requests" help:"The most points that a request may cost; 0 for no limit."`
	MaxDBCost          int           `name:"max-db-cost" env:"MAX_DB_COST" default:"0" min:"0" group:"Requests" help:"PostgreSQL: a statement that EXPLAIN rates dearer is refused before it runs; 0 for no limit."`
	MaxDepth           int           `env:"MAX_DEPTH" default:"15" min:"0" group:"Requests" help:"How many fields may lie within each other; 0 for no limit."`
	MaxSubscriptions   int           `env:"MAX_SUBSCRIPTIONS" default:"10000" min:"0" group:"Requests" help:"The most subscriptions open at once, for each instance; 0 for no limit."`
	PersistedDocuments string        `env:"PERSISTED_DOCUMENTS" shown:"none" group:"Requests" help:"The folder of the documents that clients may ask for by an id: *.graphql, and the manifests of Relay and Apollo."`
	PersistedOnly      bool          `env:"PERSISTED_ONLY" default:"false" negatable:"" group:"Requests" help:"Refuse any other document, GraphiQL's and questions about the schema included."`
	REST               bool          `name:"rest" env:"REST" default:"true" negatable:"" group:"Requests" help:"Serve stored documents that say so, those that Stoa ships among them, as resources below /api."`
	Introspection      bool          `env:"INTROSPECTION" default:"true" negatable:"" group:"Requests" help:"Answer questions about the schema; when false, messages hold no suggestions either."`
	GraphiQL           bool          `name:"graphiql" env:"GRAPHIQL" default:"true" negatable:"" group:"Requests" help:"Serve GraphiQL at /, unless PERSISTED_ONLY."`

	JWTSecret     string        `env:"JWT_SECRET" secret:"" shown:"with SQLite made, and kept beside the database" group:"Log-ins" help:"HS256 keys of at least 32 bytes, comma-separated: the first signs, all verify."`
	TokenTTL      time.Duration `env:"TOKEN_TTL" default:"1h" min:"1s" group:"Log-ins" help:"The life of a token."`
	RefreshTTL    time.Duration `env:"REFRESH_TTL" default:"30d" min:"1s" group:"Log-ins" help:"The life of a refresh token."`
	AdminEmail    string        `env:"ADMIN_EMAIL" shown:"none" group:"Log-ins" help:"At the start the account with this e-mail is made, if it is missing, and given the admin's role."`
	AdminPassword string        `env:"ADMIN_PASSWORD" secret:"" shown:"none" group:"Log-ins" help:"The password of that account, if it is made: 8 to 72 bytes."`

	LogLevel  slog.Level    `env:"LOG_LEVEL" default:"info" choices:"debug,info,warn,error" group:"Log" help:"The least important lines to log: debug, info, warn or error."`
	LogFormat string        `env:"LOG_FORMAT" shown:"text on a terminal, else json" choices:"text,json" group:"Log" help:"The form of a line: text or json."`
	SlowQuery time.Duration `env:"SLOW_QUERY" default:"500ms" min:"0s" group:"Log" help:"A request slower than this is logged with what it did."`

	OTLPEndpoint string `name:"otel-exporter-otlp-endpoint" env:"OTEL_EXPORTER_OTLP_ENDPOINT" shown:"none" group:"Log" help:"Where traces are sent, by OTLP over HTTP, as in http://localhost:4318; the other standard OTEL_ variables are obeyed too."`

	settings []*setting        // each of the above
	faults   map[string]string // what is wrong with a variable, by its name
}

// WantsDemo says whether a new database is filled with the demo data.
func (c *Config) WantsDemo() bool {
	if c.Demo == nil {
		return c.Migrate && c.DatabaseURL.Embedded()
	}
	return *c.Demo
}

// Check returns nil, or an error that names every wrong setting and every contradiction, one a
// line. No message holds a secret.
func (c *Config) Check() error { return c.check(false) }

// CheckToServe is Check, for a start that also needs what only serving does.
func (c *Config) CheckToServe() error { return c.check(true) }

func (c *Config) check(serving bool) error {
	wrong := maps.Clone(c.faults)
	tell := func(name, other, message string) {
		if c.faults[name] == "" && c.faults[other] == "" {
			wrong[name] = message
		}
	}
	c.contradictions(tell)
	if serving && len(c.Keys()) == 0 && !c.DatabaseURL.Embedded() {
		tell("JWT_SECRET", "DATABASE_URL", "PostgreSQL needs a key of at least 32 bytes, the same for all that serve one database")
	}
	if len(wrong) == 0 {
		return nil
	}
	lines := []string{"wrong settings:"}
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		lines = append(lines, fmt.Sprintf("  %s (%s): %s", name, flag(name), wrong[name]))
	}
	return errors.New(strings.Join(lines, "\n"))
}

// Origins are those of other sites whose pages may ask.
func (c *Config) Origins() Origins {
	if c.CORSOrigins == nil && c.DatabaseURL.Embedded() {
		return Origins{"*"}
	}
	return c.CORSOrigins
}

// Page says whether GraphiQL is served, of whose documents none is stored.
func (c *Config) Page() bool { return c.GraphiQL && !c.PersistedOnly }

// Debugs says whether Stoa-Debug is obeyed.
func (c *Config) Debugs() bool {
	if c.DebugHeaders == nil {
		return c.DatabaseURL.Embedded()
	}
	return *c.DebugHeaders
}

// Points is what a client may spend a minute, 0 for no limit.
func (c *Config) Points() int {
	switch {
	case c.RateLimit != nil:
		return *c.RateLimit
	case c.DatabaseURL.Embedded():
		return 0
	}
	return 60_000
}

// SharesBudgets says whether all instances on one database count together. A file
// has one instance, in whose memory all is.
func (c *Config) SharesBudgets() bool {
	return c.RateLimitStore == "database" && !c.DatabaseURL.Embedded()
}

// Keys are the HS256 keys, none when they are to be made.
func (c *Config) Keys() [][]byte {
	var keys [][]byte
	for _, key := range strings.Split(c.JWTSecret, ",") {
		if key != "" {
			keys = append(keys, []byte(key))
		}
	}
	return keys
}

// contradictions tells of each pair of settings that cannot both hold.
func (c *Config) contradictions(tell func(name, other, message string)) {
	if p := c.Pool(); p.MinIdle > p.MaxConns {
		tell("DB_MIN_IDLE", "DB_MAX_CONNS", fmt.Sprintf("%d connections cannot be kept when DB_MAX_CONNS is %d", p.MinIdle, p.MaxConns))
	}
	if len(c.DatabaseReplicaURLs) > 0 && c.DatabaseURL.Embedded() {
		tell("DATABASE_REPLICA_URLS", "DATABASE_URL", "SQLite has no replicas")
	}
	if c.DatabaseListenURL != (Database{}) && (c.DatabaseURL.Embedded() || c.DatabaseListenURL.Embedded()) {
		tell("DATABASE_LISTEN_URL", "DATABASE_URL", "only PostgreSQL tells of changes")
	}
	if c.DatabaseDistributed {
		c.contradictDistributed(tell)
	}
	if c.MaxDBCost > 0 && c.DatabaseURL.Embedded() {
		tell("MAX_DB_COST", "DATABASE_URL", "SQLite does not tell what a statement costs")
	}
	if slices.ContainsFunc(c.Keys(), func(key []byte) bool { return len(key) < auth.MinKey }) {
		tell("JWT_SECRET", "", "every key must have at least 32 bytes")
	}
	if c.PersistedOnly && c.PersistedDocuments == "" && !c.REST {
		tell("PERSISTED_ONLY", "PERSISTED_DOCUMENTS", "refuses everything without PERSISTED_DOCUMENTS or REST")
	}
	if c.TokenTTL > c.RefreshTTL {
		tell("TOKEN_TTL", "REFRESH_TTL", "must be no longer than REFRESH_TTL")
	}
	if (c.AdminEmail == "") != (c.AdminPassword == "") {
		tell("ADMIN_EMAIL", "ADMIN_PASSWORD", "must be given together with ADMIN_PASSWORD")
	}
	if _, _, err := net.SplitHostPort(c.AdminAddr); c.AdminAddr != "" && err != nil {
		tell("ADMIN_ADDR", "", "is no address, as in 127.0.0.1:9090")
	}
	if at, err := url.Parse(c.OTLPEndpoint); c.OTLPEndpoint != "" && (err != nil || at.Host == "" || at.User != nil || at.Scheme != "http" && at.Scheme != "https") {
		tell("OTEL_EXPORTER_OTLP_ENDPOINT", "", "is no URL, as in http://localhost:4318; a password goes into OTEL_EXPORTER_OTLP_HEADERS")
	}
	if c.AdminEmail != "" && c.AdminPassword != "" {
		for _, wrong := range store.CheckAdmin(c.AdminEmail, auth.Password(c.AdminPassword)) {
			tell(strings.ToUpper(strings.ReplaceAll(wrong.Field, ".", "_")), "", wrong.Message)
		}
	}
	if c.WantsDemo() && !c.Migrate {
		tell("DEMO", "MIGRATE", "the demo data come with the first migration, but MIGRATE is false")
	}
}

// contradictDistributed tells of what a distributed database cannot do.
func (c *Config) contradictDistributed(tell func(name, other, message string)) {
	const name = "DATABASE_DISTRIBUTED"
	switch {
	case c.DatabaseURL.Embedded():
		tell(name, "DATABASE_URL", "SQLite is a file on one machine")
	case len(c.DatabaseReplicaURLs) > 0:
		tell(name, "DATABASE_REPLICA_URLS", "how far a replica has come is asked of PostgreSQL itself: it has no DATABASE_REPLICA_URLS")
	case c.RateLimitStore == "database":
		tell(name, "RATE_LIMIT_STORE", "budgets are shared in an unlogged table: RATE_LIMIT_STORE must be memory")
	}
}

// flag is the name of a variable's flag.
func flag(variable string) string {
	return "--" + strings.ReplaceAll(strings.ToLower(variable), "_", "-")
}
