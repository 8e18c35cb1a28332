-- +goose Up

-- Who asked for a link to sign in on the console, and its digest once it is mailed. Of an address there is a keyed hash, by which it is
-- limited whether anybody has it or not; who is '' where nobody of ours has it, and then nothing is mailed.
create table signin_links (
    id         text primary key,
    mail_hash  bytea       not null,
    who        text        not null,
    leads_to   text        not null, -- the page that they were on their way to
    asked_at   timestamptz not null,
    claimed_at timestamptz,
    digest     bytea unique,
    expires_at timestamptz,
    sent_at    timestamptz,
    used_at    timestamptz
);
create index signin_links_asked on signin_links (asked_at);

-- Who is signed in. Of a session's secret only the digest is kept; roles are looked up at each request and stand nowhere.
create table console_sessions (
    digest   bytea primary key,
    who      text        not null,
    how      text        not null, -- mail, chat, here
    began_at timestamptz not null,
    seen_at  timestamptz not null,
    ended_at timestamptz
);
create index console_sessions_who on console_sessions (who) where ended_at is null;

-- +goose Down
drop table console_sessions;
drop table signin_links;
