package limit

import "time"

// WaitForLeases has leases waited for as long as a test may take: on a busy
// machine one may come late.
func (s *Shared) WaitForLeases() *Shared {
	s.patience = time.Minute
	return s
}
