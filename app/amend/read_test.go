package amend_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
)

func TestFurtherCreatorsAreCheckedAsAtLaunch(t *testing.T) {
	t.Parallel()
	running := partnership.Campaign{Name: "Dreams", Selection: partnership.Selection{Niches: []string{"home"}}}
	const header = "handle,name,email,platform,followers,engagement_rate,niche\n"
	for _, test := range []struct{ csv, want string }{
		{header + "ada,Ada,ada@mail.example,instagram,9000,4,home\nben,Ben,ben@mail.example,instagram,9000,4,cars\n", ""},
		{header + "ada,Ada,ada@mail.example,instagram,9000,4,cars\n", "1: none of the creators passes the campaign's selection"},
		{header + "ada,Ada,nowhere,instagram,many,4,home\n", "2: followers: "},
		{"handle\nada\n", "1: columns are missing: name, email, "},
	} {
		change, err := amend.Read(amend.Files{CreatorsName: "more.csv", Creators: []byte(test.csv)}, running, time.Now(), 24*time.Hour, intake.Vendors{})
		if test.want == "" && (err != nil || len(change.Creators) != 2 || change.Spec.Name != "Dreams") {
			t.Errorf("%+v, %v", change, err)
		}
		if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
}
