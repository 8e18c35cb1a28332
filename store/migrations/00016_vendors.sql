-- +goose Up

-- A creator's mail is kept whole: who wrote it, all its words, which files came with it, and what could not be read. The raw mail
-- lies in the inbox, in the row that it came as.
alter table inbound_messages
    add column sender   text   not null default '',
    add column text     text   not null default '',
    add column files    jsonb  not null default '[]',
    add column doubts   jsonb  not null default '[]',
    add column inbox_id bigint references inbox (id);
create index inbound_messages_inbox on inbound_messages (inbox_id) where inbox_id is not null;

-- Why an address is not written to. Only a dead address is lifted without the person's own word.
alter table suppressions add column cause text not null default 'person'; -- person, address, erased
update suppressions set cause = 'erased' where reason = 'erased';
update suppressions set cause = 'address' where reason like 'the address does not take mail%';

-- A vendor that refuses everybody, and what a vendor holds against us as the sender: one row, one card, until it is over.
create table vendor_troubles (
    vendor   text        not null,
    kind     text        not null, -- refuses_all, quota, reputation, content, setup
    since    timestamptz not null,
    last_at  timestamptz not null,
    times    bigint      not null,
    words    text        not null, -- what it is and what to mend; never a vendor's own words about a person
    probe_at timestamptz not null, -- of refuses_all: when one call may try whether it is over
    card     jsonb,                -- where it is told
    ended_at timestamptz,
    primary key (vendor, kind, since)
);
create unique index vendor_troubles_open on vendor_troubles (vendor, kind) where ended_at is null;

-- +goose Down
drop table vendor_troubles;
alter table suppressions drop column cause;
drop index inbound_messages_inbox;
alter table inbound_messages drop column sender, drop column text, drop column files, drop column doubts, drop column inbox_id;
