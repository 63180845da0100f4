package main

import (
	"fmt"
	"maps"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestDeployed starts what deploy/compose.yaml does, from the same files: a
// primary and its replica, two instances of Stoa, and nginx in front of them.
func TestDeployed(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	primary := c.startPrimary(t)
	c.startReplica(t)
	d := &deployed{secrets: c.secrets(t)}
	settings := append(readCompose(t).settings("stoa-1", d.secrets, "127.0.0.1"), "RATE_LIMIT=100")
	one, two := serve(t, settings...), serve(t, settings...)
	d.proxy = "http://" + proxied(t, strings.TrimPrefix(one.url, "http://"), strings.TrimPrefix(two.url, "http://"))

	t.Run("budgets are shared", d.budgets)
	t.Run("what was written is found", d.ownWrites)
	t.Run("operators are served apart", func(t *testing.T) {
		for _, path := range []string{"/metrics", "/readyz", "/debug/pprof/"} {
			if status, _ := get(t, d.proxy+path); status != http.StatusNotFound {
				t.Errorf("%s has status %d", path, status)
			}
		}
	})
	t.Run("nobody notices that an instance stops", func(t *testing.T) {
		if err := one.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		one.end(t, 0)
		for range 10 {
			if answer := d.ask(t, "127.0.0.5", "{ __typename }", nil); answer.status != http.StatusOK {
				t.Errorf("got %v", answer)
			}
		}
	})
	t.Run("the replica answers when the primary stops", func(t *testing.T) { d.primaryStops(t, primary) })
}

// deployed is the address of all together, and the folder of their secrets.
type deployed struct{ proxy, secrets string }

// ask asks as a client at the address, who claims to be elsewhere.
func (d *deployed) ask(t *testing.T, address, query string, header http.Header) answer {
	t.Helper()
	claiming := http.Header{"X-Forwarded-For": {fmt.Sprintf("10.0.0.%d", len(query)%250)}}
	maps.Copy(claiming, header)
	got, err := post(from(t, address), d.proxy, query, claiming)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Each client has a budget of its own, on both instances together, whatever it
// writes into its requests.
func (d *deployed) budgets(t *testing.T) {
	const dear = "{ products(first: 80) { nodes { id } } }" // 81 points
	for client, want := range map[string][]int{"127.0.0.2": {200, 429}, "127.0.0.3": {200, 429}} {
		for i, status := range want {
			if got := d.ask(t, client, dear+strings.Repeat(" ", i), nil); got.status != status {
				t.Errorf("%s: request %d: %v, want %d", client, i, got, status)
			}
		}
	}
	// More than nginx keeps in memory.
	if got := d.ask(t, "127.0.0.4", "{ __typename }"+strings.Repeat(" ", 200_000), nil); got.status != http.StatusOK {
		t.Errorf("a long request has %v", got)
	}
}

// logIn is the header of the admin's requests.
func (d *deployed) logIn(t *testing.T) http.Header {
	t.Helper()
	password := readFile(t, filepath.Join(d.secrets, "admin_password"))
	got := d.ask(t, "127.0.0.6", fmt.Sprintf(`mutation { logIn(input: {email: "admin@stoa.example", password: %q}) { token } }`, strings.TrimSpace(string(password))), nil)
	_, rest, _ := strings.Cut(got.text, `"token":"`)
	token, _, found := strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("no log-in: %v", got)
	}
	return http.Header{"Authorization": {"Bearer " + token}}
}

func (d *deployed) ownWrites(t *testing.T) {
	made := d.ask(t, "127.0.0.6", `mutation { createCategory(input: {name: "Deployed"}) { id } }`, d.logIn(t))
	token := made.header.Get("Stoa-Consistency")
	if made.status != http.StatusOK || token == "" {
		t.Fatalf("nothing was written: %v", made)
	}
	found := d.ask(t, "127.0.0.7", `{ categories { nodes { name } } }`, http.Header{"Stoa-Consistency": {token}})
	if !strings.Contains(found.text, "Deployed") {
		t.Errorf("what was written is not found: %v", found)
	}
}

// primaryStops: what is told then, only the replica can know.
func (d *deployed) primaryStops(t *testing.T, primary *exec.Cmd) {
	header := d.logIn(t)
	if err := primary.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Millisecond) {
		got := d.ask(t, "127.0.0.8", `{ categories(first: 1) { nodes { name } } }`, nil)
		if got.header.Get("Stoa-Stale") == "true" && strings.Contains(got.text, "Deployed") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the replica does not answer: %v", got)
		}
	}
	if got := d.ask(t, "127.0.0.6", `mutation { createCategory(input: {name: "Lost"}) { id } }`, header); got.status != http.StatusServiceUnavailable {
		t.Errorf("without a primary a mutation is answered with %v", got)
	}
}
