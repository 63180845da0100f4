package web

import (
	"net/http"

	"github.com/rs/cors"
)

// shared lets the pages of other sites ask. A page that may not gets no answer
// that it could read; whoever is no page needs no leave.
func shared(origins, methods []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: methods,
		AllowedHeaders: []string{"*"},
		ExposedHeaders: []string{
			"X-Request-Id", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "WWW-Authenticate",
			consistency, "Stoa-Stale", replayed, dryRun, "Link", "Location", "ETag",
		},
		MaxAge: 600, // seconds
	}).Handler(next)
}
