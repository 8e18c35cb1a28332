package mutants

// paper is what people sign.
var paper = []mutant{
	{
		name: "a name that no font has is signed with a hole", file: "activities/contract_pdf.go",
		old: `if strange := fonts.Undrawable(v.Creator.Name); len(strange) > 0 {`, new: `if strange := fonts.Undrawable(v.Creator.Name); len(strange) > 99 {`,
		pkg: "activities", run: "WithAHole", why: "somebody signs an agreement with an empty box for their name, or sees no decision at all",
	},
	{
		name: "a number in Arabic stands on the wrong side", file: "partnership/paper/levels.go",
		old: `			digits = number(words[i:], afterArabic(words[:i]))`, new: `			digits = 0`,
		pkg: "partnership/paper", run: "Levels|Eye", why: "the house number of an address reads as if it belonged to what follows",
	},
	{
		name: "what is copied out of Hebrew is turned around", file: "partnership/paper/right.go",
		old: `		slices.Reverse(piece)`, new: ``,
		pkg: "partnership/paper", run: "ComeOut", why: "the text of the contract is not the terms",
	},
	{
		name: "a character that turns words around is drawn", file: "partnership/paper/undrawable.go",
		old: `r >= 0x202a && r <= 0x202e`, new: `r > 0x202e && r < 0x202e`,
		pkg: "partnership/paper", run: "Named", why: "$001 is agreed and 100$ is read",
	},
	{
		name: "launch takes a brief that no contract can hold", file: "intake/campaign.go",
		old: `	r.drawable(c, known.Fonts)
`, new: ``,
		pkg: "intake", run: "Drawn", why: "every contract of the campaign stops, after everybody has accepted",
	},
}
