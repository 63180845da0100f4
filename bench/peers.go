package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"stoa/bench/floor"
)

// peers are the folders below bench/peers of those that Stoa is measured beside,
// each a program of Node.js that is set up as its makers say.
var peers = []string{"postgraphile", "mercurius", "apollo"}

// installPeers has npm bring what they are made of, Node.js included, unless that
// is there: the lock file has the versions.
func installPeers(ctx context.Context, folder string) error {
	lock, err := os.Stat(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		return err
	}
	if there, err := os.Stat(filepath.Join(folder, "node_modules", ".package-lock.json")); err == nil && there.ModTime().After(lock.ModTime()) {
		return nil
	}
	note("installing the peers: npm ci in %s", folder)
	cmd := exec.CommandContext(ctx, "npm", "ci", "--no-fund", "--no-audit")
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return nil
}

func peersFolder() (string, error) {
	root, err := moduleRoot()
	return filepath.Join(root, "bench", "peers"), err
}

func (b *bench) startPeer(ctx context.Context, name string) (*server, error) {
	folder, err := peersFolder()
	if err != nil {
		return nil, err
	}
	if err := installPeers(ctx, folder); err != nil {
		return nil, err
	}
	schema, err := b.writeSchema(ctx)
	if err != nil {
		return nil, err
	}
	if name == "postgraphile" {
		functions, err := os.ReadFile(filepath.Join(folder, name, "functions.sql"))
		if err := errors.Join(err, b.database.do(ctx, string(functions))); err != nil {
			return nil, err
		}
	}
	p, err := b.launch(ctx, name, func(port string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, filepath.Join(folder, "node_modules", "node", "bin", "node"), filepath.Join(folder, name, "server.js"))
		cmd.Env = []string{
			"NODE_ENV=production", "DATABASE_URL=" + b.database.url, "JWT_SECRET=" + secret, "PORT=" + port, "SCHEMA=" + schema,
			fmt.Sprintf("POOL=%d", floor.Connections()),
		}
		return cmd
	})
	if err != nil {
		return nil, err
	}
	g := &graphql{bench: b, path: "/graphql"}
	if name == "apollo" {
		g.path = "/"
	}
	cursorOf := stoaCursor
	if name == "postgraphile" {
		g.documents, cursorOf = postgraphile, postgraphileCursor
	}
	if g.cursors, err = learn(p, g, b.places(), "cursor", cursorOf); err != nil {
		return nil, err
	}
	return &server{name: name, process: p, request: g.request}, nil
}

// writeSchema has Stoa print its schema: Mercurius and Apollo take the same one.
func (b *bench) writeSchema(ctx context.Context) (string, error) {
	path := filepath.Join(b.folder, "schema.graphql")
	cmd := exec.CommandContext(ctx, b.stoa, "schema")
	cmd.Env = b.database.stoaEnv("0")
	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("stoa schema: %w", err)
	}
	return path, os.WriteFile(path, text, 0o600)
}
