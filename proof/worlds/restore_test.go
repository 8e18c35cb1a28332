package worlds

import (
	"fmt"
	"net/url"

	"github.com/rapport-dev/rapport/proof/pgtest"
)

// restores has a backup taken at one moment and restored at a later one; engine says that Temporal goes back with it.
func (w *world) restores(engine bool) {
	from := moment(w.rng.IntN(2))
	to := sending + moment(w.rng.IntN(2))
	w.act(from, "", func() bool { return w.takeBackup() })
	w.act(to, "", func() bool {
		if w.backup == "" || len(w.transfers()) == 0 {
			return false
		}
		w.restore(engine)
		return true
	})
}

func (w *world) database() string {
	u, err := url.Parse(w.url)
	must(w.t, err)
	return u.Path[1:]
}

// server is the maintenance database's address.
func (w *world) server() string { return pgtest.Server(w.t) }

// takeBackup copies the database as it is at one instant.
func (w *world) takeBackup() bool {
	w.backup = w.database() + "_backup"
	w.t.Cleanup(func() { w.exec(w.server(), "drop database if exists "+w.backup+" with (force)") })
	w.copyDatabase(w.database(), w.backup)
	return true
}

// restore puts the backup back. Whoever feeds the books tells them again what the backup does not hold.
func (w *world) restore(engine bool) {
	if engine {
		w.note("a backup is restored, the engine's too")
		w.endAll("the engine was restored to before it")
	} else {
		w.note("a backup is restored")
	}
	w.alone(w.database())
	w.exec(w.server(), fmt.Sprintf("drop database %s with (force)", w.database()))
	w.copyDatabase(w.backup, w.database())
	w.setClock(w.shift)
	w.retell()
	for _, o := range w.orders { // a person's words that the backup did not hold are gone too: they are said again where they can be
		if o.rejected {
			w.rejectAgain(o)
		}
		o.held = o.held && w.heldNow(o)
	}
	w.restored = true
}

// copyDatabase makes a copy under another name.
func (w *world) copyDatabase(from, to string) {
	w.alone(from)
	defer w.exec(w.server(), fmt.Sprintf("alter database %s allow_connections true", from))
	w.exec(w.server(), fmt.Sprintf("create database %s template %s", to, from))
}

// alone shuts everybody out of a database.
func (w *world) alone(name string) {
	w.exec(w.server(), fmt.Sprintf("alter database %s allow_connections false", name))
	w.exec(w.server(), fmt.Sprintf("select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'", name))
}
