-- +goose Up

-- What programs come in with, made by a person's deed. Of the token only its digest is kept. person is who it acts for, '' where it is nobody's
-- in particular; an agent's token always acts for somebody. A name is never used again: it stands in the audit.
create table api_tokens (
    name         text primary key,
    digest       bytea       not null unique,
    roles        text[]      not null,
    scopes       text[]      not null, -- empty: all that the roles may
    person       text        not null,
    agent        boolean     not null check (not agent or person <> ''),
    created_by   text        not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    revoked_by   text        not null default '',
    revoked_at   timestamptz,
    last_used_at timestamptz
);

-- What an agent has prepared: nothing is done until it is confirmed by its hash. request holds the arguments and what was shown, encrypted,
-- and goes when it is over. cost is null where nobody can say what it costs: then a person confirms.
create table preparations (
    hash        text primary key,
    token       text        not null references api_tokens (name),
    who         text        not null,
    deed        text        not null,
    way         text        not null, -- such as POST /campaigns/{id}/pause
    subject     text        not null, -- the path, ids alone
    stands      text        not null, -- a hash of what it is about, as it was shown
    request     bytea       not null,
    cost_minor  bigint,
    currency    text        not null,
    state       text        not null default 'prepared', -- prepared, waiting, doing, done, refused, stale, expired
    prepared_at timestamptz not null,
    expires_at  timestamptz not null,
    claimed_at  timestamptz,
    decided_by  text        not null default '', -- the person who let it, or did not
    ended_at    timestamptz,
    status      bigint      not null default 0,
    answer      jsonb,
    card        jsonb
);
create index preparations_open on preparations (prepared_at) where ended_at is null;
create index preparations_claimed on preparations (who, claimed_at) where claimed_at is not null;

-- +goose Down
drop table preparations;
drop table api_tokens;
