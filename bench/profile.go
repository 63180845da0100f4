package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// hook is a file of package main that serves net/http/pprof on a socket. It is
// compiled into the Stoa that profiles are taken of, and no part of Stoa.
//
//go:embed hook.go.txt
var hook []byte

// hookVariable names the socket to the hook.
const hookVariable = "STOA_BENCH_PROFILES"

// hookOverlay is what go build is to take for files that are not there.
func hookOverlay(folder string) (string, error) {
	file, overlay := filepath.Join(folder, "hook.go"), filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(file, hook, 0o600); err != nil {
		return "", err
	}
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "benchhook.go"): file}})
	if err != nil {
		return "", err
	}
	return overlay, os.WriteFile(overlay, text, 0o600)
}

func (b *bench) hookSocket(name string) string { return filepath.Join(b.folder, name+".sock") }

// profile writes DIR/SERVER-WORKLOAD.cpu.pprof and .allocs.pprof of what Stoa does
// under the load: where its time goes, and what it allocates.
func (c *contest) profile(ctx context.Context) error {
	if c.profiles == "" || !c.server.profiled {
		return nil
	}
	client := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return net.Dial("unix", c.hookSocket(c.server.name))
	}}}
	seconds := max(1, int(c.seconds.Seconds()))
	for kind, path := range map[string]string{"cpu": "profile", "allocs": "allocs"} {
		driven := make(chan error, 1)
		go func() {
			_, err := c.drive(connections, time.Duration(seconds+1)*time.Second)
			driven <- err
		}()
		name := fmt.Sprintf("%s-%s.%s.pprof", c.server.name, c.workload.name, kind)
		err := fetch(ctx, client, fmt.Sprintf("http://stoa/debug/pprof/%s?seconds=%d", path, seconds), filepath.Join(c.profiles, name))
		if err := errors.Join(err, <-driven); err != nil {
			return err
		}
	}
	return nil
}

func fetch(ctx context.Context, client *http.Client, url, file string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s", url, response.Status, text)
	}
	return os.WriteFile(file, text, 0o644)
}

// moduleRoot is the folder of go.mod.
func moduleRoot() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	return filepath.Dir(strings.TrimSpace(string(out))), err
}
