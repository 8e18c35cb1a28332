package intake_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/intake"
)

const seven = "handle,name,email,platform,followers,engagement_rate,niche\n"

// read parses a text and gives the creators in short, and all lines of faults and warnings.
func read(file, text string) (short []string, said string) {
	creators, faults, warnings := intake.ParseCreators(file, strings.NewReader(text))
	for _, c := range creators {
		short = append(short, c.Platform+":"+c.Handle+" "+c.Name+" <"+c.Email+">")
	}
	for _, w := range warnings {
		said += "warning: " + w.String() + "\n"
	}
	return short, lines(faults) + said
}

// Files as people have them: what is read of each, and what is said.
func TestFilesAsPeopleHaveThem(t *testing.T) {
	t.Parallel()
	fern := []string{"instagram:fern.attic Fern Attley <fern@mail.example>"}
	for file, want := range map[string]struct {
		read []string
		said []string
	}{
		"A1-blank-rows":             {fern, nil},
		"A1-sep-line":               {fern, nil},
		"A1-separator":              {fern, nil},
		"A1-synonyms":               {fern, nil},
		"A1-title-row":              {fern, []string{"A1-title-row.csv:2: what stands before"}},
		"A1-trailing-columns":       {fern, nil},
		"A1-utf16":                  {fern, nil},
		"A4-first":                  {fern, nil},
		"A4-handles":                {fern, nil},
		"A4-then-another-person":    {[]string{"tiktok:Fern.Attic Moss Porter <moss@mail.example>"}, nil},
		"A4-agency-mail":            {[]string{fern[0][:len(fern[0])-len("<fern@mail.example>")] + "<desk@agency.example>", "tiktok:moss.porch Moss Porter <Desk@agency.example>"}, []string{"csv:3: email: the same address as in line 2"}},
		"A5-invisible":              {nil, []string{"csv:2: email: holds a ZERO WIDTH SPACE (U+200B)"}},
		"A6-country":                {nil, []string{`csv:3: country: "ZZ" is not an ISO 3166 code`}},
		"A7-export-then-import":     {[]string{"instagram:-fern.attic- +Fern Last <fern@mail.example>"}, nil},
		"A2-numbers":                {[]string{"instagram:num0.maker Num 0 <num0@mail.example>", "instagram:num1.maker Num 1 <num1@mail.example>", "instagram:num2.maker Num 2 <num2@mail.example>", "instagram:num3.maker Num 3 <num3@mail.example>"}, nil},
		"A3-fraction-among-percent": {nil, []string{"csv:3: engagement_rate: below 1 without a sign in lines 3, 4: are these per cents or fractions of one? For per cents write the sign, as 0.042%; a fraction is written as per cents, as 4.2"}},
	} {
		t.Run(file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", "people", file+".csv"))
			if err != nil {
				t.Fatal(err)
			}
			got, said := read(file+".csv", string(text))
			if diff := cmp.Diff(want.read, got); diff != "" {
				t.Errorf("read (-want +got):\n%s%s", diff, said)
			}
			if strings.Count(said, "\n") != len(want.said) {
				t.Errorf("said:\n%s", said)
			}
			for _, words := range want.said {
				if !strings.Contains(said, words) {
					t.Errorf("not said: %q\n%s", words, said)
				}
			}
		})
	}
}

func TestHandlesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]string{
		"https://www.instagram.com/fern.attic/?igsh=MzR,Fern,f@m.example,":        "instagram:fern.attic",
		"HTTPS://M.TikTok.com/@fern_x?lang=en,Fern,f@m.example,tiktok":            "tiktok:fern_x",
		"youtube.com/@コハル/videos,Koharu,f@m.example,youtube":                      "youtube:コハル",
		"https://youtube.com/@%E3%82%B3%E3%83%8F%E3%83%AB,K,f@m.example,":         "youtube:コハル",
		"https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv,F,f@m.example,": "youtube:UCabcdefghijklmnopqrstuv",
		"＠ｆｅｒｎ,Fern,f@m.example,Instagram":                                        "instagram:fern",
		"@fern,Fern,f@m.example,IG":                                               "instagram:fern",
		"x.com/fern,Fern,f@m.example,Twitter":                                     "x:fern",
		"фёрн,Fern,f@m.example,youtube":                                           "youtube:фёрн",
		"https://www.instagram.com/fern/,Fern,f@m.example,tiktok":                 "fault: handle: the link leads to instagram and the platform says tiktok",
		"https://www.instagram.com/p/Cx1,Fern,f@m.example,":                       "fault: handle: is a link that leads to no profile of instagram",
		"https://youtube.com/watch?v=x,Fern,f@m.example,":                         "fault: handle: is a link that leads to no profile of youtube",
		"https://shop.example/fern,Fern,f@m.example,instagram":                    "fault: handle: is a link to a place that is not known",
		"fern.аttic,Fern,f@m.example,instagram":                                   "fault: handle: is not allowed: instagram knows a-z",
		"fern\u200battic,Fern,f@m.example,tiktok":                                 "fault: handle: holds a ZERO WIDTH SPACE (U+200B)",
		"\ufefffern,Fern,f@m.example,tiktok":                                      "fault: handle: holds a ZERO WIDTH NO-BREAK SPACE",
		"fern\u00adattic,Fern,f@m.example,tiktok":                                 "fault: handle: holds a SOFT HYPHEN",
		"\u202afern\u202c,Fern,f@m.example,tiktok":                                "fault: handle: holds a LEFT-TO-RIGHT EMBEDDING",
		"fern attic,Fern,f@m.example,tiktok":                                      "fault: handle: is not allowed",
		"fern,Fern,f＠m.example,tiktok":                                            "fault: email: holds a FULLWIDTH COMMERCIAL AT",
		"fern,Fern,f@m\u00a0.example,tiktok":                                      "fault: email: holds a NO-BREAK SPACE",
		"fern,Fern,für@m.example,tiktok":                                          "fault: email: holds 'ü' (U+00FC) before the @",
		"fern,\u200b,f@m.example,tiktok":                                          "fault: name: holds nothing that can be seen",
		"fern,Fern,f@m.example,":                                                  "fault: platform: empty",
	} {
		creators, faults, _ := intake.ParseCreators("c.csv", strings.NewReader(seven+row+",9000,4,home\n"))
		got := strings.Replace(lines(faults), "c.csv:2: ", "fault: ", 1)
		if len(creators) == 1 {
			got = creators[0].Platform + ":" + creators[0].Handle
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s\n got %s\nwant %s", row, got, want)
		}
	}
}

func TestNamesAreCleanedAndAddressesNormal(t *testing.T) {
	t.Parallel()
	creators, faults, warnings := intake.ParseCreators("c.csv", strings.NewReader(seven+
		"a,Fern\u00a0\u200bAttley,F@BÜCHER.Example,tiktok,9000,4,home\nb,می\u200cخواهم,b+x@m.example,tiktok,9000,4,home\nc,Jo 👩\u200d🎨,b@m.example,tiktok,9000,4,home\n"))
	if len(faults) > 0 || len(creators) != 3 {
		t.Fatal(faults)
	}
	if c := creators[0]; c.Name != "Fern Attley" || c.Email != "F@xn--bcher-kva.example" {
		t.Errorf("%+v", c)
	}
	if creators[1].Name != "می\u200cخواهم" || creators[2].Name != "Jo 👩\u200d🎨" {
		t.Error("joiners that shape a name were taken out")
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0].String(), "c.csv:2: name: a ZERO WIDTH SPACE (U+200B)") {
		t.Errorf("%v", warnings) // plus-addresses are different addresses: nothing is said of them
	}
}

func TestOnePersonTwice(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a,Fern,f@m.example,tiktok,9,4,h\nA,Fern,g@m.example,tiktok,9,4,h\n":    "handle: the same as in line 2, on the same platform",
		"a,Fern,f@m.example,tiktok,9,4,h\na,Moss,g@m.example,instagram,9,4,h\n": "",
		"a,Fern,f@m.example,tiktok,9,4,h\nb,FERN,F@m.example,instagram,9,4,h\n": "person: the same name and address as in line 2",
		"a,Fern,f@m.example,tiktok,9,4,h\nb,Moss,F@m.example,instagram,9,4,h\n": "email: the same address as in line 2",
	} {
		_, said := read("c.csv", seven+text)
		if want == "" && said != "" || !strings.Contains(said, want) {
			t.Errorf("%ssaid %q", text, said)
		}
	}
	_, _, warnings := intake.ParseCreators("c.csv", strings.NewReader(seven+"a,Fern,f@m.example,tiktok,9,4,h\nb,Fern,f@m.example,instagram,9,4,h\nc,Moss,f@m.example,tiktok,9,4,h\n"))
	if twice := intake.Twice(warnings); len(twice) != 1 || twice[0].Line != 3 {
		t.Errorf("for a campaign the faults are %v", twice)
	}
}

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		sep, followers, rate string
		want                 int
		per                  float64
		fault                string
	}{
		{",", "15k", "3.4%", 15_000, 3.4, ""},
		{",", "1.2M", "3,4", 1_200_000, 3.4, ""},
		{",", "1,2m", "4", 1_200_000, 4, ""},
		{",", "1.234M", "4", 1_234_000, 4, ""},
		{",", "1,234,567", "4", 1_234_567, 4, ""},
		{",", "18 000", "4.250", 18_000, 4.25, ""},
		{";", "18000", "4,3", 18_000, 4.3, ""},
		{",", "18000.0", "0.042%", 18_000, 0.042, ""},
		{",", "15.000", "4", 0, 0, "as 15000 or as 15"},
		{";", "15,000", "4", 0, 0, "as 15000 or as 15"},
		{",", "1,23,4", "4", 0, 0, "not allowed"},
		{",", "12.5", "4", 0, 0, "not allowed"},
		{",", "9e9", "4", 0, 0, "not allowed"},
		{",", "many", "4", 0, 0, "not allowed"},
		{",", "-3", "4", 0, 0, "not allowed"},
		{",", "100", "140", 0, 0, "not allowed"},
		{",", "100", "NaN", 0, 0, "not allowed"},
	} {
		row := strings.Join([]string{"a", "Ann", "a@m.example", "tiktok", `"` + test.followers + `"`, `"` + test.rate + `"`, "home"}, test.sep)
		creators, faults, _ := intake.ParseCreators("c.csv", strings.NewReader(strings.ReplaceAll(seven, ",", test.sep)+row+"\n"))
		switch {
		case test.fault != "" && (len(faults) != 1 || !strings.Contains(faults[0].String(), test.fault)):
			t.Errorf("%s %s: %v", test.followers, test.rate, faults)
		case test.fault == "" && (len(creators) != 1 || creators[0].Followers != test.want || creators[0].EngagementRate != test.per):
			t.Errorf("%s %s: %+v %v", test.followers, test.rate, creators, faults)
		}
	}
}

