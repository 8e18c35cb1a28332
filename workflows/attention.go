package workflows

// attentionState is why a person should look.
type attentionState struct {
	Attention string `json:"Attention"`
}

// needs says why a person should look; "" that nobody need.
func (s *attentionState) needs(why string) { s.Attention = why }

// needsToo is one reason more.
func (s *attentionState) needsToo(why string) {
	if s.Attention != "" {
		s.Attention += "; "
	}
	s.Attention += why
}

// seenTo takes back what somebody was to look at, but for a damaged gift, which a person still has to see to.
func (s *attentionState) seenTo() {
	if s.Attention != giftDamaged {
		s.Attention = ""
	}
}

// attention is why a person should look. That a creator opted out stays true whatever else comes and is seen to.
func (s *story) attention() string {
	switch {
	case !s.OptedOut || s.outcome != "":
		return s.Attention
	case s.Attention == "":
		return wantsNoMail
	}
	return wantsNoMail + "; " + s.Attention
}

const wantsNoMail = "the creator opted out of mail after signing; talk to them before the next step"
