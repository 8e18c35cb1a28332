package worlds

import (
	"fmt"
	"net/url"

	"github.com/rapport-dev/rapport/proof/pgtest"
)

// restores has a backup taken at one moment and restored at a later one; engine says that Temporal goes back with it. A world may have two.
func (w *world) restores(engine bool) {
	from := moment(w.rng.IntN(2))
	to := sending + moment(w.rng.IntN(2))
	var backup string
	w.act(from, "", func() bool {
		backup = w.takeBackup()
		return true
	})
	w.act(to, "", func() bool {
		if backup == "" || len(w.transfers()) == 0 {
			return false
		}
		w.restore(backup, engine)
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
func (w *world) takeBackup() string {
	w.backups++
	backup := fmt.Sprintf("%s_backup%d", w.database(), w.backups)
	w.t.Cleanup(func() { w.exec(w.server(), "drop database if exists "+backup+" with (force)") })
	w.copyDatabase(w.database(), backup)
	return backup
}

// restore puts the backup back. Whoever feeds the books tells them again what the backup does not hold.
func (w *world) restore(backup string, engine bool) {
	if engine {
		w.note("a backup is restored, the engine's too")
		w.endAll("the engine was restored to before it")
	} else {
		w.note("a backup is restored")
	}
	w.alone(w.database())
	w.exec(w.server(), fmt.Sprintf("drop database %s with (force)", w.database()))
	w.copyDatabase(backup, w.database())
	w.setClock(w.shift)
	w.retell()
	for _, o := range w.orders { // a person's words that the backup did not hold are gone too: they are said again where they can be
		switch {
		case o.rejected:
			w.rejectAgain(o)
		case o.held:
			o.held = w.heldNow(o)
		case o.cleared:
			w.clearAgain(o)
		}
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
