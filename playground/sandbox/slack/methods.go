package slack

import (
	"net/http"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// called is a method of the Web API with what it takes.
type called struct {
	do     method
	scopes anyOf
}

func (s *service) methods() map[string]called {
	nothing := func(arguments) (map[string]any, *apiError) { return map[string]any{}, nil }
	return map[string]called{
		"api.test": {nothing, nil}, "auth.test": {s.authTest, nil},
		"chat.postMessage": {s.postMessage, post}, "chat.update": {s.updateMessage, post}, "chat.postEphemeral": {s.postEphemeral, post},
		"chat.delete": {s.deleteMessage, post}, "chat.getPermalink": {s.permalink, nil},
		"conversations.history": {s.history, reads}, "conversations.replies": {s.replies, reads},
		"conversations.info": {s.channelInfo, looks}, "conversations.members": {s.channelMembers, looks}, "conversations.list": {s.channelList, looks},
		"conversations.join": {s.joinChannel, joins}, "conversations.open": {s.openChannel, talks},
		"pins.add": {s.addPin, pins}, "pins.remove": {s.removePin, pins}, "pins.list": {s.listPins, pinned},
		"users.info": {s.userInfo, persons}, "users.list": {s.userList, persons}, "users.lookupByEmail": {s.userByEmail, mails},
		"files.info": {s.fileInfo, files},
		"views.open": {s.openView, nil}, "views.push": {s.pushView, nil}, "views.update": {s.updateView, nil}, "views.publish": {s.publishView, nil},
	}
}

// serve makes an endpoint of a method.
func (s *service) serve(m called) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		args, err := readArguments(r)
		if err != nil {
			refuse(w, fail("invalid_json"))
			return
		}
		serr := s.needs(m.scopes...)
		var out map[string]any
		if serr == nil {
			out, serr = m.do(args)
		}
		if serr != nil {
			refuse(w, serr)
			return
		}
		out["ok"] = true
		sandbox.WriteJSON(w, http.StatusOK, out)
	}
}
