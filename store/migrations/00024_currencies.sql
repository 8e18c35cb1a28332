-- +goose Up

-- Every amount that is kept has its currency beside it. What is reserved for a partnership is in the currency of its terms, and that
-- is its campaign's.
alter table campaigns add constraint campaigns_currency unique (id, currency);
alter table partnerships add column reserved_currency text not null generated always as (coalesce(terms ->> 'currency', '')) stored;
alter table partnerships add constraint partnerships_reserved_in_the_campaigns_currency
    foreign key (campaign_id, reserved_currency) references campaigns (id, currency);

-- A label costs what its carrier asks, in the carrier's currency. What was taken back costs nothing: a label that was refunded, and a
-- product whose order was cancelled before the carrier had it.
alter table deliveries add column cost_currency text not null default '',
    add column label_refunded boolean not null default false,
    add column gift_cancelled boolean not null default false;
update deliveries d set cost_currency = coalesce((select e.receipt ->> 'currency' from effects e
    where e.key = 'partnership/' || d.partnership_id || '/gifting/label/1'), 'USD') where d.cost_minor <> 0;
alter table deliveries add constraint deliveries_cost_has_a_currency check (cost_minor = 0 or cost_currency <> '');

-- What a partnership has cost (RULES, money 12): fees and commission as they stand after refunds, the product at its value, the label.
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

-- +goose Down
drop view partnership_costs;
alter table deliveries drop constraint deliveries_cost_has_a_currency, drop column gift_cancelled, drop column label_refunded, drop column cost_currency;
alter table partnerships drop constraint partnerships_reserved_in_the_campaigns_currency, drop column reserved_currency;
alter table campaigns drop constraint campaigns_currency;
