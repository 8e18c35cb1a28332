package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

// wrote has the creator write a mail, with a file, and returns it as it is kept.
func (h *house) wrote(words string) board.Mail {
	h.t.Helper()
	body, kind := mailForm("envelope", fmt.Sprintf(`{"to":[%q],"from":%q}`, h.store.ReplyAddress(h.partnership), canaryMail),
		"headers", "Message-ID: <theirs.1@mail.example>\nReferences: <first@in.example>\nIn-Reply-To: <first@in.example>\n",
		"from", "Ada <"+canaryMail+">", "subject", "AW: Your <b>draft</b>", "text", words+"\n\nOn Mon, 2 Nov 2026 Acme <a@b.example> wrote:\n> quoted words\n", "@../windowsill \"1\".jpg", "bytes of a picture")
	before := len(h.conversation())
	h.deliver("sendgrid", "sendgrid/inbound", body, "Content-Type", kind)
	eventually(h.t, "the mail is kept", func() bool { return len(h.conversation()) == before+1 })
	all := h.conversation()
	return all[len(all)-1]
}

func (h *house) conversation() []board.Mail {
	h.t.Helper()
	all, err := h.store.Conversation(h.t.Context(), h.partnership)
	must(h.t, err)
	return all
}

// A creator writes; a person of the brand reads it whole wherever they are, and answers by whatever door, once.
func TestACreatorIsAnsweredByItsDoors(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"answer_creator:answer", "answer_creator:none", "POST"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			h := running(t).as("U_MANAGER")
			m := h.wrote("My light is awful. Thursday instead?")
			if !m.NeedsAnswer {
				t.Errorf("nobody is asked to answer: %+v", m)
			}
			card := h.said().message
			wantIn(t, card.Body, "Thursday instead?")
			wantIn(t, asJSON(t, card.Facts), "windowsill", "18 bytes", "draft")
			want(t, "its buttons", len(card.Buttons), 2)
			page := h.get("/partnerships/" + string(h.partnership)).body
			wantIn(t, page, "Conversation", "Thursday instead?", "waits for an answer", "The whole mail", "quoted words", "windowsill", "AW: Your &lt;b&gt;draft&lt;/b&gt;")
			file := h.get("/files/" + m.Files[0].ID)
			want(t, "the file", file.body, "bytes of a picture")
			want(t, "it is kept and not shown", file.Header.Get("Content-Disposition"), `attachment; filename="windowsill _1_.jpg"`)
			want(t, "a file that is none", h.get("/files/nothing").StatusCode, http.StatusNotFound)
			route := strings.Replace("/partnerships/{id}/messages", "{id}", string(h.partnership), 1)
			wantIn(t, h.call(viewerToken, "GET", route, "").body, "Thursday instead?", `"needs_answer": true`)
			wantIn(t, h.call(viewerToken, "GET", "/pending", "").body, m.ID)

			words := "Thursday is fine.\n\nMorgan"
			switch way {
			case "POST":
				body := asJSON(t, map[string]string{"words": words, "message": m.ID})
				want(t, "a viewer may not", h.call(viewerToken, "POST", route, body).StatusCode, http.StatusForbidden)
				want(t, "no words", h.call(managerToken, "POST", route, `{"words":" "}`).StatusCode, http.StatusUnprocessableEntity)
				want(t, "a mail of nobody", h.call(managerToken, "POST", route, `{"words":"x","message":"nothing"}`).StatusCode, http.StatusNotFound)
				want(t, "two things at once", h.call(managerToken, "POST", route, `{"words":"x","no_answer":true}`).StatusCode, http.StatusUnprocessableEntity)
				for range 2 { // sent twice it is one
					want(t, "answered", h.call(managerToken, "POST", route, body, "Idempotency-Key", "k1").StatusCode, http.StatusOK)
				}
			default:
				_, choice, _ := strings.Cut(way, ":")
				h.press("U_MANAGER", h.button(partnership.ActAnswerCreator, partnership.Choice(choice), string(h.partnership), m.ID))
				if way == "answer_creator:answer" {
					h.submit("U_MANAGER", h.said().view, map[string]string{"words": words})
				}
			}
			eventually(t, "it waits for nobody", func() bool { return !h.conversation()[0].NeedsAnswer })
			if strings.Contains(h.call(viewerToken, "GET", "/pending", "").body, m.ID) {
				t.Error("it waits on")
			}
			all := h.conversation()
			if way == "answer_creator:none" {
				want(t, "mails", len(all), 1)
				late := h.call(managerToken, "POST", route, `{"no_answer":true,"message":"`+m.ID+`"}`)
				want(t, "said late", late.StatusCode, http.StatusConflict)
				wantIn(t, late.body, "slack:U_MANAGER has seen to this mail already")
				return
			}
			want(t, "mails", len(all), 2)
			answer := all[1]
			if !answer.Ours || answer.Words != words || answer.Subject != "Re: Your <b>draft</b>" || answer.State != board.MailWaits {
				t.Errorf("kept is %+v", answer)
			}
			ids, _, err := h.store.OpenNotices(t.Context(), "")
			must(t, err)
			want(t, "notices", len(ids), 1)
			n, err := h.store.Notice(t.Context(), ids[0])
			must(t, err)
			want(t, "it follows", n.Answer.MailID, "theirs.1@mail.example")
			want(t, "and what was before", fmt.Sprint(n.Answer.Earlier), "[first@in.example]")
			wantIn(t, h.get("/partnerships/"+string(h.partnership)).body, "Thursday is fine.", "our answer, goes out in a moment")
			task := h.get(h.task(partnership.TaskDraft, "draft-1")).body
			wantIn(t, task, "Messages", "Thursday is fine.", "Thursday instead?")
			if strings.Contains(task, "U_MANAGER") || strings.Contains(task, "api:manager") {
				t.Error("the creator reads who of the brand wrote, as the audit names them")
			}
		})
	}
}

// Who wants no more mail and has signed nothing is not written to by hand either.
func TestWhoWantsNoMoreMailIsNotAnswered(t *testing.T) {
	t.Parallel()
	h := running(t)
	h.wrote("Thursday instead?")
	_, err := h.store.SuppressEmail(t.Context(), canaryMail, partnership.ByPerson, "asked by mail")
	must(t, err)
	no := h.call(managerToken, "POST", "/partnerships/"+string(h.partnership)+"/messages", `{"words":"Thursday is fine."}`)
	want(t, "refused", no.StatusCode, http.StatusConflict)
	wantIn(t, no.body, "wants no more mail")
	want(t, "mails", len(h.conversation()), 1)
}
