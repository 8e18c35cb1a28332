package slack

import "slices"

// maxPins is how many a channel takes.
const maxPins = 100

func (s *service) pinned(channel, ts string) bool {
	return slices.Contains(s.st.Pins, pin{channel, ts})
}

// addPin pins a message, which the channel is told by a line of Slack's own.
func (s *service) addPin(args arguments) (map[string]any, *apiError) {
	p, serr := s.pinOf(args)
	if serr != nil {
		return nil, serr
	}
	of := 0
	for _, other := range s.st.Pins {
		if other.Channel == p.Channel {
			of++
		}
	}
	switch {
	case slices.Contains(s.st.Pins, p):
		return nil, fail("already_pinned")
	case of >= maxPins:
		return nil, fail("too_many_pins")
	}
	s.st.Pins = append(s.st.Pins, p)
	s.say(&message{Channel: p.Channel, Text: "pinned a message to this channel.", Subtype: "pinned_item", Aside: true})
	return map[string]any{}, nil
}

func (s *service) removePin(args arguments) (map[string]any, *apiError) {
	p, serr := s.pinOf(args)
	if serr != nil {
		return nil, serr
	}
	i := slices.Index(s.st.Pins, p)
	if i < 0 {
		return nil, fail("no_pin")
	}
	s.st.Pins = slices.Delete(s.st.Pins, i, i+1)
	return map[string]any{}, nil
}

func (s *service) pinOf(args arguments) (pin, *apiError) {
	channel, serr := s.writable(args.text("channel"))
	ts := args.text("timestamp")
	switch {
	case serr != nil:
		return pin{}, serr
	case ts == "":
		return pin{}, fail("no_item_specified")
	}
	m := s.messageOf(channel, ts)
	switch {
	case m == nil || m.Ephemeral != "":
		return pin{}, fail("message_not_found")
	case m.Subtype != "":
		return pin{}, fail("not_pinnable")
	}
	return pin{channel, ts}, nil
}

func (s *service) listPins(args arguments) (map[string]any, *apiError) {
	channel, serr := s.visible(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	items := []map[string]any{}
	for _, p := range slices.Backward(s.st.Pins) {
		if m := s.messageOf(p.Channel, p.TS); m != nil && p.Channel == channel.id {
			items = append(items, map[string]any{"type": "message", "channel": p.Channel, "created_by": botID, "message": m.json(false)})
		}
	}
	return map[string]any{"items": items}, nil
}
