package front

import (
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/examples"
)

// templates are what a launch may begin with beside its own files: a blank form, and the sample campaigns that are in every binary.
func templates() ([]launch.Template, error) {
	all := []launch.Template{launch.Blank}
	for _, sample := range []struct{ name, title string }{
		{"hybrid", "Like “Dreams Sunset”: a fee, a gift, a share of the sales"},
		{"gift-then-commission", "Like “Dreams First Light”: a gift, then a share of the sales"},
	} {
		text, err := examples.Files.ReadFile(sample.name + "/campaign.yaml")
		if err != nil {
			return nil, err
		}
		all = append(all, launch.Template{Name: sample.name, Title: sample.title, Campaign: text})
	}
	return all, nil
}
