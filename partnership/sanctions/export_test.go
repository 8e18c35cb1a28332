package sanctions

// Near is with how many listed names a name is compared.
func (s *Screener) Near(name string) int { return len(s.near(Tokens(name))) }
