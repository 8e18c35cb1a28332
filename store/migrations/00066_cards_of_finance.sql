-- +goose Up

-- The cards by which finance and those who let agents' acts are asked are kept as all others are; where each is stands in the receipt of the act
-- that posted it, and no more in a row of its own.
insert into cards (key, decision_id)
select 'objection/' || o.id, 'objection:' || o.id from objections o where o.card is not null and o.decided_at is null
union all select 'sanction-hit/' || h.id, 'name_hit:' || h.id from sanction_hits h where h.current and h.decision = '' and exists (select from finance_cards f where f.about = 'sanction-hit/' || h.id)
union all select 'write-off/' || w.id, 'write_off:' || w.id from write_offs w where w.approved_by = '' and w.withdrawn_by = '' and exists (select from finance_cards f where f.about = 'write-off/' || w.id)
union all select 'difference/' || d.provider || '/' || d.transfer_id, 'difference:' || d.provider || ':' || d.transfer_id from payout_differences d where d.closed_at is null and d.card is not null and coalesce(d.card ->> 'bundle', '') = ''
union all select 'act/' || p.hash, 'act:' || p.hash from preparations p where p.card is not null and p.ended_at is null
on conflict do nothing;
delete from finance_cards where about like 'sanction-hit/%' or about like 'write-off/%';
alter table objections drop column card;
alter table preparations drop column card;

-- +goose Down
alter table preparations add column card jsonb;
alter table objections add column card jsonb;
