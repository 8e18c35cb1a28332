package main

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

type partnershipMails struct {
	whichPartnership

	Files string `placeholder:"DIR" help:"Write the files that came with them into this folder."`
}

func (c partnershipMails) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	id, err := c.find(a)
	if err != nil {
		return err
	}
	mails, err := kept.Conversation(a.ctx, id)
	if err != nil {
		return err
	}
	if c.Files != "" {
		if err := saveFiles(a, c.Files, mails); err != nil {
			return err
		}
	}
	return a.show(mails, func(w io.Writer) {
		if len(mails) == 0 {
			line(w, "No mail has come.")
		}
		for _, m := range mails {
			showMail(w, m)
		}
	})
}

func showMail(w io.Writer, m board.Mail) {
	line(w, "%s   %s   %s", when(m.At), m.From, m.Subject)
	switch {
	case m.Ours:
		line(w, "  our answer: %s", m.StateWords())
	case m.Machine:
		line(w, "  written by a machine: no sign of life")
	case m.NeedsAnswer:
		line(w, "  nobody has answered it yet")
	}
	for _, f := range m.Files {
		line(w, "  file: %s (%s, %d bytes)", f.Name, f.Type, f.Size)
	}
	for _, doubt := range m.Doubts {
		line(w, "  not read: %s (the whole mail is delivery %d of the inbox)", doubt, m.InboxID)
	}
	line(w, "%s\n", m.Whole)
}

// saveFiles writes files under names of ours: theirs are a stranger's.
func saveFiles(a *app, folder string, mails []board.Mail) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	n := 0
	for _, m := range mails {
		for _, f := range m.Files {
			if f.ID == "" {
				continue
			}
			file, err := kept.MessageFile(a.ctx, f.ID)
			if err != nil {
				return err
			}
			n++
			name := strconv.Itoa(n) + "-" + partnership.SafeFileName(file.Name)
			if err := os.WriteFile(filepath.Join(folder, name), file.Content, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

type partnershipAnswer struct {
	whichPartnership

	Words    []string `arg:"" optional:"" help:"What the creator reads, word for word."`
	Subject  string   `help:"That of their mail, with Re:, where none is given."`
	Mail     string   `help:"The mail that it answers, as partnership mails --json names it; the newest where none is given."`
	NoAnswer bool     `help:"Their mail needs no answer: nothing is written."`
}

func (partnershipAnswer) Help() string {
	return `It goes out as a mail in the creator's own thread, in the brand's name, and stands in the conversation.

  rapport partnership answer @lena "Thursday is fine."
  rapport partnership answer @lena --no-answer`
}

func (c partnershipAnswer) Run(a *app) error {
	by, err := a.may(partnership.DeedAnswerCreator)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	id, err := c.find(a)
	if err != nil {
		return err
	}
	words := strings.Join(c.Words, " ")
	if c.NoAnswer {
		if words != "" || c.Subject != "" {
			return partnership.FieldErrorf("no-answer", "says that nothing is written: leave words and --subject out")
		}
		if err := deeds.NeedsNoAnswer(a.ctx, kept, by, id, c.Mail); err != nil {
			return err
		}
		return a.show(map[string]string{"done": string(partnership.ChoiceNone)}, func(w io.Writer) { line(w, "Their mail needs no answer; it waits for nobody any more.") })
	}
	sent, err := deeds.AnswerCreator(a.ctx, kept, by, partnership.AnswerToCreator{PartnershipID: id, MessageID: c.Mail, Subject: c.Subject, Words: words})
	if err != nil {
		return err
	}
	return a.show(map[string]string{"done": string(partnership.ChoiceAnswer), "id": sent.ID}, func(w io.Writer) {
		line(w, "“%s” is kept and goes out as a mail in their thread; rapport partnership mails %s says when it has.", sent.Subject, id)
	})
}
