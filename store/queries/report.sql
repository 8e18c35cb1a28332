-- name: ReportPartnerships :many
select pa.id, pa.tier, pa.niche, cr.handle,
    array(select distinct po.deliverable from posts po where po.partnership_id = pa.id order by 1)::text[] as posts,
    (select count(*) from clicks k where k.partnership_id = pa.id and not k.bot) as clicks
from partnerships pa join creators cr on cr.id = pa.creator_id where pa.campaign_id = $1 order by pa.rank, pa.id;

-- name: ReportSales :many
-- By deliverable and currency; the squares say how far chance may have moved their sum.
select o.partnership_id, o.deliverable, o.currency, count(*) as orders, count(*) filter (where o.deliverable_inferred) as inferred,
    count(*) filter (where o.new_customer) as new_customers, count(*) filter (where o.new_customer is not null) as new_known,
    sum(o.kept_minor)::bigint as amount_minor, sum(o.kept_minor::double precision * o.kept_minor)::double precision as squares
from order_now o join partnerships pa on pa.id = o.partnership_id
where pa.campaign_id = @campaign_id group by o.partnership_id, o.deliverable, o.currency order by o.partnership_id, o.deliverable, o.currency;

-- name: ReportCosts :many
select partnership_id, deliverable, kind, currency, sum(amount_minor)::bigint as amount_minor from partnership_costs where campaign_id = $1
group by partnership_id, deliverable, kind, currency order by partnership_id, deliverable, kind, currency;

-- name: ShopSales :many
-- All that the shop sold while a campaign ran, whoever brought it: an order stands once in each of its programs.
select currency, sum(kept_minor)::bigint as amount_minor
from (select distinct on (order_id) currency, kept_minor from order_now where occurred_at >= @since and occurred_at <= @until order by order_id, program) sold
group by currency order by currency;
