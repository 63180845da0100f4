package web

import (
	"maps"
	"net/http"
)

// apiPolicy is for answers that are no page: shown in a browser, they load, run and frame nothing.
const apiPolicy = "default-src 'none'; frame-ancestors 'none'"

// security is what every answer tells browsers: to take it for what its type says, to keep it from
// other sites' pages but where CORS lets them read it, and to tell no other site where they have
// been. A page has a policy of its own. Strict-Transport-Security is for who speaks TLS, in front
// of Stoa.
var security = http.Header{
	"X-Content-Type-Options":       {"nosniff"},
	"Content-Security-Policy":      {apiPolicy},
	"X-Frame-Options":              {"DENY"}, // frame-ancestors, for older browsers
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Referrer-Policy":              {"no-referrer"},
}

func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), security)
		next.ServeHTTP(w, r)
	})
}
