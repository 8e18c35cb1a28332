-- name: EnsureProgram :one
-- The newest campaign's payout policy holds for the whole program; its currency and zone are the first one's.
insert into programs (name, timezone, currency, provider, rails, minimum_minor, approve_above_minor, gates, tax_form_url, self_billing, self_billing_from,
    created_at)
values (@name, @timezone, @currency, @provider, @rails, @minimum_minor, @approve_above_minor, @gates::text[], @tax_form_url, sqlc.narg(self_billing),
    case when sqlc.narg(self_billing)::jsonb is not null then @now::timestamptz end, @now)
on conflict (name) do update set provider = excluded.provider, rails = excluded.rails, minimum_minor = excluded.minimum_minor,
    approve_above_minor = excluded.approve_above_minor, gates = excluded.gates, tax_form_url = excluded.tax_form_url, self_billing = excluded.self_billing,
    self_billing_from = case when excluded.self_billing is not null then coalesce(programs.self_billing_from, excluded.self_billing_from) end
returning *;

-- name: Program :one
select * from programs where name = $1;

-- name: InsertCampaign :exec
insert into campaigns (id, program, name, round, state, spec, launch_hash, currency, budget_minor, created_at, updated_at)
values (@id, @program, @name, @round, @state, @spec, @launch_hash, @currency, @budget_minor, @now, @now);

-- name: CampaignByLaunchHash :one
select id from campaigns where launch_hash = $1;

-- name: CampaignByRound :one
select id, launch_hash from campaigns where program = $1 and name = $2 and round = $3;

-- name: Campaign :one
select * from campaigns where id = $1;

-- name: Campaigns :many
select * from campaigns order by created_at, id;

-- name: NewestCampaigns :many
select id, count(*) over ()::int as of from campaigns order by created_at desc, id desc limit @most;

-- name: CampaignsAfter :many
select * from campaigns c where @after::text = '' or (c.created_at, c.id) > (select b.created_at, b.id from campaigns b where b.id = @after::text) order by c.created_at, c.id limit @most;

-- name: LockCampaign :one
select budget_minor, currency from campaigns where id = $1 for update;

-- name: CommittedOfOthers :one
select coalesce(sum(reserved_minor), 0)::bigint from partnerships where campaign_id = @campaign_id and reserved_currency = @currency and id <> @id;

-- name: SetCampaignState :execrows
update campaigns set state = @state, reason = @reason, updated_at = @now where id = @id;

-- name: AddCampaignCreators :exec
insert into campaign_creators (campaign_id, creator_id, position)
select @campaign_id, unnest(@creators::text[]), unnest(@positions::bigint[]);

-- name: ListFurtherCreators :execrows
-- Those who are listed already stay where they are.
insert into campaign_creators (campaign_id, creator_id, position, since)
select @campaign_id, n.creator_id, n.position + (select coalesce(max(cc.position), 0) from campaign_creators cc where cc.campaign_id = @campaign_id), @since
from unnest(@creators::text[]) with ordinality as n (creator_id, position)
on conflict (campaign_id, creator_id) do nothing;

-- name: UnlistCreators :execrows
-- Takes back what a version listed. Who was invited stays.
delete from campaign_creators cc where cc.campaign_id = @campaign_id and cc.since = @since and @since > 0
    and not exists (select from partnerships pa where pa.campaign_id = cc.campaign_id and pa.creator_id = cc.creator_id);

-- name: CampaignCreators :many
select cr.* from campaign_creators cc join creators cr on cr.id = cc.creator_id
where cc.campaign_id = $1 and cc.vetoed_at is null order by cc.position;

-- name: ListCreator :one
-- Whoever was taken off the list is on it again.
with listed as (
    insert into campaign_creators (campaign_id, creator_id, position)
    select @campaign_id, cr.id, (select coalesce(max(cc.position), 0) + 1 from campaign_creators cc where cc.campaign_id = @campaign_id)
    from creators cr where cr.id = @creator_id and cr.erased_at is null
    on conflict (campaign_id, creator_id) do update set vetoed_at = null
    returning creator_id
)
select cr.* from listed join creators cr on cr.id = listed.creator_id;

-- name: SetVeto :one
update campaign_creators cc set vetoed_at = case when @back::boolean then null else coalesce(cc.vetoed_at, @now::timestamptz) end
from creators cr where cc.campaign_id = @campaign_id and cc.creator_id = @creator_id and cr.id = cc.creator_id
returning cc.partnership_id, cc.tier, cc.niche, cc.rank, cc.standby, cr.timezone;

-- name: StandingBy :many
-- Who of a campaign's list was not invited, best first: who has a place in line, who has none, and whom somebody left out.
select cr.id, cr.handle, cr.platform, cr.followers, cr.engagement_rate, cr.niche, cc.rank, cc.standby, (cc.vetoed_at is not null)::boolean as vetoed
from campaign_creators cc join creators cr on cr.id = cc.creator_id
where cc.campaign_id = $1 and cr.erased_at is null
    and not exists (select from partnerships pa where pa.campaign_id = cc.campaign_id and pa.creator_id = cc.creator_id)
order by cc.vetoed_at is not null, cc.rank = 0, cc.standby, cc.rank, cc.position;

-- name: SaveRoster :execrows
update campaign_creators cc
set partnership_id = r.partnership_id, tier = r.tier, niche = r.niche, rank = r.rank, standby = r.standby
from (select unnest(@creators::text[]) as creator_id, unnest(@partnerships::text[]) as partnership_id, unnest(@tiers::text[]) as tier,
             unnest(@niches::text[]) as niche, unnest(@ranks::bigint[]) as rank, unnest(@standbys::boolean[]) as standby) r
where cc.campaign_id = @campaign_id and cc.creator_id = r.creator_id;

-- name: CampaignCounts :one
select count(*) as invited,
       count(*) filter (where exists (select from posts po where po.partnership_id = pa.id)) as live,
       count(*) filter (where outcome = 'completed') as completed,
       count(*) filter (where outcome = 'declined') as declined,
       count(*) filter (where outcome = 'expired') as expired,
       count(*) filter (where outcome = 'ghosted') as ghosted,
       count(*) filter (where outcome = 'replaced') as replaced,
       count(*) filter (where outcome = 'cancelled') as cancelled,
       count(*) filter (where outcome = 'opted_out') as opted_out
from partnerships pa where campaign_id = $1;

-- name: CampaignCommitted :many
select reserved_currency as currency, sum(reserved_minor)::bigint as amount_minor from partnerships where campaign_id = $1
group by reserved_currency order by reserved_currency;

-- name: CampaignSpent :many
select currency, sum(amount_minor)::bigint as amount_minor from partnership_costs where campaign_id = $1 group by currency order by currency;

-- name: CampaignRevenue :many
select o.currency, sum(o.kept_minor)::bigint as amount_minor from order_now o join partnerships pa on pa.id = o.partnership_id where pa.campaign_id = @campaign_id group by o.currency order by o.currency;

-- name: CampaignTraffic :one
select (select count(*) from orders o join partnerships pa on pa.id = o.partnership_id where pa.campaign_id = sqlc.arg(id)) as orders,
       (select count(*) from clicks k join partnerships pa on pa.id = k.partnership_id where pa.campaign_id = sqlc.arg(id) and not k.bot) as clicks;
