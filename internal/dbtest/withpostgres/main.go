// Withpostgres runs a command, such as go test, on a PostgreSQL server of its
// own, which it names to it in STOA_TEST_POSTGRES_URL:
//
//	go run ./internal/dbtest/withpostgres go test ./...
//
// So all test processes share one server. Its exit status is the command's. If
// the variable is set already, the command just runs.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"stoa/internal/dbtest/pgserver"
)

const variable = "STOA_TEST_POSTGRES_URL"

func main() {
	status, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
	}
	os.Exit(status)
}

func run(command []string) (status int, err error) {
	if len(command) > 0 && command[0] == "--" {
		command = command[1:]
	}
	if len(command) == 0 {
		return 2, errors.New("what is to be run? withpostgres COMMAND [ARGUMENT …]")
	}
	if os.Getenv(variable) != "" {
		return execute(command)
	}
	server, err := pgserver.Start()
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if err := os.Setenv(variable, server.URL); err != nil {
		return 1, err
	}
	return execute(command)
}

// execute runs the command to its end. An interrupt typed at a terminal reaches
// the command by itself; a request to terminate is passed on.
func execute(command []string) (status int, err error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			if s == syscall.SIGTERM {
				_ = cmd.Process.Signal(s) // it may have just ended
			}
		case err := <-ended:
			if exit := new(exec.ExitError); errors.As(err, &exit) {
				return max(exit.ExitCode(), 1), nil // -1: by a signal
			}
			if err != nil {
				return 1, err
			}
			return 0, nil
		}
	}
}
