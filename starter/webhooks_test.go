package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

func TestWebhooksFromAShell(t *testing.T) {
	_, pa := kept(t)
	if text := output(t, "webhooks", "list"); text != "Nobody listens.\n" {
		t.Errorf("with none it says %q", text)
	}
	made := output(t, "webhooks", "add", "https://hooks.example/x", "--type", "earning.booked")
	if !strings.HasPrefix(made, "whsec_") {
		t.Errorf("it shows %q", made)
	}
	var list []partnership.Endpoint
	must(t, json.Unmarshal([]byte(output(t, "--json", "webhooks", "list")), &list))
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	must(t, s.EarnFee(t.Context(), pa, "post", 12_300, time.Now()))
	var log []partnership.Announced
	must(t, json.Unmarshal([]byte(output(t, "--json", "webhooks", "log")), &log))
	if len(list) != 1 || len(log) != 1 || log[0].Type != "earning.booked" || log[0].State != "waiting" {
		t.Fatalf("%+v hear %+v", list, log)
	}
	if text := output(t, "webhooks", "resend", list[0].ID, log[0].ID); !strings.Contains(text, "once more") {
		t.Errorf("once more says %q", text)
	}
	if text := output(t, "webhooks", "remove", list[0].ID); !strings.Contains(text, "Removed") {
		t.Errorf("a removal says %q", text)
	}
	for _, args := range [][]string{{"webhooks", "remove", list[0].ID}, {"webhooks", "resend", list[0].ID, log[0].ID}, {"webhooks", "add", "http://10.0.0.1/"}, {"webhooks", "add", "https://x.example/", "--type", "all"}} {
		var said bytes.Buffer
		if code := run(t.Context(), args, &said, &said); code == done {
			t.Errorf("%v is taken: %s", args, said.String())
		}
	}
}
