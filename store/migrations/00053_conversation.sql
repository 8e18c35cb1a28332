-- +goose Up

-- The conversation with a creator. Their mails: the page beside the text, where the mail stands in their mail program, and whether a person
-- has seen to it. The table keeps its name: while an update rolls, a front door of before writes into it.
alter table inbound_messages
    add column html          text    not null default '',
    add column mail_id       text    not null default '', -- the mail's own Message-ID, without brackets
    add column earlier       jsonb   not null default '[]', -- the ids of those before it in its thread, oldest first
    add column needs_answer  boolean not null default false, -- a person wrote it
    add column settled_by    text    not null default '',
    add column settled_at    timestamptz;
create index inbound_messages_open on inbound_messages (at) where needs_answer and settled_at is null;

-- The files that came with them, whole. They go with their mail.
create table message_files (
    id         text primary key,
    message_id text    not null references inbound_messages (message_id) on delete cascade,
    n          integer not null,
    name       text    not null,
    type       text    not null,
    content    bytea   not null,
    unique (message_id, n)
);

-- What people of the brand wrote to them.
create table answers (
    id             text primary key,
    partnership_id text        not null references partnerships (id),
    message_id     text        not null default '', -- that it answers, '' for none
    subject        text        not null,
    text           text        not null,
    written_by     text        not null,
    at             timestamptz not null
);
create index answers_partnership on answers (partnership_id, at);
alter table notices add column answer_id text references answers (id);

-- +goose Down
alter table notices drop column answer_id;
drop table answers, message_files;
drop index inbound_messages_open;
alter table inbound_messages drop column html, drop column mail_id, drop column earlier, drop column needs_answer, drop column settled_by, drop column settled_at;
