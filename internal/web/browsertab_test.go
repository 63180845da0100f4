package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"stoa/internal/dbtest"
)

// browserTab is a page of its own Chromium. When the test ends, any request to another host and
// any error in the console has failed it.
type browserTab struct {
	t    *testing.T
	ctx  context.Context
	host string
	// excused, unless empty, is in the errors that the browser may log.
	excused string

	mu       sync.Mutex
	requests []http.Header // those to /graphql, as the server received them
	faults   []string
}

// openTab serves the handler on loopback and opens / in headless Chromium, which prefers the
// colour scheme: light or dark.
func openTab(t *testing.T, handler http.Handler, scheme string) *browserTab {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		dbtest.Need(t, "no chromium on the path")
	}
	tab := &browserTab{t: t}
	server := httptest.NewServer(tab.recording(handler))
	t.Cleanup(server.Close)
	tab.host = strings.TrimPrefix(server.URL, "http://")

	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.WindowSize(1280, 800),
	)...)
	t.Cleanup(cancel)
	tab.ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Listen(tab.ctx, tab.observe); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		tab.mu.Lock()
		defer tab.mu.Unlock()
		for _, fault := range tab.faults {
			t.Error(fault)
		}
	})
	tab.do(prefer(scheme), chromedp.Navigate(server.URL))
	return tab
}

func prefer(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// recording notes the headers of what is asked at /graphql.
func (tab *browserTab) recording(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/graphql" {
			tab.mu.Lock()
			tab.requests = append(tab.requests, r.Header.Clone())
			tab.mu.Unlock()
		}
		handler.ServeHTTP(w, r)
	})
}

// observe notes what a page must not do.
func (tab *browserTab) observe(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || u.Host != tab.host && u.Scheme != "data" && u.Scheme != "blob" {
			tab.fault("a request elsewhere: %s", e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		tab.fault("an exception: %s %s", e.ExceptionDetails.Text, shown(e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			tab.fault("an error in the console: %s", shown(e.Args...))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && (tab.excused == "" || !strings.Contains(e.Entry.Text, tab.excused)) {
			tab.fault("an error in the log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	}
}

// click clicks the element once a click reaches it: what an earlier step has set in motion may still
// move or cover it.
func (tab *browserTab) click(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		tab.waitFor(fmt.Sprintf(`(e => {
			e?.scrollIntoViewIfNeeded();
			const at = e?.getBoundingClientRect();
			return at && e.contains(document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2));
		})(document.querySelector(%q))`, selector)),
		chromedp.Click(selector),
	)
}

// retype puts the text, key by key, in place of what an editor or a field holds, and waits until it
// is there. Spaces do not count: an editor wraps lines.
func (tab *browserTab) retype(selector, text string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		tab.click(selector),
		tab.waitFor(fmt.Sprintf(`(e => (e.closest('.monaco-editor') ?? e).contains(document.activeElement))(document.querySelector(%q))`, selector)),
		chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)),
		chromedp.KeyEvent(text),
		// Brackets and quotes that an editor has added behind what was typed.
		chromedp.KeyEvent(strings.Repeat(kb.Delete, 4)),
		tab.waitFor(fmt.Sprintf(`(e => (e.value ?? e.innerText).replace(/\s/g, '') === %[2]q.replace(/\s/g, ''))(document.querySelector(%[1]q))`, selector, text)),
	)
}

// inText is a JavaScript condition: the element shows the text. Monaco writes spaces as no-break.
func inText(selector, text string) string {
	return fmt.Sprintf(`document.querySelector(%q)?.innerText.replaceAll('\u00a0', ' ').includes(%q)`, selector, text)
}

// shown is what a console shows of the values.
func shown(values ...*runtime.RemoteObject) string {
	var out []string
	for _, v := range values {
		if v != nil {
			out = append(out, string(v.Value)+v.Description)
		}
	}
	return strings.Join(out, " ")
}

func (tab *browserTab) fault(format string, args ...any) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.faults = append(tab.faults, fmt.Sprintf(format, args...))
}

// sent is the header's value in the last request to /graphql.
func (tab *browserTab) sent(header string) string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return tab.requests[len(tab.requests)-1].Get(header)
}

func (tab *browserTab) do(steps ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	for i, step := range steps {
		if err := chromedp.Do(tab.ctx, step); err != nil {
			tab.screenshot("failed")
			shows, _ := chromedp.Run(tab.ctx, chromedp.Evaluate[string](`document.body.innerText`))
			tab.t.Fatalf("step %d: %v; the page shows %q", i+1, err, shows)
		}
	}
}

// waitFor waits until a JavaScript condition holds; a failure names it.
func (tab *browserTab) waitFor(condition string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Poll[bool](condition, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(time.Minute))(ctx, target)
		if err != nil {
			err = fmt.Errorf("%s: %w", condition, err)
		}
		return chromedp.Void{}, err
	}
}

// holds tells whether a JavaScript condition holds.
func (tab *browserTab) holds(condition string) bool {
	tab.t.Helper()
	holds, err := chromedp.Run(tab.ctx, chromedp.Evaluate[bool](condition))
	if err != nil {
		tab.t.Fatal(err)
	}
	return holds
}

// screenshot keeps what the page looks like in the test's artifacts (go test -artifacts).
func (tab *browserTab) screenshot(name string) {
	tab.t.Helper()
	png, err := chromedp.Run(tab.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		tab.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(tab.t.ArtifactDir(), name+".png"), png, 0o644); err != nil {
		tab.t.Fatal(err)
	}
}
