package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/crypto/bcrypt"

	"stoa/graphiql"
	"stoa/internal/auth"
	"stoa/internal/dbtest"
	"stoa/internal/seed"
	"stoa/internal/sqldb"
)

// demo is Stoa over the demo data, with a page at /.
func demo(t *testing.T, db *sqldb.DB, page http.Handler) http.Handler {
	t.Helper()
	if err := seed.Demo(t.Context(), db, time.Now()); err != nil {
		t.Fatal(err)
	}
	logins, err := auth.New(db, auth.Options{
		Keys: [][]byte{make([]byte, auth.MinKey)}, TokenTTL: time.Hour, RefreshTTL: time.Hour, Cost: bcrypt.MinCost,
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", New(Options{DB: db, Auth: logins, Introspection: true}))
	mux.Handle("/", page)
	return mux
}

// openGraphiQL opens GraphiQL, or skips the test when this binary has none.
func openGraphiQL(t *testing.T, scheme string) *browserTab {
	t.Helper()
	files, built := graphiql.Files()
	if !built {
		dbtest.Need(t, "this binary has no GraphiQL: make graphiql")
	}
	tab := openTab(t, demo(t, dbtest.Open(t, dbtest.SQLite), graphiqlSite(files)), scheme)
	tab.do(graphiqlReady(tab))
	return tab
}

// graphiqlReady waits until the editors and the schema are there.
func graphiqlReady(tab *browserTab) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		chromedp.WaitVisible(`.graphiql-query-editor .view-line`),
		tab.waitFor(`document.querySelectorAll('.graphiql-tab').length > 1`),
		tab.waitFor(`!document.querySelector('.graphiql-spin, .graphiql-spinner')`),
	)
}

const execute = `button[aria-label^="Execute query"]`

// edited changes the query by the action and waits until GraphiQL, which reads an edit only after a
// moment, has it: until then it sends the name of the last one's operation. In the turn in which it
// finds the new name it stores the query.
func (tab *browserTab) edited(change chromedp.Action[chromedp.Void], query string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		chromedp.Evaluate[chromedp.Void](`localStorage.removeItem('graphiql:query')`),
		change,
		tab.waitFor(fmt.Sprintf(`localStorage.getItem('graphiql:query') === %q`, query)),
	)
}

// ask runs a query in GraphiQL and waits for the answer to show the text.
func (tab *browserTab) ask(query, answer string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		tab.edited(tab.retype(`.graphiql-query-editor .view-lines`, query), query),
		tab.click(execute),
		tab.waitFor(inText(`.graphiql-response`, answer)),
	)
}

func TestGraphiQL(t *testing.T) {
	tab := openGraphiQL(t, "light")
	tab.do(
		tab.waitFor(inText(`.graphiql-query-editor`, "query CheapestProducts")),
		tab.click(execute),
		tab.waitFor(inText(`.graphiql-response`, `"price":`)),
	)
	tab.screenshot("example")
	tab.do(
		tab.click(`button[data-name="headers"]`),
		chromedp.WaitVisible(`button[data-name="headers"].active`),
		tab.retype(`.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines`, `{"X-Tried": "yes"}`),
		tab.ask(`{ typed: __typename }`, `"typed": "Query"`),
		tab.click(`button[aria-label="Show Documentation Explorer"]`),
		tab.waitFor(inText(`.graphiql-plugin`, "Mutation")),
	)
	if got := tab.sent("X-Tried"); got != "yes" {
		t.Errorf("what was typed into the header editor was sent as %q", got)
	}
}

const (
	whoAmI      = `{ viewer { username email } }`
	loginPanel  = `.stoa-login`
	loginSubmit = loginPanel + ` form button`
)

// seen runs the example that asks for the viewer, and waits for the answer to show the text.
func (tab *browserTab) seen(answer string) chromedp.Action[chromedp.Void] {
	examples := must(graphiql.Examples())
	i := slices.IndexFunc(examples, func(e graphiql.Example) bool { return e.Title == "Who is logged in" })
	open := fmt.Sprintf(`document.querySelectorAll('.graphiql-tab-button')[%d].click()`, i)
	return chromedp.Steps(
		tab.edited(chromedp.Evaluate[chromedp.Void](open), examples[i].Query),
		tab.click(execute),
		tab.waitFor(inText(`.graphiql-response`, answer)),
	)
}

// signUpBy signs ann up by GraphiQL's panel.
func signUpBy(tab *browserTab) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		tab.click(`button[aria-label="Show Log-in"]`),
		tab.click(loginPanel+` [role="group"] button:last-child`),
		tab.retype(loginPanel+` input[name="username"]`, "ann"),
		tab.retype(loginPanel+` input[name="email"]`, "ann@example.com"),
		tab.retype(loginPanel+` input[name="password"]`, "short"),
		chromedp.KeyEvent("\r"),
		tab.waitFor(inText(loginPanel+` form [role="alert"]`, "8")),
		tab.retype(loginPanel+` input[name="password"]`, "correct horse"),
		chromedp.KeyEvent("\r"),
		tab.waitFor(inText(loginPanel+` [role="status"]`, "Logged in as ann (USER)")),
	)
}

