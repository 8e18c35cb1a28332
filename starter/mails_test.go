package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/store"
)

func TestACreatorIsAnsweredFromAShell(t *testing.T) {
	t.Setenv("USER", "ana")
	_, pa := kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	if text := output(t, "partnership", "mails", string(pa)); text != "No mail has come.\n" {
		t.Errorf("with none it says %q", text)
	}
	_, err = s.AddInboundMessage(t.Context(), store.InboundMessage{
		MessageID: "m1", PartnershipID: pa, Sender: "Lena <lena@mail.example>", Subject: "Re: dates", Body: "Thursday?", Text: "Thursday?\n> quoted", At: time.Now(), NeedsAnswer: true,
		Files: []store.InboundFile{{Name: "../../etc/passwd", Type: "text/plain", Size: 2, Content: []byte("ok")}},
	})
	must(t, err)
	folder := t.TempDir()
	if text := output(t, "partnership", "mails", string(pa), "--files", folder); !strings.Contains(text, "nobody has answered it yet") || !strings.Contains(text, "> quoted") {
		t.Errorf("it shows %q", text)
	}
	if content, err := os.ReadFile(filepath.Join(folder, "1-passwd")); err != nil || string(content) != "ok" {
		t.Errorf("the file holds %q, %v", content, err)
	}
	if text := output(t, "partnership", "answer", string(pa), "Thursday is fine.", "--subject", "Your date"); !strings.Contains(text, "“Your date” is kept") {
		t.Errorf("an answer says %q", text)
	}
	if text := output(t, "partnership", "mails", string(pa)); !strings.Contains(text, "our answer: goes out in a moment") || strings.Contains(text, "nobody has answered") {
		t.Errorf("afterwards it shows %q", text)
	}
	if text := output(t, "partnership", "answer", string(pa), "--no-answer", "--mail", "m1"); !strings.Contains(text, "needs no answer") {
		t.Errorf("no answer says %q", text)
	}
}
