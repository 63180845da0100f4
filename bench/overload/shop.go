package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	_ "github.com/lib/pq"
)

// A shop is a database and the program that answers from it.
type shop struct{ program, folder, url string }

func build(ctx context.Context, folder string) (string, error) {
	program := filepath.Join(folder, "stoa")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", program, "stoa")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	return program, cmd.Run()
}

// stoa is the program with the arguments, and settings on top of its defaults.
func (s *shop) stoa(ctx context.Context, settings []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.program, args...)
	cmd.Dir = s.folder
	cmd.Env = append([]string{
		"DATABASE_URL=" + s.url, "JWT_SECRET=a secret for the measurement of 32 bytes and more",
		"PORT=0", "RATE_LIMIT=0", "LOG_FORMAT=json", "LOG_LEVEL=info", "PATH=" + os.Getenv("PATH"),
	}, settings...)
	return cmd
}

// newShop makes a database on the server, and the program that fills it.
func newShop(ctx context.Context, folder, server string, products int) (*shop, error) {
	program, err := build(ctx, folder)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("postgres", server)
	if err != nil {
		return nil, err
	}
	_, err = db.ExecContext(ctx, "CREATE DATABASE shop")
	if err := errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	s := &shop{program, folder, strings.Replace(server, "/postgres?", "/shop?", 1)}
	return s, s.fill(ctx, products)
}

func (s *shop) fill(ctx context.Context, products int) error {
	cmd := s.stoa(ctx, nil, "seed", "--products", fmt.Sprint(products), "--posts", fmt.Sprint(2*products), "--categories", "100", "--users", "1000")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("stoa seed: %w\n%s", err, out)
	}
	return nil
}

// A server is Stoa while it serves.
type server struct {
	cmd    *exec.Cmd
	url    string
	client *http.Client
}

// serve starts Stoa and returns when it listens.
func (s *shop) serve(ctx context.Context, settings ...string) (*server, error) {
	cmd := s.stoa(ctx, settings)
	log, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var line struct{ URL string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.URL != "" {
			go tell(lines)
			transport := &http.Transport{MaxIdleConnsPerHost: 10_000, DisableCompression: true}
			return &server{cmd, line.URL + "/graphql", &http.Client{Transport: transport}}, nil
		}
	}
	return nil, fmt.Errorf("the server does not listen: %v", cmd.Wait())
}

// tell shows what is shed and what is not, as long as the process lives.
func tell(lines *bufio.Scanner) {
	for lines.Scan() {
		if bytes.Contains(lines.Bytes(), []byte("dear queries")) {
			fmt.Fprintln(os.Stderr, time.Now().Format("15:04:05.000"), lines.Text())
		}
	}
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait() // how it ended is not what is measured
}

// dear costs 3,171 points.
var dear = ask(`{ categories(first: 50) { totalCount nodes { name
	products(first: 20) { totalCount stats { priceAvg } nodes { name price } }
	posts(first: 5) { totalCount nodes { title author { username } } } } } }`)

// cheapQueries ask for a product by its id, each for another one.
func (s *server) cheapQueries(n int) (all [][]byte, err error) {
	text, err := s.answer(ask(fmt.Sprintf("{ products(first: %d) { nodes { id } } }", n)))
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data struct {
			Products struct{ Nodes []struct{ ID string } }
		}
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, err
	}
	for _, product := range answer.Data.Products.Nodes {
		all = append(all, ask(fmt.Sprintf("{ product(id: %q) { name price category { name } } }", product.ID)))
	}
	return all, nil
}

func ask(query string) []byte {
	body, _ := json.Marshal(map[string]string{"query": query}) // which it always can
	return body
}
