package console

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
)

// What goes to a bank by files, what a person says that it did, and what a month's payouts rest on.

// bankFiles are the payments of a month as files for the bank: the one, or all of them in an archive.
func (c *Console) bankFiles(r *http.Request, v visitor) (download, error) {
	of, err := monthOf(r)
	if err != nil {
		return download{}, err
	}
	files, err := deeds.BankFiles(r.Context(), c.Store, c.Banker, v.By, of.Program, of.Period)
	if err != nil {
		return download{}, err
	}
	written, wrong := []partnership.BankFile{}, []string{}
	for _, f := range files {
		if f.Wrong != "" {
			wrong = append(wrong, f.Wrong)
			continue
		}
		written = append(written, f)
	}
	switch {
	case len(written) == 0 && len(wrong) > 0:
		return download{}, partnership.Errorf(partnership.Conflict, "not written: %s", strings.Join(wrong, "; "))
	case len(written) == 0:
		return download{}, partnership.Errorf(partnership.Conflict, "no payment of this month goes to a bank by a file")
	case len(written) == 1 && len(wrong) == 0:
		return download{written[0].Name, "application/octet-stream", written[0].Text}, nil
	case len(wrong) > 0:
		written = append(written, partnership.BankFile{Name: "not-written.txt", Text: []byte(strings.Join(wrong, "\n") + "\n")})
	}
	text, err := archived(written)
	return download{"bank-" + of.Program + "-" + of.Period + ".zip", "application/zip", text}, err
}

func archived(files []partnership.BankFile) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.Name)
		if err == nil {
			_, err = w.Write(f.Text)
		}
		if err != nil {
			return nil, err
		}
	}
	return b.Bytes(), z.Close()
}

// tellBank says what the bank did, under all names of whoever says it: nobody who took a file says it.
func (c *Console) tellBank(r *http.Request, v visitor) (string, error) {
	names, err := c.Directory.Names(r.Context(), v.Who)
	if err != nil {
		return "", err
	}
	word := partnership.BankWord{
		Answer: partnership.BankAnswer(r.PostFormValue("as")), Reference: strings.TrimSpace(r.PostFormValue("reference")), On: strings.TrimSpace(r.PostFormValue("on")),
	}
	n, err := deeds.TellBank(r.Context(), c.Store, c.Workflows, v.By, r.PathValue("of"), word, names, r.PostFormValue("reason"))
	return fmt.Sprintf("Of %s it is in the books that the bank says: %s.", plural(n, "payment"), word.Answer), err
}

func (c *Console) voidBankFile(r *http.Request, v visitor) (string, error) {
	names, err := c.Directory.Names(r.Context(), v.Who)
	if err != nil {
		return "", err
	}
	n, err := deeds.VoidBankFile(r.Context(), c.Store, c.Workflows, v.By, r.PathValue("of"), names, r.PostFormValue("reason"))
	return plural(n, "payment") + " of it are owed again, and in the next run.", err
}

// proof is what a month's payouts rest on, which rapport payouts verify checks anywhere.
func (c *Console) proof(r *http.Request, v visitor) (download, error) {
	of, err := monthOf(r)
	if err != nil {
		return download{}, err
	}
	prover := payouts.Prover{Books: c.Store, Rail: c.Provider}
	text, err := prover.Prove(r.Context(), v.By, of, "")
	return download{"proof-" + of.Program + "-" + of.Period + ".json", "application/json", text}, err
}
