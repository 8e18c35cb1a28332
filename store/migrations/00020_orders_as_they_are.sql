-- +goose Up

-- All that a shop ever said about an order, once each: how it stood, its refunds, its disputes. No personal data. An edit is a further row.
create table order_facts (
    id          bigint generated always as identity primary key,
    order_id    text        not null,
    kind        text        not null check (kind in ('order', 'refund', 'dispute')),
    ref         text        not null default '', -- the refund's or dispute's id at the shop
    said_at     timestamptz not null,            -- by the shop
    digest      text        not null,
    fact        jsonb       not null,
    heard       text        not null,            -- webhook, reread, import, before
    recorded_at timestamptz not null,
    unique (order_id, kind, ref, digest)
);

-- What an order comes to by all its facts (partnership/ledger): the newest n counts.
create table order_sums (
    order_id     text        not null,
    n            bigint      not null,
    currency     text        not null,
    bought_minor bigint      not null check (bought_minor >= 0),
    back_minor   bigint      not null check (back_minor between 0 and bought_minor),
    new_customer boolean,
    recorded_at  timestamptz not null,
    primary key (order_id, n)
);

insert into order_facts (order_id, kind, said_at, digest, fact, heard, recorded_at)
select distinct on (order_id) order_id, 'order', occurred_at, 'before', jsonb_build_object('said_at', occurred_at, 'currency', currency, 'net_minor', net_minor), 'before', recorded_at
from orders order by order_id, recorded_at;

insert into order_facts (order_id, kind, ref, said_at, digest, fact, heard, recorded_at)
select order_id, 'refund', refund_id, occurred_at, 'before', jsonb_build_object('currency', currency, 'at', occurred_at,
    'lines', jsonb_build_array(jsonb_build_object('subtotal_minor', amount_minor))), 'before', recorded_at
from refunds;

insert into order_sums (order_id, n, currency, bought_minor, back_minor, recorded_at)
select distinct on (o.order_id) o.order_id, 1, o.currency, o.net_minor,
    least(o.net_minor, coalesce((select sum(r.amount_minor) from refunds r where r.order_id = o.order_id and r.currency = o.currency), 0)), o.recorded_at
from orders o order by o.order_id, o.recorded_at;

drop table refunds;

create trigger order_facts_append_only before update or delete or truncate on order_facts
    for each statement execute function refuse_change();
create trigger order_sums_append_only before update or delete or truncate on order_sums
    for each statement execute function refuse_change();

-- Orders as they are now: whose they are, and what is left of them.
create view order_now as
select o.program, o.order_id, s.currency, o.partnership_id, o.code_partnership_id, o.link_partnership_id, o.why, o.occurred_at, o.recorded_at,
       s.bought_minor, s.back_minor, s.bought_minor - s.back_minor as kept_minor, s.new_customer
from orders o
join order_sums s on s.order_id = o.order_id and s.n = (select max(l.n) from order_sums l where l.order_id = o.order_id);

-- +goose Down
create table refunds (
    order_id     text        not null,
    refund_id    text        not null,
    amount_minor bigint      not null check (amount_minor > 0),
    currency     text        not null,
    occurred_at  timestamptz not null,
    recorded_at  timestamptz not null,
    primary key (order_id, refund_id)
);
insert into refunds
select order_id, 'all', back_minor, currency, recorded_at, recorded_at from order_sums s
where back_minor > 0 and n = (select max(l.n) from order_sums l where l.order_id = s.order_id);
drop view order_now;
drop table order_sums, order_facts;
