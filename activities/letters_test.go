package activities

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

func someView() partnership.PartnershipView {
	return partnership.PartnershipView{
		ID:      "p1",
		Creator: partnership.Creator{ID: "c1", Handle: "mara", Name: `Mara <script>alert(1)</script> Ek`, Email: "mara@example.com", Timezone: "Europe/Berlin"},
		Campaign: partnership.Campaign{
			Name: "Dreams & Sunset", Timezone: "America/New_York", Currency: "USD",
			Brand: partnership.Brand{Name: "Acme Scents", PostalAddress: "1 Main St, Austin TX 78701, US", ReplyTo: "partners@acme.example"},
			Brief: partnership.Brief{Goal: "show your evening", NonNegotiables: []string{"no health claims"}, Disclosure: "#ad"},
		},
		Terms: partnership.Terms{
			Currency: "USD", FeeMinor: 50_000, CommissionBPS: 1_000, DiscountBPS: 1_500, Gift: &partnership.Gift{Name: "Sampler", ValueMinor: 3_600},
			UsageRights: partnership.UsageRights{Channels: []string{"email"}, Days: 90}, Deliverables: []partnership.Deliverable{{Kind: "instagram_reel", Count: 1}}, HoldDays: 30, WindowDays: 30,
		},
		Kit:      &partnership.TrackingKit{Link: "https://r.example/c/abc", DiscountCode: "MARA15"},
		Delivery: &partnership.Delivery{Carrier: "USPS", TrackingCode: "EZ1"},
	}
}

// Every letter renders, in every step that is used, with no gap in its words and with the person's own text harmless.
func TestEveryLetterRenders(t *testing.T) {
	files, err := fs.Glob(letterFiles, "letters/*/*.txt")
	require.NoError(t, err)
	require.Greater(t, len(files), 100)
	for _, file := range files {
		lang, name, _ := strings.Cut(strings.TrimPrefix(file, "letters/"), "/")
		kind, in := strings.TrimSuffix(name, ".txt"), locale.Of(lang)
		require.Equal(t, lang, in.Name())
		if kind == "statement" || kind == "statement_changed" || kind == partnership.NoticeMailChanged || kind == partnership.NoticeFreshLink || kind == partnership.NoticeObjection || strings.HasPrefix(kind, "payout_") && kind != "payout_setup" && kind != "payout_reminder" { // made of data of their own
			continue
		}
		for _, step := range []string{"request", "nudge", "second_nudge", "day_before", "due", "check_in", "ghosted", "cancelled", "alone", "expired", "replaced"} {
			d := letterData(in, someView(), Letter{Kind: kind, Task: "draft-1", Step: step, Due: time.Date(2026, 12, 4, 12, 0, 0, 0, time.UTC)}, "https://r.example/t/x", "warmer light, please")
			d.OptOut = "https://r.example/u/y"
			c, err := compose(in, kind, d)
			require.NoError(t, err, kind)
			require.NotEmpty(t, c.Subject)
			require.NotContains(t, c.Subject, "\n")
			require.NotContains(t, c.Text+c.HTML, "<no value>")
			require.NotContains(t, c.HTML, "<script>alert", "%s: a name must not become markup", kind)
			require.Contains(t, c.Text, "1 Main St, Austin TX 78701, US", "%s: who writes must be clear", kind)
			if commercial[kind] {
				require.Contains(t, c.Text, d.OptOut, kind)
				require.Contains(t, c.HTML, d.OptOut, kind)
			}
			if !newsKinds[kind] {
				require.Contains(t, c.Text, "https://r.example/t/x", kind)
			}
		}
	}
}

