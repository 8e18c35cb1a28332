-- +goose Up

-- The effect ledger: one row for each act outside, intent before the call, receipt after it.
create table effects (
    key      text primary key,
    kind     text        not null,
    state    text        not null,
    attempts bigint      not null,
    first_at timestamptz not null, -- of the first attempt since the row was last "certainly not done"
    last_at  timestamptz not null,
    receipt  jsonb,
    progress jsonb,
    note     text        not null default ''
);
create index effects_unknown on effects (last_at) where state = 'unknown';

-- Webhooks, kept before they are answered and applied after. The body may hold personal data.
create table inbox (
    id          bigint generated always as identity primary key,
    provider    text        not null,
    delivery_id text        not null,
    headers     jsonb       not null,
    body        bytea       not null,
    state       text        not null default 'new', -- new, applied, dead
    attempts    bigint      not null default 0,
    next_at     timestamptz not null,
    note        text        not null default '',
    received_at timestamptz not null,
    done_at     timestamptz,
    unique (provider, delivery_id)
);
create index inbox_waiting on inbox (next_at) where state = 'new';

create table mail_events (
    sg_event_id text primary key,
    key         text        not null,
    event       text        not null,
    reason      text        not null,
    at          timestamptz not null
);
create index mail_events_key on mail_events (key);

-- Creators' mails to us. Personal data.
create table inbound_messages (
    message_id     text primary key,
    partnership_id text        not null references partnerships (id),
    subject        text        not null,
    body           text        not null,
    at             timestamptz not null
);
create index inbound_messages_partnership on inbound_messages (partnership_id, at);

-- Who decided what. Append-only.
create table audit (
    n      bigint generated always as identity primary key,
    at     timestamptz not null,
    actor  text        not null,
    action text        not null,
    target text        not null,
    reason text        not null
);
create index audit_target on audit (target);

-- +goose StatementBegin
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: write a correction instead', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
-- +goose StatementEnd

create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function refuse_change();

-- +goose Down
drop table audit, inbound_messages, mail_events, inbox, effects;
drop function refuse_change();
