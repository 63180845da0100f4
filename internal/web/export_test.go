package web

import "time"

// Hurry has sockets wait for a greeting, and ping, for that long.
func (s *Site) Hurry(greeting, ping time.Duration) { s.graphQL.paces = paces{greeting, ping} }
