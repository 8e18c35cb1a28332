package identity_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
)

func TestOneMailboxHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"ada@mail.example", "ADA@Mail.Example", true},
		{"ada@mail.example", "ada+shop@mail.example", true},
		{"a.da@gmail.com", "ada@gmail.com", true},
		{"A.D.A+x+y@googlemail.com", "ada@gmail.com", true},
		{"ada@bücher.example", "ada@xn--bcher-kva.example", true},
		{"a.da@mail.example", "ada@mail.example", false},
		{"ada@mail.example", "bea@mail.example", false},
		{"ada@gmail.com", "ada@mail.example", false},
		{"+x@mail.example", "+y@mail.example", false},
	} {
		if got := identity.MailboxKey(c.a) == identity.MailboxKey(c.b); got != c.same {
			t.Errorf("%s and %s are one mailbox: %v", c.a, c.b, got)
		}
	}
	for _, none := range []string{"", "no address", "a@b@c"} {
		if key := identity.MailboxKey(none); key != "" {
			t.Errorf("%q is the mailbox %q", none, key)
		}
	}
}

func TestOneNameHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Ada Lovelace", "LOVELACE, ada", true},
		{"José Núñez", "Jose Nunez", true},
		{"Ada K. Lovelace", "Ada Lovelace", true},
		{"Anne-Marie O’Neil", "anne marie oneil", true},
		{"Ada Lovelace", "Ada Byron", false},
		{"Ada Lovelace", "Ada", false},
	} {
		if got := identity.NameKey(c.a) == identity.NameKey(c.b); got != c.same {
			t.Errorf("%s and %s are one name: %v (%q, %q)", c.a, c.b, got, identity.NameKey(c.a), identity.NameKey(c.b))
		}
	}
	if identity.NameKey("Ada") != "" || identity.NameKey("") != "" {
		t.Error("a name of one part is somebody's")
	}
}

func TestOnePlaceHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	home := partnership.Address{Line1: "12 Main Street", Line2: "Apt 4", City: "Springfield", PostalCode: "62704", Country: "US"}
	with := func(change func(*partnership.Address)) partnership.Address { a := home; change(&a); return a }
	for name, same := range map[string]partnership.Address{
		"shortened":    with(func(a *partnership.Address) { a.Line1, a.Line2 = "12 main st.", "#4" }),
		"on one line":  with(func(a *partnership.Address) { a.Line1, a.Line2 = "Apartment 4, 12 Main Street", "" }),
		"ZIP+4":        with(func(a *partnership.Address) { a.PostalCode = "62704-1234" }),
		"another name": with(func(a *partnership.Address) { a.Name, a.City, a.Country = "Somebody Else", "springfield", "us" }),
	} {
		if identity.PlaceKey(same) != identity.PlaceKey(home) {
			t.Errorf("%s: %q is not %q", name, identity.PlaceKey(same), identity.PlaceKey(home))
		}
	}
	for name, other := range map[string]partnership.Address{
		"another door":     with(func(a *partnership.Address) { a.Line2 = "Apt 5" }),
		"another house":    with(func(a *partnership.Address) { a.Line1 = "14 Main Street" }),
		"another postcode": with(func(a *partnership.Address) { a.PostalCode = "62705" }),
		"another country":  with(func(a *partnership.Address) { a.Country = "CA" }),
	} {
		if identity.PlaceKey(other) == identity.PlaceKey(home) {
			t.Errorf("%s is the same place", name)
		}
	}
	german := partnership.Address{Line1: "Hauptstraße 5", City: "Köln", PostalCode: "50667", Country: "DE"}
	if spelt := (partnership.Address{Line1: "Hauptstr. 5", City: "Koeln", PostalCode: "50667", Country: "DE"}); identity.PlaceKey(german) != identity.PlaceKey(spelt) {
		t.Errorf("%q is not %q", identity.PlaceKey(german), identity.PlaceKey(spelt))
	}
	if identity.PlaceKey(partnership.Address{Line1: "Villa 3, Street 8", City: "Dubai", Country: "AE"}) == "" {
		t.Error("a country without postcodes has no places")
	}
	for _, none := range []partnership.Address{{}, {Country: "US", PostalCode: "62704"}, {Line1: "12 Main Street"}} {
		if key := identity.PlaceKey(none); key != "" {
			t.Errorf("%+v is the place %q", none, key)
		}
	}
}

// A key is a key of itself wherever it can be, and never longer than what it was made of by more than a few signs.
func TestKeysAreSteady(t *testing.T) {
	t.Parallel()
	if small, capital := identity.NameKey("ꭰꭱ ꭲꭳ"), identity.NameKey("ᎠᎡ ᎢᎣ"); small != capital || small == "" {
		t.Errorf("in small letters %q, in capitals %q", small, capital)
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		if key := identity.NameKey(name); identity.NameKey(key) != key || strings.ToLower(key) != key {
			t.Fatalf("%q is %q, and that is %q", name, key, identity.NameKey(key))
		}
		if key := identity.MailboxKey(name + "@mail.example"); key != "" && identity.MailboxKey(key) != key {
			t.Fatalf("%q is %q", name, key)
		}
	})
}
