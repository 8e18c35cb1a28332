-- name: InsertKit :execrows
insert into tracking_kits (partnership_id, link_code, destination, discount_code, discount_bps, utm, created_at)
values (@partnership_id, @link_code, @destination, @discount_code, @discount_bps, @utm, @now)
on conflict do nothing;

-- name: Kit :one
select * from tracking_kits where partnership_id = $1;

-- name: SaveKit :execrows
update tracking_kits set discount_id = coalesce(nullif(@discount_id::text, ''), discount_id), discount_code = coalesce(nullif(@discount_code::text, ''), discount_code),
    discount_bps = @discount_bps, verified_at = coalesce(sqlc.narg(verified_at), verified_at), evidence = coalesce(sqlc.narg(evidence), evidence)
where partnership_id = @partnership_id;

-- name: KitByLink :one
select * from tracking_kits where link_code = $1;

-- name: TouchByCode :one
select k.partnership_id, c.program, pa.terms from tracking_kits k join partnerships pa on pa.id = k.partnership_id join campaigns c on c.id = pa.campaign_id
where upper(k.discount_code) = upper(@code::text);

-- name: TouchByLink :one
select k.partnership_id, c.program, pa.terms from tracking_kits k join partnerships pa on pa.id = k.partnership_id join campaigns c on c.id = pa.campaign_id
where k.link_code = $1;

-- name: AddClick :execrows
insert into clicks (partnership_id, at, bot) select k.partnership_id, @at::timestamptz, @bot::boolean from tracking_kits k where k.link_code = @link_code;

-- name: ClickCount :one
select count(*) from clicks where partnership_id = $1 and not bot;
