package sendgrid

import "testing"

func TestWhoseFaultADropIs(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]Fault{
		"Bounced Address": DeadAddress, "Invalid": DeadAddress, "Unsubscribed Address": TheirWord, "Spam Reporting Address": TheirWord,
		"Recipient List over Package Quota": OurQuota, "Spam Content (if Spam Checker app is enabled)": OurWords, "Invalid SMTPAPI header": OurSetup,
		"Maximum credits exceeded": OurQuota, "something new": "", "": "",
	} {
		if got := faultOfDrop(reason); got != want {
			t.Errorf("dropped for %q: %q, want %q", reason, got, want)
		}
	}
}

func TestWhoseFaultABounceIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, class, status, reason string
		want                        Fault
	}{
		{"bounce", "Invalid Address", "5.1.1", "550 5.1.1 The email account that you tried to reach does not exist", DeadAddress},
		{"bounce", "Mailbox Unavailable", "5.2.1", "550 5.2.1 The account is inactive", DeadAddress},
		{"bounce", "Mailbox Unavailable", "5.2.2", "552 5.2.2 mailbox full", TheirServer},
		{"bounce", "Reputation", "5.7.1", "550 5.7.1 the sending address is on a block list", OurName},
		{"bounce", "Frequency or Volume Too High", "", "421 too fast", OurName},
		{"bounce", "Content", "5.7.0", "554 message looks like spam", OurWords},
		{"bounce", "Technical Failure", "5.4.4", "unable to resolve MX", TheirServer},
		{"bounce", "Unclassified", "5.0.0", "550 mailbox unavailable", DeadAddress},
		{"bounce", "", "5.0.0", "550 No such user here", DeadAddress},
		{"bounce", "", "5.7.26", "550 5.7.26 unauthenticated mail is prohibited", OurName},
		{"bounce", "", "5.0.0", "550 rejected: your IP is listed at spamhaus", OurName},
		{"bounce", "Unclassified", "5.5.0", "550 odd words", ""},
		{"bounce", "", "", "", ""},
		{"blocked", "", "5.1.1", "550 blocked", OurName},
		{"blocked", "Invalid Address", "5.1.1", "550 no such user", TheirServer},
		{"bounce", "", "4.2.1", "450 try later", TheirServer},
	} {
		if got := faultOfBounce(c.kind, c.class, c.status, c.reason); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
