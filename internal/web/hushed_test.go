package web_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"stoa/graph"
	"stoa/internal/web"
)

// hushed is Stoa that logs all there is to log about every request. When the
// test ends, none of the passwords that it was sent, of the tokens that it gave
// and of what looks like one is in a line of the log, nor that a request sent more
// statements than planned.
func hushed(t *testing.T, o web.Options) (site, *keptLog) {
	h := &hush{secrets: map[string]bool{}}
	o.Log = slog.New(web.LogHandler(slog.NewTextHandler(&h.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	o.SlowQuery = 1 // all are slow
	h.next = web.New(o)
	t.Cleanup(func() { h.check(t) })
	return h, &h.log
}

type hush struct {
	next *web.Site
	log  keptLog

	mu      sync.Mutex
	secrets map[string]bool
}

var (
	// sentSecret is a password in the body of a request, one long enough to be
	// told from any other word.
	sentSecret = regexp.MustCompile(`password\\?"?:\s*\\?"([^"\\]{8,})`)
	// givenSecret is a token in an answer.
	givenSecret = regexp.MustCompile(`"(?:token|refreshToken)":"([^"]+)"`)
	// secretive is what tokens, hashes and the users' password look like.
	secretive = regexp.MustCompile(`eyJ|\$2[aby]\$|` + secret)
)

// Close ends what lasts.
func (h *hush) Close() { h.next.Close() }

func (h *hush) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "" || r.Header.Get("Accept") == "text/event-stream" { // what lasts is not kept
		h.next.ServeHTTP(w, r)
		return
	}
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(sent))
	answer := httptest.NewRecorder()
	h.next.ServeHTTP(answer, r)
	h.keep(sentSecret, sent)
	h.keep(givenSecret, answer.Body.Bytes())
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

func (h *hush) keep(pattern *regexp.Regexp, text []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, found := range pattern.FindAllSubmatch(text, -1) {
		h.secrets[string(found[1])] = true
	}
}

func (h *hush) check(t *testing.T) {
	log := h.log.String()
	delete(h.secrets, "password") // as a word that a log may well hold
	for hidden := range h.secrets {
		if at := strings.Index(log, hidden); at >= 0 {
			t.Errorf("the log holds %s: %s", hidden, log[max(0, at-300):min(len(log), at+300)])
		}
	}
	if at := secretive.FindStringIndex(log); at != nil {
		t.Errorf("the log holds a secret: %s", log[max(0, at[0]-300):min(len(log), at[1]+300)])
	}
	if at := strings.Index(log, graph.MoreThanPlanned); at >= 0 {
		t.Errorf("the log says: %s", log[at:min(len(log), at+300)])
	}
	if len(h.secrets) > 0 && !strings.Contains(log, "slow request") {
		t.Error("nothing was logged")
	}
}
