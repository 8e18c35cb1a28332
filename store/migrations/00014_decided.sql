-- +goose Up

-- What people asked for through a door, kept before any workflow is told: whatever dies in between, it is told again under the same
-- id until it has answered. The message holds ids and amounts, and what its sender wrote as a reason; nothing of a creator.
create table asked (
    id       text primary key, -- of the deed and of the update: the same press is the same id
    at       timestamptz not null,
    who      text        not null,
    deed     text        not null,
    subject  text        not null, -- the workflow's id
    content  text        not null, -- hash of the message: one id is never used for another
    message  jsonb       not null,
    mac      text        not null, -- the door's proof
    reply    jsonb,                -- where the person is to be told, null once they were; quotes the card, which may hold personal data
    state    text        not null default 'taken', -- taken, done, refused
    answer   jsonb,                -- the workflow's word
    code     text        not null default '',
    field    text        not null default '',
    why      text        not null default '', -- it was refused
    attempts bigint      not null default 0,
    next_at  timestamptz not null,
    done_at  timestamptz
);
create index asked_open on asked (next_at) where state = 'taken' or reply is not null;
create index asked_subject on asked (subject) where state = 'taken';

-- An Idempotency-Key of the API, bound to its request.
create table request_keys (
    id      text primary key,
    request text        not null, -- method and path
    hash    text        not null, -- of method, path and body
    status  bigint      not null default 0, -- 0 while nobody knows how it ended
    answer  bytea,
    at      timestamptz not null
);

-- What was let in once and must not be let in again for a while: signed requests of Slack.
create table seen (
    id text primary key,
    at timestamptz not null
);
create index seen_at on seen (at);

alter table audit
    add column deed_id    text unique,
    add column details    jsonb       not null default '{}',
    add column decided_at timestamptz,
    add column outcome    text        not null default 'done', -- done, accepted, refused
    add column why        text        not null default '',
    add column run        text        not null default '';     -- of the workflow in which the decision counted

-- +goose Down
alter table audit drop column run, drop column why, drop column outcome, drop column decided_at, drop column details, drop column deed_id;
drop table seen, request_keys, asked;
