-- +goose Up

-- The lists of people who must not be paid, as they were last imported: of each source the newest.
create table sanction_lists (
    source      text primary key,
    published   text        not null check (published ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'), -- as whoever imported it says
    hash        text        not null, -- sha256 of its files
    imported_by text        not null,
    imported_at timestamptz not null
);
create table sanction_entries (
    source  text   not null references sanction_lists (source),
    uid     text   not null,
    name    text   not null,
    kind    text   not null,
    program text   not null,
    aliases text[] not null,
    primary key (source, uid)
);

-- Whose name is like one on a list, once for a name and an entry: a person says whether it is they, and that holds for good. Of the name
-- only a keyed hash is kept. current: the name is theirs and the entry on the list, as far as was last looked.
create table sanction_hits (
    id         text primary key,
    creator_id text        not null references creators (id),
    name_key   bytea       not null,
    source     text        not null,
    uid        text        not null,
    entry_name text        not null,
    program    text        not null,
    percent    int         not null,
    list_hash  text        not null,
    found_at   timestamptz not null,
    current    boolean     not null,
    decision   text        not null default '' check (decision in ('', 'cleared', 'confirmed')),
    decided_by text        not null default '',
    decided_at timestamptz,
    reason     text        not null default '',
    unique (creator_id, name_key, source, uid, entry_name)
);

-- Under which names and against which lists a creator was last compared.
create table sanction_screens (
    creator_id text primary key references creators (id),
    names_key  bytea       not null,
    lists      text        not null,
    at         timestamptz not null
);

-- +goose Down
drop table sanction_screens, sanction_hits, sanction_entries, sanction_lists;
