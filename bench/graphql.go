package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
)

// get is a request for a path.
func get(path string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n")
}

// postJSON is a request with a JSON body; the token may be "".
func postJSON(path, token string, body any) []byte {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // of maps and strings
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n", path)
	fmt.Fprintf(&b, "Accept: application/graphql-response+json, application/json;q=0.9\r\nContent-Length: %d\r\n", len(text))
	if token != "" {
		fmt.Fprintf(&b, "Authorization: Bearer %s\r\n", token)
	}
	b.WriteString("\r\n")
	b.Write(text)
	return b.Bytes()
}

// ask sends one request on a connection of its own, and returns the body.
func (p *process) ask(request []byte) ([]byte, error) {
	conn, err := net.Dial("tcp", p.address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	var body bytes.Buffer
	if err := exchange(conn, bufio.NewReader(conn), request, &body); err != nil {
		return nil, fmt.Errorf("%w\nrequest: %.3000s\nanswer: %.3000s", err, request, body.Bytes())
	}
	return body.Bytes(), nil
}

// graphql is how a GraphQL server is asked.
type graphql struct {
	bench *bench // whose token is sent with what writes
	path  string
	// documents are the workloads' by name, where the server's schema is not like Stoa's.
	documents map[string]string
	// How the server calls rows, where it has names of its own for them.
	ids     map[string]map[int64]string // by kind, then by key
	cursors map[place]string
}

func (g *graphql) request(w workload, v values) []byte {
	document := w.document
	if d, ok := g.documents[w.name]; ok {
		document = d
	}
	body := map[string]any{"query": document}
	if variables := g.variables(w, v); variables != nil {
		body["variables"] = variables
	}
	token := ""
	if w.logged {
		token = g.bench.token
	}
	return postJSON(g.path, token, body)
}

func (g *graphql) variables(w workload, v values) map[string]any {
	switch w.name {
	case "w1":
		return map[string]any{"id": g.id("products", v.id)}
	case "w3", "w6":
		kind := map[string]string{"w3": "categories", "w6": "users"}[w.name]
		var ids []string
		for _, key := range v.ids {
			ids = append(ids, g.id(kind, key))
		}
		return map[string]any{"ids": ids}
	case "w4":
		return map[string]any{"after": g.cursors[v.place]}
	case "w7":
		return map[string]any{"search": v.word}
	case "w8":
		return map[string]any{"min": v.min, "max": v.max, "name": v.word}
	case "w9":
		return map[string]any{"input": map[string]any{
			"title": v.post.title, "content": v.post.content, "categoryId": g.id("categories", v.post.category)}}
	}
	return nil
}

// id is what the server calls a row.
func (g *graphql) id(kind string, key int64) string {
	if ids, ok := g.ids[kind]; ok {
		return ids[key]
	}
	return strconv.FormatInt(key, 10)
}

// aliases asks for so many fields at once.
const aliases = 50

// learn asks the server for a field for each of the keys, and returns the string
// in each answer: the only one under a key that is called name.
func learn[K comparable](p *process, g *graphql, keys []K, name string, field func(K) string) (map[K]string, error) {
	found := map[K]string{}
	for some := range slices.Chunk(keys, aliases) {
		var document strings.Builder
		document.WriteString("{")
		for i, key := range some {
			fmt.Fprintf(&document, " a%d: %s", i, field(key))
		}
		document.WriteString(" }")
		text, err := p.ask(postJSON(g.path, "", map[string]any{"query": document.String()}))
		if err != nil {
			return nil, err
		}
		var answer struct{ Data map[string]any }
		if err := json.Unmarshal(text, &answer); err != nil {
			return nil, err
		}
		for i, key := range some {
			if found[key] = only(answer.Data[fmt.Sprint("a", i)], name); found[key] == "" {
				return nil, fmt.Errorf("nothing for %v: %s", key, field(key))
			}
		}
	}
	return found, nil
}

// only is the string under the name, somewhere in the value.
func only(v any, name string) string {
	switch v := v.(type) {
	case map[string]any:
		if s, ok := v[name].(string); ok {
			return s
		}
		for _, inner := range v {
			if s := only(inner, name); s != "" {
				return s
			}
		}
	case []any:
		for _, inner := range v {
			if s := only(inner, name); s != "" {
				return s
			}
		}
	}
	return ""
}
