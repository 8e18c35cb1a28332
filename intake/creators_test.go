package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
)

const header = "handle,name,email,platform,followers,engagement_rate,niche,country,language,timezone,source,audience_match,past_customer,notes,shoe_size\n"

func parse(text string) ([]partnership.Creator, string) {
	creators, faults, _ := intake.ParseCreators("c.csv", strings.NewReader(text))
	return creators, lines(faults)
}

func TestACreatorIsReadWhole(t *testing.T) {
	t.Parallel()
	got, faults := parse("\xef\xbb\xbf" + header + `@Ada.Wears_less , Adaeze Fontaine ,Ada@mail.example,Instagram,24000,4.6,Home,us,en,America/Chicago,customer,78.5,yes,"likes ""quotes"",
and two lines",41` + "\n")
	if faults != "" {
		t.Fatal(faults)
	}
	want := []partnership.Creator{{
		Handle: "Ada.Wears_less", Name: "Adaeze Fontaine", Email: "Ada@mail.example", Platform: "instagram", Followers: 24000, EngagementRate: 4.6,
		Niche: "home", Country: "US", Language: "en", Timezone: "America/Chicago", Source: "customer", AudienceMatch: 78.5, PastCustomer: true,
		Notes: "likes \"quotes\",\nand two lines", Extra: map[string]string{"shoe_size": "41"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAllFaultsOfACSVAtOnce(t *testing.T) {
	t.Parallel()
	creators, got := parse(header +
		"a1,Ann,ann@mail.example,instagram,100,4,home,,,,,,,\"two\nlines\",\n" + // lines 2 and 3
		"A1,Bob,ANN@mail.example,instagram,1e4,101,home,,,,,,,,\n" +
		",,nowhere,tiktok,-5,high,,Narnia,,Mars/Olympus,friend,200,perhaps,,\n" +
		"short,row\n" +
		"b2,Cy,cy@mail.example,youtube,100,4,home,,,,,,,,\n" +
		"b3,\"Da\nna\",dana@mail.example,youtube,100,4,home,,,,,,,,\n" + // lines 8 and 9
		"b 4,Eve,eve@mail.example,youtube,100,4,home,,,,,,,,\n")
	want := `c.csv:4: handle: the same as in line 2, on the same platform; each creator once
c.csv:4: followers: "1e4" is not allowed; a whole number such as 18000 is wanted (a spreadsheet has shortened it: format the column as whole numbers and save again)
c.csv:4: engagement_rate: "101" is not allowed; a number from 0 to 100 such as 4.2 is wanted
c.csv:5: handle: empty; the name on the platform is wanted
c.csv:5: name: empty; the person's name is wanted
c.csv:5: email: not an email address such as sam@mail.example
c.csv:5: followers: "-5" is not allowed; a whole number such as 18000 is wanted
c.csv:5: engagement_rate: "high" is not allowed; a number from 0 to 100 such as 4.2 is wanted
c.csv:5: niche: empty; the niche's name is wanted
c.csv:5: country: "Narnia" is not an ISO 3166 code of two letters such as US, nor a country's name
c.csv:5: timezone: "Mars/Olympus" is not an IANA time zone such as Europe/Berlin
c.csv:5: source: "friend" is not allowed; allowed: customer, organic_mention, inbound, referral, search
c.csv:5: audience_match: "200" is not allowed; a number from 0 to 100 such as 4.2 is wanted
c.csv:5: past_customer: "perhaps" is not allowed; true or false is wanted
c.csv:6: 2 fields; the header has 15
c.csv:8: name: holds a line break or a control character; one line of text is wanted
c.csv:10: handle: is not allowed: letters, digits, dot, hyphen and underscore are wanted, and this holds ' ' (U+0020)
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(creators) != 0 {
		t.Errorf("%d creators of a file with faults", len(creators))
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":     "c.csv:1: no header; the first line names the columns: handle,name,email,platform,followers,engagement_rate,niche\n",
		header: "c.csv:1: no creators; a line for each is wanted after the header\n",
		"handle,name,emial,platform,followers,engagement_rate,niche\n":        "c.csv:1: email: the column is missing (is it \"emial\"?); required: handle,name,email,platform,followers,engagement_rate,niche\n",
		"handle,name,email,platform,followers,engagement_rate,niche,handle\n": "c.csv:1: handle: the column is given twice\n",
	} {
		if creators, got := parse(text); got != want || len(creators) > 0 {
			t.Errorf("%q: %s", text, got)
		}
	}
	// Columns in another order and spelling.
	got, faults := parse(" Niche ,EMAIL,name,handle,platform,engagement_rate,followers\nhome,a@mail.example,Ann,a1,tiktok,4,100\n")
	if faults != "" || len(got) != 1 || got[0].Niche != "home" || got[0].Followers != 100 {
		t.Errorf("%v %s", got, faults)
	}
}

func TestBrokenQuotes(t *testing.T) {
	t.Parallel()
	row := "b2,Cy,cy@mail.example,youtube,100,4,home,,,,,,,,\n"
	for text, want := range map[string]string{
		header + "a1,A\"n\"n,ann@mail.example,x,1,4,home,,,,,,,,\n" + row:     "c.csv:2: not readable as CSV: bare \" in non-quoted-field",
		header + row + "a1,\"Ann,ann@mail.example,x,1,4,home,,,,,,,,\n" + row: "c.csv:3: not readable as CSV: extraneous or missing \" in quoted-field",
		header + "a\x811,Ann,ann@mail.example,x,1,4,home,,,,,,,,\n":           "c.csv:2: not readable as UTF-8",
	} {
		if creators, got := parse(text); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, want) || len(creators) > 0 {
			t.Errorf("got  %swant %s", got, want)
		}
	}
}

func TestFaultsRepeatNoAddress(t *testing.T) {
	t.Parallel()
	_, got := parse(header + "x,Ann Secret,ann.secret@mail@example,tiktok,1,4,home,,,,,,,,\nx,Bob Secret,bob.secret@mail.example,tiktok,1,4,home,,,,,,,,\nx,B,bob.secret@mail.example,tiktok,1,4,home,,,,,,,,\n")
	if got == "" || strings.Contains(got, "ecret") {
		t.Error(got)
	}
}

// rowsOf is a list of n creators.
func rowsOf(n int) string {
	var b strings.Builder
	b.WriteString(header)
	for i := range n {
		fmt.Fprintf(&b, "creator.%d,Person %d,person-%d@mail.example,instagram,%d,4.2,fragrance,US,en,America/New_York,inbound,60,false,\"quoted, note\",\n", i, i, i, 1_000+i)
	}
	return b.String()
}

// Ten times the rows cost ten times as much, which is counted and not timed; BenchmarkParseCreators says how long it takes.
func TestALongListCostsWhatItsRowsCost(t *testing.T) {
	cost := func(n int) float64 {
		text := rowsOf(n)
		return testing.AllocsPerRun(1, func() {
			if creators, faults := parse(text); len(creators) != n || faults != "" {
				t.Fatalf("%d creators\n%s", len(creators), faults)
			}
		})
	}
	few, many := cost(500), cost(5_000)
	if many > 11*few {
		t.Errorf("500 rows took %.0f allocations, 5,000 %.0f", few, many)
	}
}

func BenchmarkParseCreators(b *testing.B) {
	text := rowsOf(5_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if creators, _ := parse(text); len(creators) != 5_000 {
			b.Fatal(len(creators))
		}
	}
}
