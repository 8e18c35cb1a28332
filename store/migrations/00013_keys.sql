-- +goose Up

-- Settings without which the data here cannot be read: who starts with others is refused. Fingerprints, never the values.
create table setting_prints (
    name        text primary key,
    fingerprint text        not null,
    recorded_at timestamptz not null default now()
);

-- Every codec key that a process ever had. One that was written with is needed by everybody until it is dropped.
create table codec_keys (
    id          text primary key,
    fingerprint text        not null,
    recorded_at timestamptz not null default now(),
    read_at     timestamptz, -- when a worker first had it, or when it was the first of all
    written_at  timestamptz, -- when a process last wrote with it
    dropped_at  timestamptz  -- when no history carried it any more
);

-- The processes that run now, by their own word. One that falls silent is forgotten, by this server's clock.
create table codec_processes (
    id         text primary key,
    kind       text        not null check (kind in ('worker', 'door', 'shell')),
    place      text        not null, -- host and process id
    reads      text[]      not null, -- ids of keys, in the order of the setting; 'plain' when it encrypts nothing
    writes     text        not null,
    started_at timestamptz not null default now(),
    seen_at    timestamptz not null default now()
);

-- +goose Down
drop table codec_processes, codec_keys, setting_prints;
