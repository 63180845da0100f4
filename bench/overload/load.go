package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// answers are those to queries of one kind.
type answers struct {
	mu      sync.Mutex
	took    []time.Duration // of those that were answered
	refused int
}

func (a *answers) add(took time.Duration, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if ok {
		a.took = append(a.took, took)
	} else {
		a.refused++
	}
}

func (a *answers) asked() int { return len(a.took) + a.refused }

func (a *answers) quantile(q float64) time.Duration {
	if len(a.took) == 0 {
		return 0
	}
	slices.Sort(a.took)
	return a.took[int(q*float64(len(a.took)-1))].Round(10 * time.Microsecond)
}

// share is how much is asked: so many queries a second, of which one in so many is
// dear.
type share struct {
	rate float64
	dear int // 0: none
}

// outcome is what was answered while it was measured.
type outcome struct{ cheap, dear answers }

// drive asks by a schedule for so long, and measures after the settling.
func drive(s *server, cheap [][]byte, of share, settling, lasting time.Duration) *outcome {
	var o outcome
	var all sync.WaitGroup
	start := time.Now()
	random := rand.New(rand.NewPCG(1, 2))
	for due := time.Duration(0); due < settling+lasting; due += time.Duration(random.ExpFloat64() / of.rate * float64(time.Second)) {
		time.Sleep(due - time.Since(start))
		body, to := cheap[random.IntN(len(cheap))], &o.cheap
		if of.dear > 0 && random.IntN(of.dear) == 0 {
			body, to = dear, &o.dear
		}
		counts := due >= settling
		all.Go(func() {
			err := s.ask(body)
			if counts {
				to.add(time.Since(start)-due, err == nil)
			}
		})
	}
	all.Wait()
	return &o
}

// capacityOf is how many queries a second are answered, one in ten being dear, when
// there is always another one waiting.
func capacityOf(s *server, cheap [][]byte, lasting time.Duration) (float64, error) {
	const clients = 16
	var asked atomic.Int64
	var all sync.WaitGroup
	faults := make([]error, clients)
	start := time.Now()
	for i := range clients {
		all.Go(func() {
			for time.Since(start) < lasting && faults[i] == nil {
				n := asked.Add(1)
				body := cheap[int(n)%len(cheap)]
				if n%10 == 0 {
					body = dear
				}
				faults[i] = s.ask(body)
			}
		})
	}
	all.Wait()
	took := time.Since(start)
	for _, err := range faults {
		if err != nil {
			return 0, err
		}
	}
	return float64(asked.Load()) / took.Seconds(), nil
}

// ask sends a query and reads the answer; one with errors is an error.
func (s *server) ask(body []byte) error {
	_, err := s.answer(body)
	return err
}

func (s *server) answer(body []byte) ([]byte, error) {
	response, err := s.client.Post(s.url, "application/json", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || bytes.Contains(text, []byte(`"errors":`))) {
		err = fmt.Errorf("%s: %.300s", response.Status, text)
	}
	return text, err
}
