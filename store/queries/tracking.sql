-- name: InsertKit :execrows
insert into tracking_kits (partnership_id, link_code, destination, discount_code, discount_bps, utm, created_at)
values (@partnership_id, @link_code, @destination, @discount_code, @discount_bps, @utm, @now)
on conflict do nothing;

-- name: Kit :one
select * from tracking_kits where partnership_id = $1;

-- name: SaveKit :execrows
update tracking_kits set discount_id = coalesce(nullif(@discount_id::text, ''), discount_id), discount_code = coalesce(nullif(@discount_code::text, ''), discount_code),
    discount_bps = @discount_bps, verified_at = coalesce(sqlc.narg(verified_at), verified_at), cleared_at = coalesce(cleared_at, sqlc.narg(verified_at)),
    evidence = coalesce(sqlc.narg(evidence), evidence)
where partnership_id = @partnership_id;

-- name: Destination :one
-- Where a short link leads: a deliverable's, or the one of a kit that is for all of them.
select l.destination from tracking_links l where l.link_code = @link_code union all select k.destination from tracking_kits k where k.link_code = @link_code limit 1;

-- name: OwnerOfCode :one
select partnership_id from tracking_kits where upper(discount_code) = upper(@code::text);

-- name: OwnerOfLink :one
-- Whose link it is, and for which deliverable: '' for all of them.
select l.partnership_id, l.deliverable from tracking_links l where l.link_code = @link_code
union all select k.partnership_id, '' from tracking_kits k where k.link_code = @link_code limit 1;

-- name: Touch :one
-- What a touch of a partnership is worth. Held shared, so that an end waits for what is being earned, or is seen.
select c.program, pa.terms, k.cleared_at, pa.ended_at
from partnerships pa join campaigns c on c.id = pa.campaign_id left join tracking_kits k on k.partnership_id = pa.id where pa.id = $1 for share of pa;

-- name: AddClick :execrows
insert into clicks (partnership_id, deliverable, at, bot) select o.partnership_id, o.deliverable, @at::timestamptz, @bot::boolean
from (select l.partnership_id, l.deliverable from tracking_links l where l.link_code = @link_code
      union all select k.partnership_id, '' from tracking_kits k where k.link_code = @link_code limit 1) o;

-- name: InsertLinks :exec
insert into tracking_links (partnership_id, deliverable, link_code, destination, utm, created_at)
select @partnership_id, unnest(@deliverables::text[]), unnest(@link_codes::text[]), unnest(@destinations::text[]), unnest(@utms::jsonb[]), @now
on conflict do nothing;

-- name: LinksOf :many
select * from tracking_links where partnership_id = any(@partnership_ids::text[]) order by partnership_id, created_at, deliverable;

-- name: ClickCount :one
select count(*) from clicks where partnership_id = $1 and not bot;
