package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/creators"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

type eraseCommand struct {
	whoever
	Yes bool `help:"Do it: it cannot be undone. Without this it says what is open and owed, and changes nothing."`
}

func (c eraseCommand) Run(a *app) error {
	by, err := a.may(partnership.DeedEraseCreator)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	eraser := creators.Eraser{
		People: kept, Workflows: func() (creators.Workflows, error) { return a.workflows() }, Patiently: a.patiently, Patience: shellPatience, Look: askAgainEvery,
	}
	if !c.Yes {
		before, err := eraser.Preview(a.ctx, by, c.ref())
		if err != nil {
			return err
		}
		if err := a.show(before, func(w io.Writer) {
			showOpen(w, before)
			line(w, "Nothing was changed. Erasing cannot be undone; to do it, run it again with --yes.")
		}); err != nil {
			return err
		}
		return &exitCode{wrong}
	}
	before, done, err := eraser.Erase(a.ctx, by, c.ref())
	if err != nil {
		return err
	}
	return a.show(done, func(w io.Writer) { showErased(w, before, done) })
}

// showOpen says what an erasure ends, and what becomes of money.
func showOpen(w io.Writer, e board.Erasure) { say(w, e.Would()) }

// showErased says line by line what was done.
func showErased(w io.Writer, before, done board.Erasure) { say(w, done.Did(before)) }

func say(w io.Writer, lines []string) {
	for _, l := range lines {
		line(w, "%s", l)
	}
}
