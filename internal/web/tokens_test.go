package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"stoa/internal/auth"
	"stoa/internal/web"
)

const whoAmI = "{ it: viewer { id } }"

// forged is a token that says what another does, but for what change makes of
// it, signed by the method and key.
func forged(t *testing.T, token string, change func(jwt.MapClaims), method jwt.SigningMethod, key any) string {
	t.Helper()
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		t.Fatal(err)
	}
	change(claims)
	signed, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func asItIs(jwt.MapClaims) {}

// setting changes one claim, which nil takes away.
func setting(name string, value any) func(jwt.MapClaims) {
	return func(claims jwt.MapClaims) {
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
	}
}

// restarted is a server with other settings over the same database.
func (s *shop) restarted(t *testing.T, o auth.Options) *client {
	t.Helper()
	handler, _ := hushed(t, web.Options{DB: s.db, Auth: s.service(t, o)})
	return &client{handler: handler}
}

func TestTokens(t *testing.T) {
	shared(t, map[string]func(t *testing.T, s *shop){
		"taken":          tokensTaken,
		"refused":        tokensRefused,
		"not stored":     tokensNotStored,
		"tell their end": tokensTellTheirEnd,
	})
}

// tokensTaken: however the scheme is written, and signed by any of the keys.
func tokensTaken(t *testing.T, s *shop) {
	user, _ := s.newcomer(t)
	want := fmt.Sprintf(`{"id":%q}`, user.id)
	for _, scheme := range []string{"Bearer ", "bearer ", "BEARER ", "Bearer  "} {
		s.nobody.send(t.Context(), scheme+user.token, whoAmI, nil).answers(t, want)
	}
	again := forged(t, user.token, asItIs, jwt.SigningMethodHS256, keyOf("k"))
	s.nobody.send(t.Context(), "Bearer "+again, whoAmI, nil).answers(t, want)
	for _, keys := range [][][]byte{{keyOf("n"), keyOf("k")}, {keyOf("n"), keyOf("o"), keyOf("k")}} {
		turned := s.restarted(t, auth.Options{Keys: keys})
		turned.send(t.Context(), "Bearer "+user.token, whoAmI, nil).answers(t, want)
		renewed := turned.begin(t, fmt.Sprintf("refreshToken(token: %q)", user.refresh))
		renewed.do(t, whoAmI, nil).answers(t, want)
		if r := s.nobody.send(t.Context(), "Bearer "+renewed.token, whoAmI, nil); r.status != http.StatusUnauthorized {
			t.Errorf("the second key signs: %s", r.raw)
		}
		user.refresh = renewed.refresh
	}
}

// tokensRefused: the whole request is, whatever it asks for.
func tokensRefused(t *testing.T, s *shop) {
	token, key, hs256 := s.ann.token, keyOf("k"), jwt.SigningMethodHS256
	expired := s.restarted(t, auth.Options{TokenTTL: time.Nanosecond}).logIn(t, "ann@example.com", secret)
	gone := s.ann.logIn(t, "ann@example.com", secret)
	gone.get(t, "mutation { logOut }", nil)
	plain := &client{handler: accepting("application/json", s.handler)}
	dots := strings.Split(token, ".")
	for name, authorization := range map[string]string{
		"another scheme":          "Basic " + token,
		"no scheme":               token,
		"no token":                "Bearer",
		"an empty token":          "Bearer ",
		"a scheme of more":        "Bearers " + token,
		"garbage":                 "Bearer garbage",
		"two tokens":              "Bearer " + token + " " + token,
		"one more letter":         "Bearer " + token + "A",
		"one letter less":         "Bearer " + token[:len(token)-1],
		"no signature":            "Bearer " + dots[0] + "." + dots[1] + ".",
		"another's signature":     "Bearer " + dots[0] + "." + dots[1] + "." + strings.Split(s.bob.token, ".")[2],
		"a refresh token":         "Bearer " + s.ann.refresh,
		"expired":                 "Bearer " + expired.token,
		"expired a second ago":    "Bearer " + forged(t, token, setting("exp", time.Now().Unix()-1), hs256, key),
		"for ever":                "Bearer " + forged(t, token, setting("exp", nil), hs256, key),
		"not yet":                 "Bearer " + forged(t, token, setting("nbf", time.Now().Unix()+1000), hs256, key),
		"alg none":                "Bearer " + forged(t, token, asItIs, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType),
		"alg HS384":               "Bearer " + forged(t, token, asItIs, jwt.SigningMethodHS384, key),
		"alg HS512":               "Bearer " + forged(t, token, asItIs, jwt.SigningMethodHS512, key),
		"an unknown key":          "Bearer " + forged(t, token, asItIs, hs256, keyOf("x")),
		"an empty key":            "Bearer " + forged(t, token, asItIs, hs256, []byte{}),
		"another user's log-in":   "Bearer " + forged(t, token, setting("sub", "1"), hs256, key),
		"nobody's":                "Bearer " + forged(t, token, setting("sub", nil), hs256, key),
		"no log-in's":             "Bearer " + forged(t, token, setting("lid", nil), hs256, key),
		"for no use":              "Bearer " + forged(t, token, setting("use", nil), hs256, key),
		"an ended log-in's":       "Bearer " + gone.token,
		"a deleted user's log-in": "Bearer " + s.deleted(t).token,
	} {
		t.Run(name, func(t *testing.T) {
			for _, document := range []string{whoAmI, "{ __typename }", fmt.Sprintf("mutation { logIn(input: {email: \"ann@example.com\", password: %q}) { token } }", secret)} {
				s.nobody.send(t.Context(), authorization, document, nil).unauthorized(t)
				plain.send(t.Context(), authorization, document, nil).unauthorized(t)
			}
		})
	}
}

