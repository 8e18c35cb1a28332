-- +goose Up

-- A creator's wish to be paid elsewhere than at an account of theirs that could be paid, until they give the code that was mailed to them, or
-- its time is over. What they typed is encrypted and goes when the wish ends; the code follows from the secret key and the id, and is nowhere.
create table account_changes (
    id             text primary key,
    creator_id     text          not null references creators (id),
    partnership_id text          not null references partnerships (id), -- in whose brand's name they are written to
    rail           text          not null,
    shown          text          not null,           -- the last four characters of the receiver; '' where the rail has pages of its own
    fingerprint    bytea,                            -- a keyed hash of it: the same again is the same wish
    sealed         bytea,                            -- what was typed, encrypted
    mail_hash      bytea         not null,           -- of the address that the code went to: another address proves nothing
    mailed         timestamptz[] not null,           -- when it was
    wrong          int           not null default 0, -- codes that were not the one
    asked_at       timestamptz   not null,
    expires_at     timestamptz   not null,
    proven_at      timestamptz,
    ended_at       timestamptz,
    ended          text          not null default '', -- made, kept, mistyped, late, replaced
    account        text          not null default '', -- that it was made to
    check (ended_at is null or sealed is null and fingerprint is null)
);
create unique index account_changes_open on account_changes (creator_id) where ended_at is null;
create index account_changes_creator on account_changes (creator_id, asked_at);

alter table notices add column change_id text references account_changes (id) on delete set null;

-- +goose Down
alter table notices drop column change_id;
drop table account_changes;
