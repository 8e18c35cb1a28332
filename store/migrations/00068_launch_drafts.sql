-- +goose Up

-- A launch that somebody prepares where it cannot be held meanwhile, in Slack: both files, whom they left out, and what they were shown,
-- encrypted. One that was asked for is carried out even if whoever took it dies; then, or after a day, or when anybody is erased before it is asked
-- for, it goes.
create table launch_drafts (
    id         text primary key,
    who        text        not null,
    kept       bytea       not null,
    made_at    timestamptz not null,
    asked_at   timestamptz,
    busy_until timestamptz -- a front door carries it out
);
create index launch_drafts_asked on launch_drafts (asked_at) where asked_at is not null;

-- +goose Down
drop table launch_drafts;
