package web_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stoa/internal/dbtest"
	"stoa/internal/relay"
	"stoa/internal/sqldb"
)

// permission is who may send a mutation.
type permission int

const (
	anyone permission = iota
	loggedIn
	owner // or an admin
	adminOnly
)

// mutationCase is a mutation field and what it answers to one who may: data or
// faults. In all of it <product> and its like stand for ids; what is named is
// made for the case.
type mutationCase struct {
	name   string
	field  string
	data   string
	faults []string
}

func accepted(name, field, data string) mutationCase { return mutationCase{name, field, data, nil} }

func refused(name, field string, faults ...string) mutationCase {
	return mutationCase{name, field, "", faults}
}

type mutationCases struct {
	mutation string
	may      permission
	cases    []mutationCase
}

func allMutations() []mutationCases {
	return slices.Concat(productMutations(), productLists(), categoryMutations(), userMutations(), accountMutations(), postMutations(), likeMutations())
}

// TestMutations sends every case as nobody, as the user whose the things are,
// as another user and as an admin.
func TestMutations(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := newShop(t, db)
		for _, all := range allMutations() {
			for i, c := range all.cases {
				t.Run(fmt.Sprintf("%s/%d %.40s", all.mutation, i, c.name), func(t *testing.T) {
					for _, who := range []string{"nobody", "user", "other", "admin"} {
						s.play(t, who, all.may, c)
					}
				})
			}
		}
	})
}

// TestMutationsAreAllTested: the schema has no mutation that the cases leave out.
func TestMutationsAreAllTested(t *testing.T) {
	s := newShop(t, dbtest.Open(t, dbtest.SQLite))
	var data struct {
		Schema struct {
			MutationType struct{ Fields []struct{ Name string } }
		} `json:"__schema"`
	}
	read(t, s.nobody.get(t, "{ __schema { mutationType { fields { name } } } }", nil), &data)
	tested := map[string]bool{}
	for _, all := range allMutations() {
		tested[all.mutation] = true
		for _, c := range all.cases {
			if !strings.HasPrefix(c.field, all.mutation) {
				t.Errorf("%s has the case %.80s", all.mutation, c.field)
			}
		}
	}
	for _, field := range data.Schema.MutationType.Fields {
		if !tested[field.Name] {
			t.Errorf("%s is not tested", field.Name)
		}
	}
}

// play sends a case as somebody.
func (s *shop) play(t *testing.T, who string, may permission, c mutationCase) {
	t.Helper()
	fault := c.refusal(who, may)
	in := &scene{shop: s, t: t, ids: map[string]string{}}
	switch {
	case fault == "UNAUTHENTICATED" || fault == "FORBIDDEN" && may == adminOnly:
		in.barren = true
	case fault != "" || len(c.faults) > 0:
		in = s.refusing
		in.t = t
	}
	field := in.fill(c.field)
	viewer := map[string]*client{"nobody": s.nobody, "user": s.ann, "other": s.bob, "admin": s.admin}[who]
	if who == "user" && strings.Contains(c.field, "<member>") && !in.barren {
		viewer = in.member
	}
	answer := viewer.do(t, "mutation { it: "+field+" }", nil)
	failed := t.Failed()
	switch {
	case fault != "":
		answer.refuses(t, fault)
	case len(c.faults) > 0:
		answer.refuses(t, in.fillAll(c.faults)...)
	default:
		answer.answers(t, in.fill(c.data))
	}
	if !failed && t.Failed() {
		t.Errorf("as %s: %.500s", who, field)
	}
}

// refusal is the code by which somebody is refused for who they are, "" if they
// are not. An input that is wrong, or about nothing, comes before ownership.
func (c mutationCase) refusal(who string, may permission) string {
	wrong := len(c.faults) > 0 && !strings.HasPrefix(c.faults[0], "CONFLICT")
	absent := c.data == "null" || c.data == "false"
	switch {
	case may == anyone || who == "admin":
		return ""
	case who == "nobody":
		return "UNAUTHENTICATED"
	case may == adminOnly, may == owner && who == "other" && !wrong && !absent:
		return "FORBIDDEN"
	}
	return ""
}

// scene is what one case is played with, or all that are refused: what they
// leave behind is as it was.
type scene struct {
	*shop
	t      *testing.T
	ids    map[string]string
	member *client
	barren bool // nothing is made: what is named is not there
}

func (s *scene) fillAll(texts []string) []string {
	filled := make([]string, len(texts))
	for i, text := range texts {
		filled[i] = s.fill(text)
	}
	return filled
}

// placeholder is a name that stands for an id.
var placeholder = regexp.MustCompile(`<[a-z ]+>`)

// fill puts ids, and names that are new, in their places.
func (s *scene) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		if s.ids[name] == "" {
			s.ids[name] = s.id(name)
		}
		return s.ids[name]
	})
}

func (s *scene) id(name string) string {
	if kind := map[string]string{
		"<product>": "Product", "<second product>": "Product", "<category>": "Category", "<post>": "Post", "<member>": "User",
	}[name]; kind != "" && s.barren {
		return nothing(kind)
	}
	switch name {
	case "<product>", "<second product>":
		return s.product(s.t)
	case "<category>":
		return s.category(s.t)
	case "<post>":
		return s.post(s.t)
	case "<member>":
		s.member = s.signUp(s.t, s.name("member"))
		return s.member.id
	case "<refresh>":
		return s.ann.logIn(s.t, "ann@example.com", secret).refresh
	case "<shelf>":
		return s.shelf
	case "<bob>":
		return s.bob.id
	case "<no product>", "<no category>", "<no post>", "<no user>":
		kind := strings.TrimSuffix(strings.TrimPrefix(name, "<no "), ">")
		return nothing(strings.ToUpper(kind[:1]) + kind[1:])
	case "<other product>": // which is not there either
		return string(relay.NewID("Product", 1<<41))
	case "<new>", "<newer>":
		return s.name("new")
	case "<name of three>":
		s.made++
		return fmt.Sprintf("%03d", s.made%1000)
	case "<name of thirty>":
		return pad(s.name("long"), 30, "_")
	case "<name of sixty four>":
		return pad(s.name("long"), 64, ".")
	case "<name of a hundred>":
		return pad(s.name("long"), 100, "𝒳")
	case "<mail of most>":
		return pad(s.name("long"), 60, "x") + "@" + strings.Repeat(pad("", 60, "y")+".", 3) + "example.de"
	}
	s.t.Fatalf("the case names %s", name)
	return ""
}

// pad makes a text as long as that.
func pad(text string, length int, with string) string {
	return text + strings.Repeat(with, length-len(text))
}

// quoted is a text as a literal.
func quoted(text string) string {
	var literal strings.Builder
	encoder := json.NewEncoder(&literal)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // texts always can
	return strings.TrimSuffix(literal.String(), "\n")
}
