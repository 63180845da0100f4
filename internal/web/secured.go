package web

import "net/http"

// apiPolicy is for answers that are no page: shown in a browser, they load, run and frame nothing.
const apiPolicy = "default-src 'none'; frame-ancestors 'none'"

// secured tells browsers, with every answer, to take it for what its type says, to keep it from
// other sites' pages but where CORS lets them read it, and to tell no other site where they have
// been. A page has a policy of its own. Strict-Transport-Security is for who speaks TLS, in front
// of Stoa.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", apiPolicy)
		h.Set("X-Frame-Options", "DENY") // frame-ancestors, for older browsers
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}