// A translation of a letter speaks of all that the English one does, and a letter that is there in one language is there in all, or in English
// alone.
func TestLettersSayTheSameInEveryLanguage(t *testing.T) {
	fields := regexp.MustCompile(`\.[A-Z]\w+|eq \.Step "\w+"`)
	said := func(lang, name string) []string {
		text, err := fs.ReadFile(letterFiles, "letters/"+lang+"/"+name)
		if err != nil {
			return nil
		}
		found := fields.FindAllString(string(text), -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	files, err := fs.Glob(letterFiles, "letters/*/*.txt")
	require.NoError(t, err)
	in := map[string][]string{}
	for _, file := range files {
		lang, name, _ := strings.Cut(strings.TrimPrefix(file, "letters/"), "/")
		in[name] = append(in[name], lang)
		require.NotEmpty(t, said("en", name), "%s is not there in English", file)
		require.Equal(t, said("en", name), said(lang, name), file)
	}
	for name, langs := range in {
		require.Contains(t, []int{1, len(locale.Languages)}, len(langs), "%s is there in %v", name, langs)
	}
}

// What a letter carries in no language but English makes all of it English: no sentence is half of it.
func TestALetterIsOfOneLanguage(t *testing.T) {
	a, s := newPost()
	s.view = someView()
	s.view.Campaign.Brand.PostalAddress, s.view.Creator.Language = "1 Main St", "de-AT"
	letter := Letter{PartnershipID: "p1", Stage: partnership.Content, Kind: "dates_moved", Task: "dates", Step: "1", Cause: "The carrier is late with your package. That is not on you"}
	for moved, starts := range map[string]string{
		"your draft: Fri 4 Dec 2026 instead of Tue 1 Dec 2026 (3 days later)":  "Hallo Mara,\n\nDer Paketdienst ist mit deinem Paket spät dran. Das liegt nicht an dir: Deine Termine verschieben sich mit.\n\n- dein Entwurf: Fr, 4. Dez. 2026 statt Di, 1. Dez. 2026 (später)\n",
		"your pigeon: Fri 4 Dec 2026 instead of Tue 1 Dec 2026 (3 days later)": "Hi Mara,\n\nThe carrier is late with your package. That is not on you: your dates move with it.\n\n- your pigeon:",
	} {
		letter.Words, letter.Step = []string{moved}, moved
		_, err := a.mail(t.Context(), letter, "")
		require.NoError(t, err)
		require.Contains(t, s.mails[len(s.mails)-1].Text, starts)
	}
	require.Contains(t, s.mails[0].HTML+s.mails[1].HTML, `<html lang="de" dir="ltr">`)
}

// Feedback of several paragraphs is a quote and nothing else, and whoever has negotiated is not asked whether they have seen the offer.
func TestQuotesAndRemindersAreWhatTheyLookLike(t *testing.T) {
	a, s := newPost()
	s.words = "Lovely light.\n\nPlease say the scent."
	_, err := a.mail(t.Context(), Letter{PartnershipID: "p1", Stage: partnership.Content, Kind: "draft_changes", Task: "draft-2", Step: "request", Note: "n1"}, "https://r.example/t/x")
	require.NoError(t, err)
	require.Contains(t, s.mails[0].Text, "> Lovely light.\n\n> Please say the scent.\n")
	require.NotContains(t, s.mails[0].Text, "\n>\n")
	require.NotContains(t, s.mails[0].HTML, "&gt;")
	_, err = a.mail(t.Context(), Letter{PartnershipID: "p1", Stage: partnership.Content, Kind: "cleared_to_post", Task: "post-1", Step: "request", Note: "n1"}, "https://r.example/t/x")
	require.NoError(t, err)
	require.Contains(t, s.mails[1].Text, "One small change, which needs no other draft:\n\n> Lovely light.\n\n> Please say the scent.\n")
	for task, says := range map[string]string{"offer": "Did you see", "offer-2": "still stands"} {
		c, err := compose(locale.English(), "offer_reminder", letterData(locale.English(), someView(), Letter{Kind: "offer_reminder", Task: task, Step: "nudge"}, "l", ""))
		require.NoError(t, err)
		require.Contains(t, c.Subject, says)
	}
}

// What a creator gets for a gift or for commissions alone is no fee: no letter speaks of one.
func TestNoLetterPromisesAFeeThatTheTermsHaveNot(t *testing.T) {
	v := someView()
	for _, fee := range []int64{50_000, 0} {
		v.Terms.FeeMinor = fee
		for _, kind := range []string{"cleared_to_post", "disclosure_fix", "post_reminder"} {
			c, err := compose(locale.English(), kind, letterData(locale.English(), v, Letter{Kind: kind, Task: "post-1", Step: "nudge"}, "https://r.example/t/x", ""))
			require.NoError(t, err)
			require.Equal(t, fee > 0, strings.Contains(c.Text, "your fee") || strings.Contains(c.Text, "Your fee"), "%s of %d: %s", kind, fee, c.Text)
		}
	}
}

func TestStatementIsCheckableByHand(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 12, day, 0, 0, 0, 0, time.UTC) }
	line := func(id string, day int, kind, order string, minor int64, group partnership.LineGroup, reason string) partnership.StatementLine {
		return partnership.StatementLine{
			RowID: id, At: at(day), Kind: kind, OrderID: order, AmountMinor: minor, Currency: "USD", Group: group, Reason: reason, State: "voided",
			RateBPS: 1000, NetMinor: 3_600, CountsAt: at(31),
		}
	}
	st := partnership.Statement{
		Creator: someView().Creator, Brand: someView().Campaign.Brand, Period: "2026-12", Currency: "USD", PayableNow: 50_270, PayoutReady: true,
		Lines: []partnership.StatementLine{
			line("r1", 3, "fee", "", 50_000, partnership.LinePayable, ""),
			line("r2", 9, "commission", "1001", 360, partnership.LinePayable, ""),
			line("r3", 11, "adjustment", "1001", -90, partnership.LinePayable, "order refunded in part"),
			line("r4", 12, "commission", "1002", 360, partnership.LineInHold, ""),
			line("r5", 13, "commission", "1003", 360, partnership.LineHeld, "the same buyer ten times"),
			line("r6", 14, "commission", "1004", 360, partnership.LineRejected, "the creator's own order"),
		},
	}
	m, err := statementMail("payout-run/dreams/2026-12/1/statement/c1", st, time.Time{})
	require.NoError(t, err)
	for _, want := range []string{
		"3 December 2026: Fee: $500.00\n", "9 December 2026: Sale, order 1001: $3.60 (10 % of $36.00)\n- 11 December 2026: Taken back, order 1001: -$0.90 - order refunded in part",
		"Together $502.70.", "Payable now: $502.70.", "12 December 2026: Sale, order 1002: $3.60 (10 % of $36.00) - In hold, counts from 31 December 2026",
		"$3.60 (10 % of $36.00) - Held: the same buyer ten times", "$3.60 (10 % of $36.00) - Rejected: the creator's own order", "reply to this mail",
	} {
		require.Contains(t, m.Text, want)
	}
	require.NotContains(t, m.Text, "we look at it before anything is paid", "this run has no review time")
	m, err = statementMail("k", st, at(20))
	require.NoError(t, err)
	require.Contains(t, m.Text, "reply by Sun 20 Dec 01:00 CET")

	st.Creator.Language, st.Creator.Timezone = "ja", "Asia/Tokyo"
	m, err = statementMail("k", st, at(20))
	require.NoError(t, err)
	for _, want := range []string{"2026年12月", "売上、注文 1001", "合計 $502.70。", "12月20日"} {
		require.Contains(t, m.Subject+m.Text, want)
	}
	require.NotRegexp(t, "Together|Payable|Counts|Held|Sale", m.Text)
	st.Creator.Language, st.Creator.Timezone = "", ""

	st.Before = map[string]string{}
	for _, l := range st.Lines {
		st.Before[l.RowID] = l.Told()
	}
	require.Empty(t, st.Changed())
	st.Lines[0].Group, st.Lines[3].Group = partnership.LinePaid, partnership.LinePayable // as it was said
	require.Empty(t, st.Changed())
	st.Lines[4].Group = partnership.LineRejected
	m, err = statementMail("k", st, time.Time{})
	require.NoError(t, err)
	require.Contains(t, m.Subject, "What changed")
	require.Contains(t, m.Text, "order 1003")
	require.NotContains(t, m.Text, "order 1001", "what stands is not told again")
}

