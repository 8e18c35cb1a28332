-- name: BoardPartnerships :many
select sqlc.embed(pa), cr.platform, cr.handle from partnerships pa join creators cr on cr.id = pa.creator_id
where (sqlc.narg(campaign_id)::text is null or pa.campaign_id = sqlc.narg(campaign_id)) and (sqlc.narg(id)::text is null or pa.id = sqlc.narg(id))
order by pa.rank, pa.id;

-- name: BoardKits :many
select * from tracking_kits where partnership_id = any(@partnership_ids::text[]);

-- name: BoardDeliveries :many
select * from deliveries where partnership_id = any(@partnership_ids::text[]);

-- name: BoardContracts :many
select partnership_id, version, envelope_id, status from contracts where partnership_id = any(@partnership_ids::text[])
order by partnership_id, version;

-- name: AttentionPartnerships :many
-- A partnership that asks a question says more with that.
select pa.id, pa.campaign_id, c.name as campaign, cr.handle, pa.attention, pa.updated_at from partnerships pa join creators cr on cr.id = pa.creator_id join campaigns c on c.id = pa.campaign_id
where pa.attention <> '' and pa.outcome = '' and not exists (select from decisions d where d.partnership_id = pa.id and d.state = 'open' and d.kind in ('silence', 'step'))
order by pa.updated_at limit nullif(@most::int, 0);

-- name: RunsToApprove :many
select * from payout_runs where state = 'planned' order by created_at limit nullif(@most::int, 0);
