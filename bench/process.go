package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// A process is a server that listens on an address of this machine.
type process struct {
	address string // host:port
	pid     int
	cmd     *exec.Cmd
	ended   chan error
}

// launch runs the command, which is told the port to listen on, and returns when it
// takes connections. What it writes goes to a file in the folder, of which an error
// shows the end. It runs until b.stop.
func (b *bench) launch(ctx context.Context, name string, command func(port string) *exec.Cmd) (*process, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(b.folder, name+".log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := command(port)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := &process{net.JoinHostPort("127.0.0.1", port), cmd.Process.Pid, cmd, make(chan error, 1)}
	go func() { p.ended <- cmd.Wait() }()
	b.processes = append(b.processes, p)
	if err := p.answers(ctx); err != nil {
		text, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%s does not start: %w\n%s", name, err, text[max(0, len(text)-3000):])
	}
	return p, nil
}

// answers waits until the process takes connections.
func (p *process) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		conn, err := net.Dial("tcp", p.address)
		if err == nil {
			return conn.Close()
		}
		select {
		case err := <-p.ended:
			p.ended <- err // for stop
			return fmt.Errorf("it ended: %w", err)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// stop ends the process, gently at first.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-p.ended:
	case <-time.After(5 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}
