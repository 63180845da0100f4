package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// A load is what a server answered within some time.
type load struct {
	requests int
	took     time.Duration
	p50, p99 time.Duration
}

// drive sends the requests to the address over so many connections, which are
// kept: each sends the next request when it has the answer to the last. An
// answer with errors ends it. Each connection asks once at least.
func drive(address string, requests [][]byte, connections int, d time.Duration) (load, error) {
	var (
		group   sync.WaitGroup
		taken   = make([][]time.Duration, connections)
		faults  = make([]error, connections)
		start   = time.Now()
		stop    = start.Add(d)
		strides = len(requests)/connections + 1
	)
	for i := range connections {
		group.Go(func() {
			taken[i], faults[i] = connect(address, requests, i*strides, stop)
		})
	}
	group.Wait()
	took := time.Since(start)
	all := slices.Concat(taken...)
	if err := errors.Join(faults...); err != nil {
		return load{}, err
	}
	slices.Sort(all)
	return load{len(all), took, all[len(all)/2], all[len(all)*99/100]}, nil
}

// connect asks over one connection until it is time to stop, and returns how
// long each answer took. It begins with the request at an offset.
func connect(address string, requests [][]byte, offset int, stop time.Time) (taken []time.Duration, err error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	reader := bufio.NewReaderSize(conn, 64<<10)
	var body bytes.Buffer
	for now := time.Now(); len(taken) == 0 || now.Before(stop); offset++ {
		request := requests[offset%len(requests)]
		if err := exchange(conn, reader, request, &body); err != nil {
			return nil, fmt.Errorf("%w\nrequest: %s\nanswer: %.2000s", err, request, body.Bytes())
		}
		then := now
		now = time.Now()
		taken = append(taken, now.Sub(then))
	}
	return taken, nil
}

// exchange leaves the answer in body.
func exchange(w io.Writer, r *bufio.Reader, request []byte, body *bytes.Buffer) error {
	body.Reset()
	if _, err := w.Write(request); err != nil {
		return err
	}
	response, err := http.ReadResponse(r, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := body.ReadFrom(response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || bytes.Contains(body.Bytes(), []byte(`"errors":`)) {
		return fmt.Errorf("status %d, or errors", response.StatusCode)
	}
	return nil
}
