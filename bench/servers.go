package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"stoa/bench/floor"
)

// A server is one that is measured.
type server struct {
	name string
	*process
	// request is what asks it for a workload with some values, as HTTP sends it.
	request func(w workload, v values) []byte

	noSchema, noWrites bool // what it does not do: w10, w9
	profiled           bool
}

// can says whether the server takes part in a workload. It is Stoa that gives the
// token to write with.
func (b *bench) can(s *server, w workload) bool {
	return !(w.schema && s.noSchema) && !(w.logged && (s.noWrites || b.token == ""))
}

// allServers are those there are, in the order of the report.
var allServers = append([]string{"floor", "stoa"}, peers...)

// start starts the servers that are asked for. All of them stay up to the end; one
// that nobody asks takes nothing.
func (b *bench) start(ctx context.Context) error {
	names := b.only
	if b.options.against != "" {
		names = append(slices.Clone(names), "against")
	}
	for _, name := range names {
		s, err := b.startOne(ctx, name)
		if err != nil {
			return err
		}
		b.servers = append(b.servers, s)
	}
	return nil
}

func (b *bench) startOne(ctx context.Context, name string) (*server, error) {
	switch name {
	case "floor":
		return b.startFloor(ctx)
	case "stoa":
		return b.startStoa(ctx, name, b.stoa)
	case "postgraphile", "mercurius", "apollo":
		return b.startPeer(ctx, name)
	case "against":
		return b.startStoa(ctx, name, b.options.against)
	}
	return nil, fmt.Errorf("there is no server %q: %s", name, strings.Join(allServers, ", "))
}

func (b *bench) stop() {
	for _, p := range b.processes {
		p.stop()
	}
}

// floorCommand has this program be the floor.
const floorCommand = "serve-floor"

func (b *bench) startFloor(ctx context.Context) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p, err := b.launch(ctx, "floor", func(port string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, self, floorCommand)
		cmd.Env = []string{"FLOOR_DRIVER=" + b.database.driver, "FLOOR_SOURCE=" + b.database.source, "FLOOR_KEY=" + secret, "PORT=" + port}
		return cmd
	})
	if err != nil {
		return nil, err
	}
	return &server{name: "floor", process: p, request: b.floorRequest, noSchema: true, noWrites: b.database.driver == "sqlite"}, nil
}

// serveFloor is the floor's process.
func serveFloor(ctx context.Context) error {
	handler, err := floor.New(os.Getenv("FLOOR_DRIVER"), os.Getenv("FLOOR_SOURCE"), []byte(os.Getenv("FLOOR_KEY")))
	if err != nil {
		return err
	}
	return floor.Serve(ctx, "127.0.0.1:"+os.Getenv("PORT"), handler)
}

func (b *bench) floorRequest(w workload, v values) []byte {
	switch w.name {
	case "w1":
		return get(fmt.Sprintf("/w1/%d", v.id))
	case "w3", "w6":
		var ids []string
		for _, id := range v.ids {
			ids = append(ids, strconv.FormatInt(id, 10))
		}
		return get("/" + w.name + "/" + strings.Join(ids, ","))
	case "w4":
		return get(fmt.Sprintf("/w4/%s/%d", v.place.price, v.place.id))
	case "w7":
		return get("/w7/" + v.word)
	case "w8":
		return get("/w8/" + v.min + "/" + v.max + "/" + v.word)
	case "w9":
		return postJSON("/w9", b.token, map[string]any{"title": v.post.title, "content": v.post.content, "categoryId": v.post.category})
	}
	return get("/" + w.name)
}
