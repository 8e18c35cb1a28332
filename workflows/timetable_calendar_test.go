package workflows_test

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// local is a wall clock in a zone, "2027-03-14 12:00".
func local(zone, clock string) time.Time {
	loc, err := zones.Load(zone)
	if err != nil {
		panic(err) // zones are written in the table
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", clock, loc)
	if err != nil {
		panic(err)
	}
	return t
}

func amendScenes() []scene {
	longer := func(s *partnership.Schedule, _ *partnership.Terms) {
		s.OutreachDays, s.SignDays, s.ProduceDays = 14, 8, 20
	}
	later := func(s *partnership.Schedule, _ *partnership.Terms) {
		s.PublishFrom, s.PublishTo = s.PublishFrom.Add(60*day), s.PublishTo.Add(60*day)
	}
	share := func(_ *partnership.Schedule, t *partnership.Terms) { t.CommissionBPS = 1_500 }
	return []scene{
		{
			name: "amended while the offer is open",
			says: "Every date moves, told in one mail; the nudges are a third and two thirds of what is left.", want: []string{
				"your answer: Mon 14 Dec 2026 instead of Thu 10 Dec 2026 (4 days later)",
				"your post: Fri 29 Jan 2027 instead of Thu 14 Jan 2027 (15 days later)",
				"Sat 05 Dec 17:00 EST  mail offer_reminder offer/nudge-2, due Mon 14 Dec 12:00 EST",
				"Thu 10 Dec 09:00 EST  mail offer_reminder offer/second_nudge-2, due Mon 14 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.on("mail invitation", func(task string) {
					ta.after(day, func() { ta.amends("more time", longer) })
					ta.after(13*day, func() { ta.answers(task, partnership.ChoiceAccept, 0) })
				})
			},
		},
		{
			name: "terms amended while the offer is open",
			says: "Before the signature the new offer holds, and the creator is told what changed.", want: []string{
				"Tue 01 Dec 12:00 EST  mail terms_changed terms/changed-1",
				"Commission: 15 % instead of 10 %",
				"Wed 02 Dec 12:00 EST  contract",
			},
			plot: func(ta *tale) {
				ta.on("mail invitation", func(task string) {
					ta.after(day, func() { ta.amends("15 % commission", share) })
					ta.after(2*day, func() { ta.answers(task, partnership.ChoiceAccept, 0) })
				})
			},
		},
		{
			name: "amended while the contract is out",
			says: "The date of the signature moves as the mail says, and with it the end of the wait: a signature after the old date counts.", want: []string{
				"your signature: Wed 9 Dec 2026 instead of Sun 6 Dec 2026 (3 days later)",
				"Mon 07 Dec 09:00 EST  mail sign_reminder sign/second_nudge-2, due Wed 09 Dec 12:00 EST",
				"Tue 08 Dec 12:00 EST    creator signs",
				"Fri 11 Dec 12:00 EST  mail draft_request draft-1/request, due Thu 31 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.on("contract", func(string) {
					ta.after(day, func() { ta.amends("more time", longer) })
					ta.after(7*day, ta.signs)
				})
			},
		},
		{
			name: "amended while the parcel is on its way",
			says: "Ten more days to make the draft, from the delivery; a live date that follows from the new lengths.", want: []string{
				"your draft: Sun 27 Dec 2026 instead of Thu 17 Dec 2026 (10 days later)",
				"your post: Fri 29 Jan 2027 instead of Thu 14 Jan 2027 (15 days later)",
				"Sat 05 Dec 12:00 EST  mail draft_request draft-1/request, due Fri 25 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.later("mail gift_shipped", day, func(string) { ta.amends("more time", longer) })
			},
		},
		{
			name: "terms amended while the parcel is on its way",
			says: "Signed terms are frozen: a contract amendment asks for a signature of its own, and no date moves.", want: []string{
				"Thu 03 Dec 12:00 EST    brand amends the campaign: 15 % commission",
				"Thu 03 Dec 12:00 EST  contract",
				"Sat 05 Dec 12:00 EST  mail draft_request draft-1/request, due Tue 15 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.later("mail gift_shipped", day, func(string) { ta.amends("15 % commission", share) })
			},
		},
		{
			name: "amended before the draft",
			says: "The old nudge of the 10th and the old day before of the 14th do not go out; the new ladder is drawn to Christmas Day, and nothing comes on the day of the news.", want: []string{
				"your draft: Fri 25 Dec 2026 instead of Tue 15 Dec 2026 (10 days later)",
				"Wed 16 Dec 09:00 EST  mail draft_reminder draft-1/nudge-2, due Fri 25 Dec 12:00 EST",
				"Thu 24 Dec 12:00 EST  mail draft_reminder draft-1/day_before-2, due Fri 25 Dec 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.on("mail draft_request", func(task string) {
					ta.after(day, func() { ta.amends("more time", longer) })
					ta.after(19*day+time.Hour, func() { ta.drafts(task) })
				})
			},
		},
		{
			name: "the live window is amended before the draft",
			says: "Only the live date moves: not before the window opens, ten days and sixty after the start.", want: []string{
				"your post: Mon 8 Feb 2027 instead of Thu 14 Jan 2027 (25.5 days later)",
				"Tue 08 Dec 12:00 EST  mail cleared_to_post post-1/request, due Mon 08 Feb 12:00 EST",
			},
			plot: func(ta *tale) {
				ta.on("mail draft_request", func(task string) {
					ta.after(day, func() { ta.amends("live 60 days later", later) })
					ta.after(2*day, func() { ta.drafts(task) })
				})
			},
		},
		{
			name: "amended after the draft",
			says: "A draft is in, so its dates stay; nobody is told anything.", want: []string{
				"Tue 08 Dec 12:00 EST  mail cleared_to_post post-1/request, due Thu 14 Jan 00:00 EST",
				"Wed 09 Dec 12:00 EST    brand amends the campaign: live 60 days later",
				"Thu 10 Dec 12:00 EST    creator tells of post-1",
			},
			plot: func(ta *tale) {
				ta.later("mail cleared_to_post", day, func(task string) {
					ta.amends("live 60 days later", later)
					ta.after(day, func() { ta.posts(task) })
				})
			},
		},
		{
			name: "amended in the sales window",
			says: "Only the sales window is left, which no amendment reaches.", want: []string{
				"Sat 12 Dec 12:00 EST    brand amends the campaign: more time",
				"Sat 09 Jan 12:00 EST  ends completed",
			},
			plot: func(ta *tale) {
				ta.later("mail payout_setup", 2*day, func(string) { ta.amends("more time", longer); ta.setsUpPayout() })
			},
		},
	}
}

