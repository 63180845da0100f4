package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// secret signs the tokens of all servers.
const secret = "a secret for the benchmark of 32 bytes and more"

// buildStoa builds the program as `make build` does. For profiles, a file that is
// no part of Stoa is compiled in.
func buildStoa(ctx context.Context, folder string, profiled bool) (string, error) {
	path := filepath.Join(folder, "stoa")
	args := []string{"build", "-trimpath", "-ldflags", "-s -w", "-o", path}
	if profiled {
		overlay, err := hookOverlay(folder)
		if err != nil {
			return "", err
		}
		args = []string{"build", "-overlay", overlay, "-o", path}
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "stoa")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	note("building Stoa")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
}

// stoaEnv are Stoa's settings: its defaults, but that no client runs out of points or is
// refused for the load.
func (d *database) stoaEnv(port string) []string {
	return []string{
		"DATABASE_URL=" + d.url, "JWT_SECRET=" + secret, "RATE_LIMIT=1000000000", "SHEDDING=false", "DEMO=false", "PORT=" + port,
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"),
	}
}

func (b *bench) startStoa(ctx context.Context, name, program string) (*server, error) {
	p, err := b.launch(ctx, name, func(port string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, program)
		cmd.Env = b.database.stoaEnv(port)
		if b.profiles != "" {
			cmd.Env = append(cmd.Env, hookVariable+"="+b.hookSocket(name))
		}
		return cmd
	})
	if err != nil {
		return nil, err
	}
	g := &graphql{bench: b, path: "/graphql"}
	if b.token == "" {
		if b.token, err = tokenOf(p); err != nil {
			return nil, err
		}
	}
	if err := b.learnStoa(p, g); err != nil {
		return nil, err
	}
	return &server{name: name, process: p, request: g.request, profiled: name == "stoa"}, nil
}

// poster is the name of the user that creates posts.
const poster = "bench"

// tokenOf is a token of the user that creates posts, whom it makes unless an
// earlier run has. It says who that is in "sub", so that the other servers take it.
func tokenOf(p *process) (string, error) {
	const password = "a password for the bench"
	token, err := authenticate(p, "signUp", map[string]string{"username": poster, "email": poster + "@stoa.example", "password": password})
	if err != nil {
		token, err = authenticate(p, "logIn", map[string]string{"email": poster + "@stoa.example", "password": password})
	}
	return token, err
}

// authenticate asks for the field, signUp or logIn.
func authenticate(p *process, field string, input map[string]string) (string, error) {
	document := fmt.Sprintf("mutation($input: %s%sInput!) { %s(input: $input) { token } }", strings.ToUpper(field[:1]), field[1:], field)
	text, err := p.ask(postJSON("/graphql", "", map[string]any{"query": document, "variables": map[string]any{"input": input}}))
	if err != nil {
		return "", err
	}
	var answer struct {
		Data map[string]struct{ Token string }
	}
	err = json.Unmarshal(text, &answer)
	return answer.Data[field].Token, err
}

// learnStoa asks for the ids and cursors of all that the cases name.
func (b *bench) learnStoa(p *process, g *graphql) error {
	products, err := learn(p, g, b.namedProducts(), "id", func(n named) string {
		return fmt.Sprintf("products(first: 1, filter: { sku: %q }) { nodes { id } }", n.name)
	})
	if err != nil {
		return err
	}
	users, err := learn(p, g, b.rows.users, "id", func(n named) string {
		return fmt.Sprintf("users(first: 1, filter: { username: %q }) { nodes { id } }", n.name)
	})
	if err != nil {
		return err
	}
	categories, err := stoaCategories(p, b.rows.categories)
	if err != nil {
		return err
	}
	g.ids = map[string]map[int64]string{"products": byKey(products), "users": byKey(users), "categories": byKey(categories)}
	g.cursors, err = learn(p, g, b.places(), "cursor", stoaCursor)
	return err
}

// stoaCursor asks for the first product of a price.
func stoaCursor(at place) string {
	return fmt.Sprintf("products(first: 1, filter: { priceMin: %q }, sortBy: { field: PRICE }) { edges { cursor } }", at.price)
}

// stoaCategories asks for all of them, of which there are no more than a page holds.
func stoaCategories(p *process, all []named) (map[named]string, error) {
	text, err := p.ask(postJSON("/graphql", "", map[string]any{"query": "{ categories(first: 100) { nodes { id name } } }"}))
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data struct {
			Categories struct{ Nodes []struct{ ID, Name string } }
		}
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, err
	}
	byName := map[string]string{}
	for _, c := range answer.Data.Categories.Nodes {
		byName[c.Name] = c.ID
	}
	found := map[named]string{}
	for _, n := range all {
		found[n] = byName[n.name]
	}
	return found, nil
}

func byKey(ids map[named]string) map[int64]string {
	keyed := map[int64]string{}
	for n, id := range ids {
		keyed[n.id] = id
	}
	return keyed
}