func TestCountries(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"UK": "GB", "el": "GR", "us": "US", "DE": "DE", "XK": "XK", "ZZ": "", "EU": "", "AA": "", "USA": "US", "U1": "", "Narnia": "", "Deutschland": "DE", "u.s.a.": "US", "Türkiye": "TR", "Россия": "RU", "日本": "JP", "England": "GB", "Georgia": "GE", "Congo": "", "Korea": "KR", "Pays-Bas": "NL", "S": "", "YU": "", "": ""} {
		creators, faults, _ := intake.ParseCreators("c.csv", strings.NewReader(strings.TrimSuffix(seven, "\n")+",country\na,Ann,a@m.example,tiktok,9,4,home,"+code+"\n"))
		if ok := len(creators) == 1; ok != (want != "" || code == "") || ok && creators[0].Country != want {
			t.Errorf("%s: %v %v", code, creators, faults)
		}
	}
}

func TestOtherTablesAndHeaders(t *testing.T) {
	t.Parallel()
	row := "a,Ann,a@m.example,tiktok,9000,4,home\n"
	for what, text := range map[string]string{
		"tabs":              strings.ReplaceAll(seven+row, ",", "\t"),
		"bars":              strings.ReplaceAll(seven+row, ",", "|"),
		"a mark of order":   "\ufeff" + seven + row,
		"sep with quotes":   "\"sep=;\"\r\n" + strings.ReplaceAll(seven+row, ",", ";"),
		"two title rows":    "Spring list;;\n\n;;;\nby Mia\n" + strings.ReplaceAll(seven+row, ",", ";"),
		"other words":       "Instagram Handle,Display Name,E-Mail,Social Network,Follower Count,Engagement (%),Vertical\n" + row,
		"blank rows within": seven + "\n,,,,,,\n" + row + ",,,,,,,,\n",
	} {
		if short, said := read("c.csv", text); len(short) != 1 || short[0] != "tiktok:a Ann <a@m.example>" {
			t.Errorf("%s: %v %s", what, short, said)
		}
	}
	_, said := read("c.csv", "user,username,name,email,platform,followers,er,niche\n"+"a,"+row)
	if !strings.Contains(said, `handle: "user" and "username" could both be it`) {
		t.Error(said)
	}
	_, said = read("c.csv", seven+"a,Ann,a@m.example,tiktok,9000,4,home,more\n")
	if !strings.Contains(said, "8 fields; the header has 7") {
		t.Error(said)
	}
}

// What a spreadsheet or an editor puts before a campaign's text is no part of it.
func TestACampaignFileInAnyEncoding(t *testing.T) {
	t.Parallel()
	text := example(t, "hybrid", "campaign.yaml")
	wide := []byte{0xff, 0xfe}
	for _, b := range text {
		wide = append(wide, b, 0)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	want, faults, _ := intake.ParseCampaign("c.yaml", text, now, 24*time.Hour, alone)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, data := range [][]byte{append([]byte("\ufeff"), text...), wide} {
		got, faults, _ := intake.ParseCampaign("c.yaml", data, now, 24*time.Hour, alone)
		if diff := cmp.Diff(want, got); diff != "" || len(faults) > 0 {
			t.Errorf("%v %s", faults, diff)
		}
	}
}