func TestGraphiQLLogsIn(t *testing.T) {
	tab := openGraphiQL(t, "dark")
	tab.do(signUpBy(tab), tab.seen(`"email": "ann@example.com"`))
	tab.screenshot("logged-in")
	tab.do(
		chromedp.Reload(), graphiqlReady(tab),
		tab.waitFor(inText(loginPanel+` [role="status"]`, "Logged in as ann (USER)")),
		tab.click(loginSubmit),
		chromedp.WaitVisible(loginPanel+` input[name="email"]`),
		tab.seen(`"viewer": null`),
	)
	if got := tab.sent("Authorization"); got != "" {
		t.Errorf("after the log-out %q was sent", got)
	}
	tab.do(
		tab.retype(loginPanel+` input[name="email"]`, "Ann@example.com"),
		tab.retype(loginPanel+` input[name="password"]`, "wrong horse"),
		tab.click(loginSubmit),
		chromedp.WaitVisible(loginPanel+` form [role="alert"]`),
	)
	tab.screenshot("refused")
	tab.do(
		tab.retype(loginPanel+` input[name="password"]`, "correct horse"),
		tab.click(loginSubmit),
		tab.waitFor(inText(loginPanel+` [role="status"]`, "Logged in as ann (USER)")),
		tab.seen(`"username": "ann"`),
	)
}

// TestGraphiQLSubscribes: an event is shown as it happens, and the next in its
// place.
func TestGraphiQLSubscribes(t *testing.T) {
	const query = `subscription { postAdded { title author { email } } }`
	tab := openGraphiQL(t, "light")
	tab.do(
		signUpBy(tab),
		tab.click(`button[aria-label="Hide Log-in"]`),
		tab.edited(tab.retype(`.graphiql-query-editor .view-lines`, query), query),
		tab.click(execute),
	)
	for _, title := range []string{"First", "Second"} {
		for n := 0; !tab.holds(inText(`.graphiql-response`, `"title": "`+title+`"`)); n++ {
			if n == 100 {
				t.Fatalf("the page shows no event of %s", title)
			}
			tab.post(`mutation { createPost(input: { title: "` + title + `", content: "x" }) { id } }`)
		}
	}
	tab.do(tab.waitFor(inText(`.graphiql-response`, `"email": "ann@example.com"`)))
	tab.screenshot("event")
}

// TestGraphiQLRenewsTheToken that is about to end, and the one that is refused;
// a log-in that is over is forgotten.
func TestGraphiQLRenewsTheToken(t *testing.T) {
	tab := openGraphiQL(t, "light")
	tab.excused = "status of 401"
	tab.do(signUpBy(tab))
	first := tab.token()
	tab.do(kept(`ends = 0`), chromedp.Reload(), graphiqlReady(tab), tab.seen(`"username": "ann"`))
	second := tab.token()
	if second == first || tab.sent("Authorization") != "Bearer "+second {
		t.Error("the token that was about to end was not renewed")
	}
	tab.do(kept(`token = 'spoilt'`), chromedp.Reload(), graphiqlReady(tab), tab.seen(`"username": "ann"`))
	if third := tab.token(); third == second || third == "spoilt" {
		t.Error("the token that was refused was not renewed")
	}
	tab.post(`mutation { logOut }`) // as if elsewhere
	tab.do(
		tab.seen(`"UNAUTHENTICATED"`),
		tab.waitFor(inText(loginPanel+` > [role="alert"]`, "Your log-in has ended")),
		tab.seen(`"viewer": null`),
	)
	tab.screenshot("ended")
}

// kept is a change to what the tab keeps of the log-in.
func kept(change string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`{
		const login = JSON.parse(sessionStorage.getItem('stoa.session'));
		login.` + change + `;
		sessionStorage.setItem('stoa.session', JSON.stringify(login));
	}`)
}

// token is the one that the tab keeps.
func (tab *browserTab) token() string {
	tab.t.Helper()
	text, err := chromedp.Run(tab.ctx, chromedp.Evaluate[string](`sessionStorage.getItem('stoa.session')`))
	if err != nil {
		tab.t.Fatal(err)
	}
	var login struct{ Token string }
	if err := json.Unmarshal([]byte(text), &login); err != nil {
		tab.t.Fatal(err)
	}
	return login.Token
}

// post sends a document with the tab's token, past the tab.
func (tab *browserTab) post(document string) {
	tab.t.Helper()
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		tab.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(tab.ctx, http.MethodPost, "http://"+tab.host+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		tab.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+tab.token())
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		tab.t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		tab.t.Fatal(response.Status, err)
	}
}

func TestSmallPage(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			browseSmallPage(t, openTab(t, demo(t, dbtest.Open(t, dbtest.SQLite), smallSite()), scheme))
		})
	}
}

func browseSmallPage(t *testing.T, tab *browserTab) {
	const run, result = `#request > button`, `#result`
	tab.do(
		tab.waitFor(`document.querySelector('#query').value.includes('query CheapestProducts')`),
		tab.click(run),
		tab.waitFor(inText(result, `"price":`)),
		tab.click(`#examples li:nth-child(2) button`),
		tab.click(run),
		tab.waitFor(inText(result, `"categories":`)),
	)
	tab.screenshot("example")
	tab.do(
		tab.retype(`#query`, `mutation { signUp(input: { username: "ann", email: "ann@example.com", password: "correct horse" }) { user { username } } }`),
		tab.click(run),
		tab.waitFor(inText(result, `"username": "ann"`)),
		tab.retype(`#query`, whoAmI),
		tab.click(run),
		tab.waitFor(inText(result, `"viewer": null`)),
		tab.retype(`#email`, "ann@example.com"),
		tab.retype(`#password`, "wrong horse"),
		chromedp.KeyEvent("\r"),
		tab.waitFor(`document.querySelector('#login-said').innerText !== ''`),
		tab.retype(`#password`, "correct horse"),
		chromedp.KeyEvent("\r"),
		tab.waitFor(inText(`#login-said`, "Logged in as ann (USER)")),
		tab.click(run),
		tab.waitFor(inText(result, `"email": "ann@example.com"`)),
	)
	tab.screenshot("logged-in")
	if got := tab.sent("Authorization"); !strings.HasPrefix(got, "Bearer ") {
		t.Errorf("the token was sent as %q", got)
	}
}
