package activities

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"sync"
	"text/template"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// The letters are text files, a folder a language: first line "Subject: …", then paragraphs; a line "- …" is a list item, "> …" a quote, and
// "[label](link)" alone on a line is the one button. Text and HTML parts come from the same words.
//
//go:embed letters/*/*.txt letters/layout.html
var letterFiles embed.FS

var (
	letterTexts = sync.OnceValue(func() map[string]*template.Template {
		texts := map[string]*template.Template{}
		for _, lang := range locale.Languages {
			texts[lang] = template.Must(template.New("").Option("missingkey=error").ParseFS(letterFiles, "letters/"+lang+"/*.txt"))
		}
		return texts
	})
	letterLayout = htmltemplate.Must(htmltemplate.ParseFS(letterFiles, "letters/layout.html"))
)

// letterLocale is the language in which somebody is sent a letter: their own where the letter is there in it, else English.
func letterLocale(c partnership.Creator, kind string) locale.Locale {
	if l := locale.Of(c.Language); letterTexts()[l.Name()].Lookup(kind+".txt") != nil {
		return l
	}
	return locale.English()
}

// composed is a rendered letter.
type composed struct{ Subject, Text, HTML string }

// block is one paragraph, list item, quote or button of a letter.
type block struct{ Kind, Text, Link string }

func compose(l locale.Locale, kind string, data any) (composed, error) {
	t := letterTexts()[l.Name()].Lookup(kind + ".txt")
	if t == nil {
		return composed{}, partnership.Errorf(partnership.Invalid, "there is no letter %q", kind)
	}
	var words bytes.Buffer
	if err := t.Execute(&words, data); err != nil {
		return composed{}, fmt.Errorf("letter %s: %w", kind, err)
	}
	head, body, _ := strings.Cut(words.String(), "\n")
	out := composed{Subject: strings.TrimSpace(strings.TrimPrefix(head, "Subject:"))}
	blocks := parseBlocks(body)
	out.Text = plain(blocks)
	var html bytes.Buffer
	if err := letterLayout.Execute(&html, struct {
		Subject, Lang, Dir string
		Blocks             []block
	}{out.Subject, l.Name(), l.Dir(), blocks}); err != nil {
		return composed{}, fmt.Errorf("letter %s: %w", kind, err)
	}
	out.HTML = html.String()
	return out, nil
}

func parseBlocks(body string) []block {
	var blocks []block
	for _, line := range strings.Split(body, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "", line == ">": // an empty line of a quote
		case strings.HasPrefix(line, "- "):
			blocks = append(blocks, block{Kind: "item", Text: line[2:]})
		case strings.HasPrefix(line, "> "):
			blocks = append(blocks, block{Kind: "quote", Text: line[2:]})
		case strings.HasPrefix(line, "~ "):
			blocks = append(blocks, small(line[2:]))
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, ")"):
			label, link, _ := strings.Cut(line[1:len(line)-1], "](")
			blocks = append(blocks, block{Kind: "button", Text: label, Link: link})
		default:
			blocks = append(blocks, block{Kind: "text", Text: line})
		}
	}
	return blocks
}

// small is the print at the foot; "words | link" makes the words a link.
func small(line string) block {
	text, link, _ := strings.Cut(line, " | ")
	return block{Kind: "small", Text: text, Link: link}
}

func plain(blocks []block) string {
	var out strings.Builder
	for i, b := range blocks {
		if i > 0 && !(b.Kind == "item" && blocks[i-1].Kind == "item") {
			out.WriteString("\n")
		}
		switch b.Kind {
		case "item":
			out.WriteString("- " + b.Text + "\n")
		case "quote":
			out.WriteString("> " + b.Text + "\n")
		case "button":
			out.WriteString(b.Text + ":\n" + b.Link + "\n")
		case "small":
			out.WriteString(strings.TrimSpace(b.Text+" "+b.Link) + "\n")
		default:
			out.WriteString(b.Text + "\n")
		}
	}
	return out.String()
}

// letter is what the templates speak of.
type letter struct {
	First, Handle   string
	Brand, Campaign string
	Postal          string
	Goal            string
	Guardrails      []string
	Disclosure      string
	Terms           []string
	Fee             string
	HasFee          bool // the terms have one: gifts and commissions alone are work, too
	Due             string
	Link, OptOut    string
	TrackLinks      []partnership.PostLink
	Code            string
	Percent         string
	Carrier, Parcel string
	PublishFrom     string
	PublishTo       string
	Quote           string
	Step            string
	Gift            bool
	Signed          bool
	Contract        bool     // of the stage in which the agreement is out
	Missing         []string // what they still have to give before they are paid
	Words           []string
	Cause           string
	Signer          string // who sends the agreement, as people know them
	Again           bool   // an offer that is made again, after a counter-offer
}

// toGive says of each gate what is to be given, a line each.
func toGive(l locale.Locale, missing []partnership.Gate) (lines []string) {
	for _, gate := range missing {
		lines = append(lines, l.T(gate.ToGive()))
	}
	return lines
}

func firstOf(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// baseStep is a step without the number of its round: "check_in-2" is worded as "check_in".
func baseStep(step string) string {
	base, _, _ := strings.Cut(step, "-")
	return base
}

// signed says whether an agreement stands. Until then every letter is courtship to somebody who has opted out.
func signed(v partnership.PartnershipView) bool {
	return v.Contract != nil && v.Contract.Status == partnership.EnvelopeCompleted
}

func letterData(in locale.Locale, v partnership.PartnershipView, l Letter, link, quote string) letter {
	zone := zones.Or(cmp.Or(v.Creator.Timezone, v.Campaign.Timezone))
	cause, _ := causeIn(in, l.Cause)
	d := letter{
		First: firstOf(v.Creator.Name), Handle: v.Creator.Handle, Brand: v.Campaign.Brand.Name, Campaign: v.Campaign.Name, Postal: v.Campaign.Brand.PostalAddress,
		Goal: v.Campaign.Brief.Goal, Guardrails: v.Campaign.Brief.NonNegotiables, Disclosure: v.Campaign.Brief.Disclosure,
		Terms: v.Terms.LinesIn(in), Fee: in.Money(v.Terms.FeeMinor, v.Terms.Currency), HasFee: v.Terms.FeeMinor > 0, Due: in.Short(l.Due, zone), Link: link,
		Quote: quote, Step: baseStep(l.Step), Gift: v.Terms.Gift != nil, Signed: signed(v), Contract: l.Stage == partnership.Contracting, Words: movedIn(in, l.Words), Missing: toGive(in, v.Missing()),
		Cause: cause, Percent: in.Percent(v.Terms.DiscountBPS), Again: strings.HasPrefix(l.Task, "offer-"),
		PublishFrom: in.Short(v.Campaign.Schedule.PublishFrom, zone), PublishTo: in.Short(v.Campaign.Schedule.PublishTo, zone),
	}
	if v.Kit != nil {
		d.TrackLinks, d.Code = v.Kit.Shown(), v.Kit.DiscountCode
	}
	if v.Delivery != nil {
		d.Carrier, d.Parcel = v.Delivery.Carrier, v.Delivery.TrackingCode
	}
	return d
}
