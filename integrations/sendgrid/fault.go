package sendgrid

import (
	"regexp"
	"strings"
)

// Fault is whose doing it is that a mail did not arrive. Only the first two are the addressee's.
type Fault string

// The faults. The zero value is one of which SendGrid says too little: nothing is held against anybody.
const (
	DeadAddress Fault = "address"    // no such mailbox
	TheirWord   Fault = "person"     // they unsubscribed or reported spam before
	OurQuota    Fault = "quota"      // the plan's mails are used up
	OurName     Fault = "reputation" // the receiving server refuses us as a sender, or as many mails at once
	OurWords    Fault = "content"    // for what the mail says
	OurSetup    Fault = "setup"      // for how it was sent
	TheirServer Fault = "server"     // their mail server or a full mailbox: tomorrow it may work
)

// dropReasons are what SendGrid documents for mails that it did not even try. The words after them vary.
var dropReasons = []struct {
	begins string
	fault  Fault
}{
	{"bounced address", DeadAddress},
	{"invalid smtpapi header", OurSetup},
	{"invalid", DeadAddress},
	{"unsubscribed address", TheirWord},
	{"group unsubscribe", TheirWord},
	{"spam reporting address", TheirWord},
	{"recipient list over package quota", OurQuota},
	{"spam content", OurWords},
}

func faultOfDrop(reason string) Fault {
	reason = strings.ToLower(strings.TrimSpace(reason))
	for _, r := range dropReasons {
		if strings.HasPrefix(reason, r.begins) {
			return r.fault
		}
	}
	if strings.Contains(reason, "quota") || strings.Contains(reason, "credits") {
		return OurQuota
	}
	return ""
}

// classifications are SendGrid's own reading of a bounce; Unclassified and a missing one leave the server's words.
var classifications = map[string]Fault{
	"invalid address":              DeadAddress,
	"reputation":                   OurName,
	"frequency or volume too high": OurName,
	"content":                      OurWords,
	"technical failure":            TheirServer,
	"technical":                    TheirServer,
}

var (
	noMailbox = regexp.MustCompile(`no such (?:user|mailbox|recipient|address)|(?:user|mailbox|recipient|address|account|domain)\b.{0,60}?\b(?:unknown|unavailable|not (?:be )?found|not exist|doesn'?t exist|disabled|inactive|invalid|rejected|does not have)|unknown (?:user|recipient|mailbox)|invalid (?:recipient|mailbox|address)`)
	policy    = regexp.MustCompile(`block ?list|black ?list|\bblocked\b|spam|reputation|polic(?:y|ies)|\bdmarc\b|\bspf\b|\bdkim\b|unauthenticated|authenticat|rate limit|too many|sender.{0,40}(?:rejected|denied)|access denied|\brbl\b|spamhaus|barracuda|proofpoint`)
	full      = regexp.MustCompile(`mailbox.{0,20}full|over ?quota|quota exceeded|insufficient (?:system )?storage|out of storage`)
)

// faultOfBounce reads a refusal by the receiving server. Without a sign that the mailbox is dead, nobody is struck off a list.
func faultOfBounce(kind, classification, status, reason string) Fault {
	reason = strings.ToLower(reason)
	fault, classified := classifications[strings.ToLower(strings.TrimSpace(classification))]
	switch {
	case classified && (fault != DeadAddress || kind != "blocked"):
		return fault
	case strings.HasPrefix(status, "4"), strings.HasPrefix(status, "5.2.2"), strings.HasPrefix(status, "5.3"), full.MatchString(reason):
		return TheirServer
	case strings.HasPrefix(status, "5.7"), policy.MatchString(reason):
		return OurName
	case kind == "blocked": // a block may be over tomorrow
		return TheirServer
	case strings.HasPrefix(status, "5.1"), strings.HasPrefix(status, "5.2.1"), noMailbox.MatchString(reason):
		return DeadAddress
	}
	return ""
}
