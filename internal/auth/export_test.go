package auth

// TakeTurns keeps others from hashing until they are given back.
func (s *Service) TakeTurns() (giveBack func()) {
	for range cap(s.turns) {
		s.turns <- struct{}{}
	}
	return func() {
		for range cap(s.turns) {
			<-s.turns
		}
	}
}
