package sqldb

import (
	"cmp"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"time"

	"github.com/lib/pq"
)

// session are settings of every connection, unless the URL has them: goose keeps
// when a step was taken without a time zone.
var session = map[string]string{"fallback_application_name": "stoa", "timezone": "UTC"}

// planning are settings for the planner, unless the URL has them: rows that are
// read one by one cost no more than that from a solid-state disk.
var planning = map[string]string{"random_page_cost": "1.1"}

// connectTimeout is how long a server may take to accept a connection, unless
// the URL says.
const connectTimeout = 5 * time.Second

// Here is SQL for the position of the primary, there for that of a replica.
const (
	Here  = "(pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"
	there = "(pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint"
)

func openPostgres(o Options, wrap func(driver.Connector) driver.Connector) (*DB, error) {
	p, l, err := connect(o, wrap, o.URL)
	if err != nil {
		return nil, err
	}
	db := &DB{dialect: postgres{url: cmp.Or(o.Listen, l.direct), linker: l, log: o.log(), distributed: o.Distributed}, read: p, write: p}
	if len(o.Replicas) == 0 {
		return db, nil
	}
	db.replicas = &replicas{primary: newSource(p, l, Here, o), maxLag: o.MaxLag}
	for _, at := range o.Replicas {
		p, l, err := connect(o, wrap, at)
		if err != nil {
			return nil, join(err, db.Close())
		}
		p.name = "replica " + l.host
		db.replicas.all = append(db.replicas.all, newSource(p, l, there, o))
	}
	return db, nil
}

// newSource is one that nobody looks after yet.
func newSource(p *pool, l *linker, position string, o Options) *source {
	s := &source{
		pool: p, name: l.host, dialect: postgres{}, eye: sql.OpenDB(l), looking: "SELECT " + position, log: o.log(),
		asked: make(chan struct{}, 1), news: make(chan struct{}),
	}
	s.eye.SetMaxOpenConns(1)
	return s
}

// connect is a pool of connections to the server at the URL, and what makes them.
func connect(o Options, wrap func(driver.Connector) driver.Connector, at string) (*pool, *linker, error) {
	address, err := url.Parse(at)
	if err != nil || address.Scheme != "postgres" && address.Scheme != "postgresql" {
		return nil, nil, errors.New("the database's URL is neither sqlite:PATH nor postgres://…")
	}
	query := address.Query()
	set := func(settings map[string]string) {
		for name, value := range settings {
			if !query.Has(name) {
				query.Set(name, value)
			}
		}
	}
	set(session)
	// A pooler between us and the server, for which this setting is, may give a
	// prepared statement's name to another connection.
	pooled := query.Get("binary_parameters") == "yes"
	if !pooled && !o.Distributed { // which take no settings
		set(planning)
	}
	address.RawQuery = query.Encode()
	config, err := pq.NewConfig(address.String())
	if err != nil {
		return nil, nil, err
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	l := &linker{config: config, host: cmp.Or(address.Host, query.Get("host"))}
	if !pooled { // or another connection would be told of commits
		l.direct = address.String()
	}
	l.breaker = newBreaker(o.log().With("host", l.host))
	l.breaker.probe = l.probe
	p := newPool(wrap(l), "postgres", "primary", o, !pooled)
	p.breaker = l.breaker
	if o.MaxCost > 0 {
		p.estimates = newEstimates(o.MaxCost)
	}
	return p, l, nil
}
