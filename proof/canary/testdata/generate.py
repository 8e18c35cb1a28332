"""Writes spread.db and spread.db-wal: records over several pages, with a marker across the end of a page in each.

The rows of `plain` and `keyed` are in the database, those of `logged` in its write-ahead log alone. Run it in this folder.
"""

import os
import sqlite3

SIZE = 1200  # of a record, on pages of 512 bytes
TABLES = {
    "plain": "CREATE TABLE plain (id INTEGER PRIMARY KEY, body BLOB)",
    "keyed": "CREATE TABLE keyed (id INTEGER, body BLOB, PRIMARY KEY (id, body)) WITHOUT ROWID",
    "logged": "CREATE TABLE logged (id INTEGER PRIMARY KEY, body BLOB)",
}


def marker(table, offset):
    return f"canary-{table}-{offset:04d}@example.test".encode()


def write(path, offsets):
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA page_size=512")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA wal_autocheckpoint=0")
    for table, create in TABLES.items():
        if table == "logged":
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute(create)
        for number, offset in enumerate(offsets[table]):
            text = marker(table, offset)
            body = b"." * offset + text + b"." * (SIZE - offset - len(text))
            db.execute(f"INSERT INTO {table} VALUES (?, ?)", (number, body))
    files = [open(path + suffix, "rb").read() for suffix in ("", "-wal")]  # before the log is emptied on closing
    db.close()
    for suffix, data in zip(("", "-wal"), files):
        with open(path + suffix, "wb") as f:
            f.write(data)
    return b"".join(files)


trial = {table: range(0, SIZE - 40, 8) for table in TABLES}
data = write("trial.db", trial)
split = {table: [o for o in offsets if marker(table, o) not in data] for table, offsets in trial.items()}
for suffix in ("", "-wal"):
    os.remove("trial.db" + suffix)
# Enough of `keyed` that its tree has two levels: there the upper one holds records too.
write("spread.db", {table: offsets if table == "keyed" else offsets[::3] for table, offsets in split.items()})
