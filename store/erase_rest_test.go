package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
)

// everything is every row of the database as text; what table leaves out is left out.
func (f *fixture) everything(without ...string) map[string]string {
	f.t.Helper()
	ctx := f.t.Context()
	conn, err := pgx.Connect(ctx, f.url)
	must(f.t, err)
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> all($1)`, append([]string{}, without...))
	must(f.t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(f.t, err)
	all := map[string]string{}
	for _, table := range tables {
		rows, err := conn.Query(ctx, `select to_jsonb(x)::text from `+pgx.Identifier{table}.Sanitize()+` x`)
		must(f.t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		must(f.t, err)
		all[table] = strings.Join(lines, "\n")
	}
	return all
}

func TestNothingOfAnErasedPersonIsLeftInAnyTable(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	pa := parties[0]
	key := partnership.Key(pa.id, partnership.Gifting, "label", 1)
	_, err := f.BeginEffect(ctx, key, "label")
	must(t, err)
	must(t, f.NoteProgress(ctx, key, partnership.Shipment{ID: "shp_1", TrackingCode: "CANARYTRACK"}))
	must(t, f.ConfirmEffect(ctx, key, partnership.Shipment{ID: "shp_1", LabelURL: "https://labels.example/CANARYLABEL.png", TrackingCode: "CANARYTRACK"}))
	f.ask(partnership.Deed{ID: "slack/c/1/x", Who: "slack:U1", Deed: partnership.DeedReviewDraft, Subject: partnership.WorkflowOfPartnership(pa.id)}, `{"Press":{"Card":{"text":"@Creator0 wrote CANARYMAIL"}}}`)
	_, err = f.EraseCreator(ctx, "creator0", "U1")
	must(t, err)
	// Steps that were under way when the person was erased.
	must(t, f.SaveContract(ctx, partnership.Contract{PartnershipID: pa.id, Version: 1, EnvelopeID: "env_1", Status: "completed", PDF: []byte("CANARYPDF"), PDFSHA256: "hash", Certificate: []byte("CANARYPDF")}))
	must(t, f.SaveDelivery(ctx, partnership.Delivery{PartnershipID: pa.id, ShipmentID: "shp_1", Carrier: "USPS", TrackingCode: "CANARYTRACK", LabelURL: "https://labels.example/CANARYLABEL.png"}))
	if c, err := f.Contracts(ctx, pa.id); err != nil || len(c) != 1 || len(c[0].PDF)+len(c[0].Certificate) > 0 || c[0].PDFSHA256 != "hash" {
		t.Errorf("of a contract that came late %+v is kept, %v", c, err)
	}
	for table, rows := range f.everything("tracking_kits") { // sales by a code are credited for good
		for _, word := range []string{"canarylabel", "canarytrack", "canarymail", "creator0"} {
			if strings.Contains(strings.ToLower(rows), word) {
				t.Errorf("%s is left in %s: %.300s", word, table, rows)
			}
		}
	}
	kept, err := f.Effect(ctx, key)
	must(t, err)
	if !strings.Contains(string(kept.Receipt), "shp_1") {
		t.Errorf("without its shipment a label cannot be refunded: %s", kept.Receipt)
	}
}

// An archived channel takes no word: it is not tried for ever, and the card in it goes.
func TestNobodyIsToldForEverAndOldDeedsGo(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	asked := f.ask(approval, `{"User":"U1"}`)
	_, err := f.SettleAsked(ctx, asked, []byte(`{}`), nil)
	must(t, err)
	_, err = f.BindKey(ctx, "api/1", "POST /x", "h")
	must(t, err)
	waits := approval
	waits.ID = "open"
	f.ask(waits, `{"User":"U1"}`)
	claimed := func() (n int) {
		must(t, f.sql(`update asked set next_at = now() - interval '1 second'`))
		batch, err := f.ClaimAsked(ctx, 10)
		must(t, err)
		return len(batch)
	}
	must(t, f.sql(`update asked set done_at = now() where id = $1`, asked.ID))
	if n := claimed(); n != 2 {
		t.Errorf("claimed were %d", n)
	}
	must(t, f.sql(`update asked set done_at = now() - interval '4 days' where id = $1`, asked.ID))
	if n := claimed(); n != 1 {
		t.Errorf("after days claimed were %d", n)
	}
	must(t, f.ForgetAsked(ctx))
	if kept, err := f.Asked(ctx, asked.ID); err != nil || kept.Reply != nil {
		t.Errorf("after days it stands as %+v, %v", kept, err)
	}
	must(t, f.sql(`update asked set done_at = now() - interval '91 days' where id = $1`, asked.ID))
	must(t, f.sql(`update request_keys set at = now() - interval '91 days'`))
	must(t, f.ForgetAsked(ctx))
	if _, err := f.Asked(ctx, asked.ID); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("after months it is still kept: %v", err)
	}
	if rows := f.everything()["request_keys"]; rows != "" {
		t.Errorf("keys are still kept: %s", rows)
	}
	if kept, err := f.Asked(ctx, "open"); err != nil || kept.Reply == nil {
		t.Errorf("one that waits stands as %+v, %v", kept, err)
	}
}
