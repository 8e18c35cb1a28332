-- +goose Up

-- Rows for money that was paid and came back: the creator is owed it again, and it cost nothing more.
create view rows_owed_again as
select l.id, l.partnership_id, l.campaign_id, l.currency, l.amount_minor, l.state from ledger_rows l join postings p on p.key = 'row/' || l.id and p.kind = 'return'
where l.kind = 'adjustment' and l.order_id = '';

-- What a partnership has cost, and for which of its deliverables: a fee's own, a commission's that of the sale, '' where none is known. Paid
-- money that came back cost nothing once a person has decided that it stays.
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

create index orders_occurred on orders (occurred_at);

-- Orders as they are now, with the deliverable that brought them; read as a set, however many there are.
create or replace view order_now as
select o.program, o.order_id, s.currency, o.partnership_id, o.code_partnership_id, o.link_partnership_id, o.why, o.occurred_at, o.recorded_at,
       s.bought_minor, s.back_minor, s.bought_minor - s.back_minor as kept_minor, s.new_customer, o.deliverable, o.deliverable_inferred
from orders o
join order_sums s on s.order_id = o.order_id and not exists (select from order_sums l where l.order_id = s.order_id and l.n > s.n);

-- +goose Down
drop index orders_occurred;
drop view order_now;
create view order_now as
select o.program, o.order_id, s.currency, o.partnership_id, o.code_partnership_id, o.link_partnership_id, o.why, o.occurred_at, o.recorded_at,
       s.bought_minor, s.back_minor, s.bought_minor - s.back_minor as kept_minor, s.new_customer
from orders o
join order_sums s on s.order_id = o.order_id and s.n = (select max(l.n) from order_sums l where l.order_id = o.order_id);
drop view partnership_costs;
drop view rows_owed_again;
create view partnership_costs as
select l.partnership_id, l.campaign_id, case when l.kind = 'fee' then 'fee' else 'commission' end as kind, l.currency, l.amount_minor
from ledger_rows l where l.state not in ('voided', 'reversed')
union all
select d.partnership_id, pa.campaign_id, 'shipping', d.cost_currency, d.cost_minor
from deliveries d join partnerships pa on pa.id = d.partnership_id where d.cost_minor <> 0 and not d.label_refunded
union all
select d.partnership_id, pa.campaign_id, 'product', pa.terms ->> 'currency', (pa.terms -> 'gift' ->> 'value_minor')::bigint
from deliveries d join partnerships pa on pa.id = d.partnership_id
where d.order_id <> '' and pa.terms -> 'gift' ->> 'value_minor' is not null
    and not (d.gift_cancelled and d.status in ('', 'unknown', 'pre_transit', 'cancelled'));
