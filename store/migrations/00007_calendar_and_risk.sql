-- +goose Up

-- Every date of a partnership as its workflow last planned it: what is due when, and what was met late.
alter table partnerships add column plan jsonb not null default '[]';

-- Whose mail an event is about, so that what a creator opened and clicked is found without reading every event.
alter table mail_events add column partnership_id text not null
    generated always as (case when split_part(key, '/', 1) = 'partnership' then split_part(key, '/', 2) else '' end) stored;
create index mail_events_partnership on mail_events (partnership_id, at) where partnership_id <> '';

-- An answering machine's mail is no sign of life.
alter table inbound_messages add column auto_reply boolean not null default false;

-- +goose Down
alter table inbound_messages drop column auto_reply;
drop index mail_events_partnership;
alter table mail_events drop column partnership_id;
alter table partnerships drop column plan;
