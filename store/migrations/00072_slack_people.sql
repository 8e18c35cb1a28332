-- +goose Up

-- Who of the brand uses the app in Slack, where their clock stands, when they want a digest, and what they have been told of. One that is due
-- is one front door's for a while; it is over when it was posted.
create table slack_people (
    who           text primary key,
    zone          text        not null default '',
    digest_minute int         not null, -- of their day, on weekdays; -1 none
    next_digest   timestamptz,          -- null none
    told_until    timestamptz not null, -- what the last digest told of
    looked_until  timestamptz not null, -- what they have asked for themselves
    busy_until    timestamptz
);
create index slack_people_due on slack_people (next_digest) where next_digest is not null;

-- +goose Down
drop table slack_people;
