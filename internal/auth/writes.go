package auth

import (
	"context"

	"stoa/internal/sqldb"
)

// Where there are replicas, the database keeps what each log-in has last written:
// for some seconds what it reads is not older, whichever instance answers it.

// Wrote is a term of SQL, for the primary: the position that what the log-in
// reads must have reached, 0 for any. A log-in that has just begun was itself
// written.
func Wrote(login int64) sqldb.Term {
	return sqldb.Term{SQL: `coalesce((
	SELECT CASE WHEN l.created_at > now() - interval '5 seconds' THEN ` + sqldb.Here + ` ELSE w.position END
	FROM logins l LEFT JOIN login_writes w ON w.login_id = l.id AND w.at > now() - interval '5 seconds'
	WHERE l.id = ?), 0)`, Args: []any{login}}
}

// writing keeps the position for a log-in, unless it has ended. Others of the
// log-in may be at it.
const writing = `
WITH here (position) AS MATERIALIZED (SELECT ` + sqldb.Here + `), kept AS (
	INSERT INTO login_writes AS w (login_id, position, at)
	SELECT l.id, here.position, now() FROM logins l, here WHERE l.id = ?
	ON CONFLICT (login_id) DO UPDATE SET position = greatest(w.position, excluded.position), at = excluded.at
)
SELECT position FROM here`

// Written is the position of what has just been committed, which is kept for the
// viewer's log-in. One statement, none of the request's own.
func (s *Service) Written(ctx context.Context) sqldb.Position {
	viewer := From(ctx)
	if viewer == nil {
		return s.db.Reached(ctx, "SELECT "+sqldb.Here)
	}
	return s.db.Reached(ctx, writing, viewer.Login)
}