func calendarScenes() []scene {
	const newYork, berlin, tokyo = "America/New_York", "Europe/Berlin", "Asia/Tokyo"
	silentOffer := func(zone string) func(*tale) {
		return func(ta *tale) { ta.in.CreatorZone = zone; ta.on("mail invitation", nil) }
	}
	silentDraft := func(zone, creator string) func(*tale) {
		return func(ta *tale) {
			ta.in.Zone, ta.in.CreatorZone = zone, creator
			ta.on("mail draft_request", nil)
			ta.later("card quiet draft-1", time.Hour, ta.drafts)
		}
	}
	return []scene{
		{
			name: "summer time begins where the campaign is", start: local(newYork, "2027-03-02 20:00"),
			says: "Ten days after Sunday 20 h are a Wednesday 20 h, though the days between have an hour less; a reminder planned for the evening comes at five of that day.", want: []string{
				"Sun 07 Mar 20:00 EST  mail draft_request draft-1/request, due Wed 17 Mar 20:00 EDT",
				"Fri 12 Mar 17:00 EST  mail draft_reminder draft-1/nudge, due Wed 17 Mar 20:00 EDT",
				"Wed 17 Mar 17:00 EDT  mail draft_reminder draft-1/due, due Wed 17 Mar 20:00 EDT",
				"Sat 20 Mar 20:00 EDT  card quiet draft-1, due Wed 17 Mar 20:00 EDT",
			},
			plot: silentDraft(newYork, ""),
		},
		{
			name: "summer time ends where the campaign is", start: local(newYork, "2026-10-23 20:00"),
			says: "Ten days after Wednesday 20 h are a Saturday 20 h, though the days between have an hour more; Veterans Day does not count for the review.", want: []string{
				"Wed 28 Oct 20:00 EDT  mail draft_request draft-1/request, due Sat 07 Nov 20:00 EST",
				"Sat 07 Nov 17:00 EST  mail draft_reminder draft-1/due, due Sat 07 Nov 20:00 EST",
				"Tue 10 Nov 21:00 EST  card review draft-1, due Mon 16 Nov 21:00 EST",
			},
			plot: silentDraft(newYork, ""),
		},
		{
			name: "summer time begins where the creator is", start: local(newYork, "2027-03-16 00:30"),
			says: "Berlin changes on the 28th and New York did before: half past midnight there is half past five and then half past six here, and each reminder comes at nine.", want: []string{
				"Sun 21 Mar 05:30 CET  mail draft_request draft-1/request, due Wed 31 Mar 06:30 CEST",
				"Fri 26 Mar 09:00 CET  mail draft_reminder draft-1/nudge, due Wed 31 Mar 06:30 CEST",
				"Tue 30 Mar 09:00 CEST  mail draft_reminder draft-1/day_before, due Wed 31 Mar 06:30 CEST",
			},
			plot: silentDraft(newYork, berlin),
		},
		{
			name: "summer time ends where the creator is", start: local(newYork, "2026-10-13 00:30"),
			says: "Berlin changes on the 25th and New York later: half past six becomes half past five, and each reminder comes at nine.", want: []string{
				"Sun 18 Oct 06:30 CEST  mail draft_request draft-1/request, due Wed 28 Oct 05:30 CET",
				"Fri 23 Oct 09:00 CEST  mail draft_reminder draft-1/nudge, due Wed 28 Oct 05:30 CET",
				"Tue 27 Oct 09:00 CET  mail draft_reminder draft-1/day_before, due Wed 28 Oct 05:30 CET",
			},
			plot: silentDraft(newYork, berlin),
		},
		{
			name: "a draft is due on leap day", start: local(newYork, "2028-02-14 12:00"),
			says: "Ten days after the 19th are the 29th; the day after is the 1st of March.", want: []string{
				"Mon 28 Feb 12:00 EST  mail draft_reminder draft-1/day_before, due Tue 29 Feb 12:00 EST",
				"Tue 29 Feb 12:00 EST  mail draft_reminder draft-1/due, due Tue 29 Feb 12:00 EST",
				"Wed 01 Mar 12:00 EST  mail draft_reminder draft-1/check_in, due Tue 29 Feb 12:00 EST",
			},
			plot: silentDraft(newYork, ""),
		},
		{
			name: "a review over Thanksgiving", start: local(newYork, "2026-11-18 12:00"),
			says: "Three business days after the Wednesday are Friday, Monday and Tuesday.", want: []string{
				"Wed 25 Nov 12:00 EST  card review draft-1, due Tue 01 Dec 12:00 EST",
				"Tue 01 Dec 12:00 EST  card review closed draft-1",
			},
			plot: func(ta *tale) { ta.on("card review", nil) },
		},
		{
			name: "a review over the end of the year", start: local(newYork, "2026-12-23 12:00"),
			says: "Three business days after Wednesday the 30th are Thursday, Monday and Tuesday: nobody reviews on New Year's Day or on a weekend.", want: []string{
				"Wed 30 Dec 12:00 EST  card review draft-1, due Tue 05 Jan 12:00 EST",
				"Tue 05 Jan 12:00 EST  card review closed draft-1",
				"Tue 05 Jan 12:00 EST  mail cleared_to_post post-1/request, due Fri 05 Feb 12:00 EST",
			},
			plot: func(ta *tale) { ta.on("card review", nil) },
		},
		{name: "the creator is in Tokyo", outcome: partnership.Expired, says: "A third is 10 h in Tokyo, two thirds are 18 h: too late, so five of that day.", want: []string{
			"Fri 04 Dec 10:00 JST  mail offer_reminder offer/nudge, due Fri 11 Dec 02:00 JST",
			"Mon 07 Dec 17:00 JST  mail offer_reminder offer/second_nudge, due Fri 11 Dec 02:00 JST",
		}, plot: silentOffer(tokyo)},
		{name: "the creator is in Kathmandu", outcome: partnership.Expired, says: "The zone is a quarter of an hour off: a third is 6.45 h, so nine of that day; two thirds are 14.45 h.", want: []string{
			"Fri 04 Dec 09:00 +0545  mail offer_reminder offer/nudge, due Thu 10 Dec 22:45 +0545",
			"Mon 07 Dec 14:45 +0545  mail offer_reminder offer/second_nudge, due Thu 10 Dec 22:45 +0545",
		}, plot: silentOffer("Asia/Kathmandu")},
		{name: "the creator is in Honolulu", outcome: partnership.Expired, says: "A third is 15 h, two thirds are 23 h: five of that day.", want: []string{
			"Thu 03 Dec 15:00 HST  mail offer_reminder offer/nudge, due Thu 10 Dec 07:00 HST",
			"Sun 06 Dec 17:00 HST  mail offer_reminder offer/second_nudge, due Thu 10 Dec 07:00 HST",
		}, plot: silentOffer("Pacific/Honolulu")},
		{
			name: "the payout account of a creator in Tokyo is never set up",
			says: "Three days after 2 h at night are 2 h at night: each reminder waits until nine.", want: []string{
				"Mon 14 Dec 09:00 JST  mail payout_reminder payout_setup/chaser-1, due Sun 10 Jan 02:00 JST",
				"Thu 17 Dec 09:00 JST  mail payout_reminder payout_setup/chaser-2, due Sun 10 Jan 02:00 JST",
			},
			plot: func(ta *tale) { ta.in.CreatorZone = tokyo; ta.on("mail payout_setup", nil) },
		},
		{
			name: "a creator in Tokyo hears of a slip",
			says: "Noon of the 21st in New York is the 22nd in Tokyo: the mail of the slip, the request and the page name the same day.", want: []string{
				"Fri 04 Dec 02:00 JST  mail dates_moved dates/moved-1",
				"your draft: Tue 22 Dec 2026 instead of Fri 18 Dec 2026 (4 days later)",
				"Sat 12 Dec 02:00 JST  mail draft_request draft-1/request, due Tue 22 Dec 02:00 JST",
			},
			plot: func(ta *tale) { ta.in.CreatorZone = tokyo; ta.parcel(9, 9) },
		},
		{
			name: "an offer ends in a midnight that does not exist", outcome: partnership.Expired, start: local("America/Havana", "2026-02-26 00:00"),
			says: "In Havana the 8th begins at one: that instant ends the offer.", want: []string{
				"Thu 26 Feb 00:00 CST  mail invitation offer/request, due Sun 08 Mar 01:00 CDT",
				"Sun 01 Mar 09:00 CST  mail offer_reminder offer/nudge, due Sun 08 Mar 01:00 CDT",
				"Sun 08 Mar 01:00 CDT  ends expired",
			},
			plot: func(ta *tale) { ta.in.Zone = "America/Havana"; ta.on("mail invitation", nil) },
		},
	}
}
