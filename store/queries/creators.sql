-- name: UpsertCreators :many
-- Rows are told apart by platform and handle, in any case. Empty optional columns keep what is known.
insert into creators (id, handle, handle_key, name, email, platform, followers, engagement_rate, niche, country, language, timezone, source,
    audience_match, past_customer, notes, extra, email_hash, optout_hash, created_at, updated_at)
select unnest(@ids::text[]), unnest(@handles::text[]), unnest(@handle_keys::text[]), unnest(@names::text[]), unnest(@emails::text[]), unnest(@platforms::text[]),
    unnest(@followers::bigint[]), unnest(@engagement_rates::double precision[]), unnest(@niches::text[]), unnest(@countries::text[]),
    unnest(@languages::text[]), unnest(@timezones::text[]), unnest(@sources::text[]), unnest(@audience_matches::double precision[]),
    unnest(@past_customers::boolean[]), unnest(@notes::text[]), unnest(@extras::text[])::jsonb, unnest(@email_hashes::bytea[]),
    unnest(@optout_hashes::bytea[]), @now::timestamptz, @now::timestamptz
on conflict (platform, handle_key) do update set
    handle = excluded.handle, name = excluded.name, email = excluded.email, email_hash = excluded.email_hash,
    followers = excluded.followers, engagement_rate = excluded.engagement_rate, niche = excluded.niche,
    country = coalesce(nullif(excluded.country, ''), creators.country),
    language = coalesce(nullif(excluded.language, ''), creators.language),
    timezone = coalesce(nullif(excluded.timezone, ''), creators.timezone),
    source = coalesce(nullif(excluded.source, ''), creators.source),
    audience_match = coalesce(nullif(excluded.audience_match, 0), creators.audience_match),
    past_customer = excluded.past_customer or creators.past_customer,
    notes = coalesce(nullif(excluded.notes, ''), creators.notes),
    extra = creators.extra || excluded.extra, updated_at = excluded.updated_at
returning id, platform, handle_key;

-- name: Handles :many
select id, handle from creators where id = any(@ids::text[]);

-- name: Creator :one
select * from creators where id = $1;

-- name: CreatorsByHandle :many
-- Of every platform where it is left open. Somebody who was erased has no name but the one that the books show.
select * from creators where handle_key = any(@keys::text[]) and (@platform::text = '' or platform = @platform::text)
    and (erased_at is null or handle = @handle::text) order by platform;

-- name: CreatorsNamed :many
-- By id, by the beginning of one, or by mail address.
select * from creators where erased_at is null and (id = @named::text or @begins::text <> '' and starts_with(id, @begins::text) or email_hash = @email_hash::bytea and email <> '')
order by handle_key, platform limit 20;

-- name: CreatorsByID :many
select * from creators where id = any(@ids::text[]) order by handle_key, platform;

-- name: Accounts :many
select id, platform, handle, name from creators where erased_at is null order by platform, handle_key;

-- name: Creators :many
select * from creators where erased_at is null order by handle_key, platform;

-- name: CreatorByOptOut :one
select id, email_hash from creators where optout_hash = $1;

-- name: Suppressed :one
select exists (select from suppressions where email_hash = $1);

-- name: Uninvitable :many
select c.id from creators c
where c.id = any(@ids::text[])
    and (c.erased_at is not null or c.email = '' or exists (select from suppressions s where s.email_hash = c.email_hash));

-- name: PartnershipsSharingEmail :many
-- One person may stand on the list under several handles; an opt-out counts for all of them.
select pa.id from partnerships pa join creators c on c.id = pa.creator_id
where c.email_hash = $1 and pa.outcome = '' order by pa.id;

-- name: PartnershipsOfCreator :many
select id from partnerships where creator_id = $1 order by created_at, id;

-- name: PartnershipsBegun :many
-- By id, or by the beginning of one.
select id from partnerships where id = @named::text or @begins::text <> '' and starts_with(id, @begins::text) order by id limit 20;

-- name: SaveAddress :exec
-- A form that comes in late brings nobody back who was erased.
insert into addresses (creator_id, name, line1, line2, city, region, postal_code, country, phone, updated_at)
select @creator_id, @name, @line1, @line2, @city, @region, @postal_code, @country, @phone, @updated_at::timestamptz
where exists (select from creators where id = @creator_id and erased_at is null)
on conflict (creator_id) do update set name = excluded.name, line1 = excluded.line1, line2 = excluded.line2, city = excluded.city,
    region = excluded.region, postal_code = excluded.postal_code, country = excluded.country, phone = excluded.phone,
    updated_at = excluded.updated_at;

-- name: Address :one
select * from addresses where creator_id = $1;

-- name: EraseCreator :execrows
update creators set handle = 'erased-' || id, handle_key = 'erased-' || lower(id), name = '', payout_holder = '', email = '', country = '', language = '', timezone = '', source = '', notes = '',
    extra = '{}', email_hash = ''::bytea, audience_match = 0, erased_at = @now, updated_at = @now
where id = @id;

-- name: EraseAddress :exec
delete from addresses where creator_id = $1;

-- name: EraseSubmissions :exec
update submissions set url = '', upload_id = '', caption = '', note = ''
where partnership_id in (select pa.id from partnerships pa where pa.creator_id = $1);

-- name: ErasePosts :exec
update posts set url = '' where partnership_id in (select pa.id from partnerships pa where pa.creator_id = $1);

-- name: EraseNotes :exec
update timeline_events set detail = 'A note, erased'
where kind = 'manager_note' and partnership_id in (select pa.id from partnerships pa where pa.creator_id = $1);

-- name: EraseContracts :exec
update contracts set pdf = null, certificate = null
where partnership_id in (select pa.id from partnerships pa where pa.creator_id = $1);

-- name: EraseInboundMessages :exec
delete from inbound_messages where partnership_id in (select pa.id from partnerships pa where pa.creator_id = $1);

-- name: EraseTaskNotes :exec
update tasks set note = '' where partnership_id in (select pa.id from partnerships pa where pa.creator_id = $1);
