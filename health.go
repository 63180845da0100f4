package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

type healthCommand struct{}

// healthWithin is how long an instance may take to say whether it is ready: longer
// than it looks itself.
const healthWithin = 4 * time.Second

// Run asks the instance that the settings describe, on this machine. Nothing but
// its address matters, so other settings may be wrong.
func (healthCommand) Run(ctx context.Context, p *program) error {
	ctx, cancel := context.WithTimeout(ctx, healthWithin)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address()+"/readyz", nil)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // without a proxy
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("there is no answer: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<10))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", response.Status, strings.TrimSpace(string(answer)))
	}
	_, err = p.out.Write(answer)
	return err
}

// address is where the instance tells its health, as seen from its own machine.
func (p *program) address() string {
	host, port := p.settings.Host, strconv.Itoa(p.settings.Port)
	if p.settings.AdminAddr != "" {
		host, port, _ = net.SplitHostPort(p.settings.AdminAddr)
	}
	switch ip := net.ParseIP(host); {
	case host == "", ip.IsUnspecified() && ip.To4() != nil:
		host = "127.0.0.1"
	case ip.IsUnspecified():
		host = "::1"
	}
	return net.JoinHostPort(host, port)
}
