-- +goose Up

-- Bonuses and what tiers add name in deliverable which they are (sales/20/10000): that is no deliverable, and no post's cost.
create or replace view partnership_costs as
select l.partnership_id, l.campaign_id, case when l.kind = 'fee' then 'fee' else 'commission' end as kind, l.currency, l.amount_minor,
    coalesce(nullif(case when l.kind = 'fee' then l.deliverable end, ''), o.deliverable, '')::text as deliverable
from ledger_rows l left join orders o on o.program = l.program and o.order_id = l.order_id
where l.state not in ('voided', 'reversed')
    and not (l.kind = 'adjustment' and l.order_id = '' and exists (select from postings p where p.key = 'row/' || l.id and p.kind = 'return'))
union all
select a.partnership_id, a.campaign_id, 'commission', a.currency, -a.amount_minor, '' from rows_owed_again a where a.state = 'voided'
union all
select d.partnership_id, pa.campaign_id, 'shipping', d.cost_currency, d.cost_minor, ''
from deliveries d join partnerships pa on pa.id = d.partnership_id where d.cost_minor <> 0 and not d.label_refunded
union all
select d.partnership_id, pa.campaign_id, 'product', pa.terms ->> 'currency', (pa.terms -> 'gift' ->> 'value_minor')::bigint, ''
from deliveries d join partnerships pa on pa.id = d.partnership_id
where d.order_id <> '' and pa.terms -> 'gift' ->> 'value_minor' is not null
    and not (d.gift_cancelled and d.status in ('', 'unknown', 'pre_transit', 'cancelled'));

create index ledger_rows_bonus on ledger_rows (partnership_id) where deliverable <> '' and kind in ('bonus', 'adjustment');

-- +goose Down
drop index ledger_rows_bonus;
create or replace view partnership_costs as
select l.partnership_id, l.campaign_id, case when l.kind = 'fee' then 'fee' else 'commission' end as kind, l.currency, l.amount_minor,
    coalesce(nullif(l.deliverable, ''), o.deliverable, '')::text as deliverable
from ledger_rows l left join orders o on o.program = l.program and o.order_id = l.order_id
where l.state not in ('voided', 'reversed')
    and not (l.kind = 'adjustment' and l.order_id = '' and exists (select from postings p where p.key = 'row/' || l.id and p.kind = 'return'))
union all
select a.partnership_id, a.campaign_id, 'commission', a.currency, -a.amount_minor, '' from rows_owed_again a where a.state = 'voided'
union all
select d.partnership_id, pa.campaign_id, 'shipping', d.cost_currency, d.cost_minor, ''
from deliveries d join partnerships pa on pa.id = d.partnership_id where d.cost_minor <> 0 and not d.label_refunded
union all
select d.partnership_id, pa.campaign_id, 'product', pa.terms ->> 'currency', (pa.terms -> 'gift' ->> 'value_minor')::bigint, ''
from deliveries d join partnerships pa on pa.id = d.partnership_id
where d.order_id <> '' and pa.terms -> 'gift' ->> 'value_minor' is not null
    and not (d.gift_cancelled and d.status in ('', 'unknown', 'pre_transit', 'cancelled'));