// The same terms give the same bytes: an attempt repeated after a crash must not send another document.
func TestTheContractIsTheSameEachTime(t *testing.T) {
	v := someView()
	first, err := contractPDF(v, v.Terms, 1, nil)
	require.NoError(t, err)
	second, err := contractPDF(v, v.Terms, 1, nil)
	require.NoError(t, err)
	require.Equal(t, digest(first), digest(second))
	require.True(t, strings.HasPrefix(string(first), "%PDF-"))
}

// Who was cancelled alone is not told that the campaign ended.
func TestTheLetterOfOneCancelledPartnership(t *testing.T) {
	for step, alone := range map[string]bool{"alone": true, "cancelled": false} {
		v := someView()
		v.Contract = &partnership.Contract{Version: 1, Status: partnership.EnvelopeCompleted}
		c, err := compose(locale.English(), "ended", letterData(locale.English(), v, Letter{Kind: "ended", Task: "ended", Step: step}, "", ""))
		require.NoError(t, err)
		require.Equal(t, alone, strings.Contains(c.Text, `our collaboration in "Dreams & Sunset" had to end`), c.Text)
	}
}

// Whoever had the contract in hand has to know that it is void: the offer's own page is closed by then.
func TestTermsThatChangedSayWhatBecameOfTheContract(t *testing.T) {
	for stage, want := range map[partnership.Stage]string{partnership.Outreach: "The page behind the link", partnership.Contracting: "A new one with these terms"} {
		d := letterData(locale.English(), someView(), Letter{Kind: "terms_changed", Stage: stage, Task: "terms", Step: "changed-1", Words: []string{"Sales window: 8 days instead of 10 days"}}, "", "")
		c, err := compose(locale.English(), "terms_changed", d)
		require.NoError(t, err)
		require.Contains(t, c.Text, want)
		require.Contains(t, c.Text, "- Sales window: 8 days instead of 10 days")
	}
}