// accepting is a handler whose clients all accept the media type.
func accepting(media string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Accept", media)
		h.ServeHTTP(w, r)
	})
}

// deleted is the client of a user who is no more.
func (s *shop) deleted(t *testing.T) *client {
	t.Helper()
	c := s.signUp(t, s.name("gone"))
	c.get(t, fmt.Sprintf("mutation { deleteUser(id: %q) }", c.id), nil)
	return c
}

// unauthorized expects the answer to a request whose token is no good.
func (r *reply) unauthorized(t *testing.T) {
	t.Helper()
	if r.status != http.StatusUnauthorized || !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Bearer") || r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("status %d, %v: %s", r.status, r.header, r.raw)
	}
	if strings.Contains(r.raw, `"data"`) || len(r.Errors) != 1 || r.Errors[0].Extensions.Code != "UNAUTHENTICATED" || r.Errors[0].Message == "" {
		t.Errorf("it says %s", r.raw)
	}
}

// tokensNotStored: no cache keeps what was answered to one, nor one that was answered.
func tokensNotStored(t *testing.T, s *shop) {
	user, _ := s.newcomer(t)
	for _, document := range []string{whoAmI, "{ __typename }", "{", "mutation { logOut }"} {
		if r := user.do(t, document, nil); r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s with a token: %v", document, r.header)
		}
	}
	if r := s.nobody.do(t, fmt.Sprintf("mutation { logIn(input: {email: \"ann@example.com\", password: %q}) { token } }", secret), nil); r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a new token: %v", r.header)
	}
	w := httptest.NewRecorder()
	s.nobody.handler.ServeHTTP(w, httptest.NewRequest("GET", "/graphql?query="+url.QueryEscape(whoAmI), nil))
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-cache" || w.Header().Get("WWW-Authenticate") != "" {
		t.Errorf("without a token: %d %v", w.Code, w.Header())
	}
}

// tokensTellTheirEnd: the payload says what the token says.
func tokensTellTheirEnd(t *testing.T, s *shop) {
	var data struct {
		It struct{ Token, ExpiresAt, RefreshToken string }
	}
	before := time.Now()
	read(t, s.nobody.get(t, fmt.Sprintf("mutation { it: logIn(input: {email: \"ann@example.com\", password: %q}) { token expiresAt refreshToken } }", secret), nil), &data)
	said, err := time.Parse(time.RFC3339Nano, data.It.ExpiresAt)
	if err != nil {
		t.Fatal(err)
	}
	for token, least := range map[string]time.Duration{data.It.Token: time.Hour, data.It.RefreshToken: 24 * time.Hour} {
		claims := jwt.RegisteredClaims{}
		if _, _, err := jwt.NewParser().ParseUnverified(token, &claims); err != nil {
			t.Fatal(err)
		}
		if early := before.Add(least - time.Second); claims.ExpiresAt.Before(early) || claims.ExpiresAt.After(time.Now().Add(least)) {
			t.Errorf("a token ends at %v, issued for %v at %v", claims.ExpiresAt, least, before)
		}
		if token == data.It.Token && !claims.ExpiresAt.Equal(said) {
			t.Errorf("the token ends at %v, the payload says %v", claims.ExpiresAt, said)
		}
	}
}
