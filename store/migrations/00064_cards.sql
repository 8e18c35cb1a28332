-- +goose Up

-- The cards in the chat that ask people something: which question each asks, what it says of it, and whether that is its last word. Where it
-- is stands in the receipt of the act that posted it.
create table cards (
    key         text primary key,       -- of that act
    decision_id text        not null,
    said        text        not null default '', -- a print of what stands there, '' as it was posted
    said_at     timestamptz,
    closed_at   timestamptz,            -- the question is over, and the card says what came of it
    reminded_at timestamptz,            -- somebody was asked once more in its thread
    busy_until  timestamptz             -- a front door edits it
);
create index cards_open on cards (decision_id) where closed_at is null;

-- Cards of before: those of questions that are over lose their buttons too.
insert into cards (key, decision_id) select question ->> 'card', id from decisions where question ->> 'card' <> '' on conflict do nothing;
insert into cards (key, decision_id)
select e.key, 'payout_run:' || r.program || ':' || r.period || ':' || r.lines_hash from effects e join payout_runs r on e.key = 'payout-run/' || r.id || '/approval' where e.kind = 'message' on conflict do nothing;
insert into cards (key, decision_id)
select e.key, 'payout:' || p.id from effects e join payouts p on e.key = p.idempotency_key || '/unknown' or e.key like p.idempotency_key || '/unknown/%' where e.kind = 'message' on conflict do nothing;
insert into cards (key, decision_id)
select e.key, 'effect:' || o.key from effects e join effects o on o.key = regexp_replace(e.key, '/unknown/[0-9]+$', '') where e.kind = 'message' and e.key ~ '/unknown/[0-9]+$' on conflict do nothing;

-- +goose Down
drop table cards;
