-- name: KeepLaunched :exec
insert into campaign_amendments (campaign_id, version, spec, made_by, made_at, applied_at)
select id, 0, spec, 'launch', created_at, created_at from campaigns where id = $1
on conflict do nothing;

-- name: LastAmendment :one
select * from campaign_amendments where campaign_id = $1 order by version desc limit 1;

-- name: Amendment :one
select * from campaign_amendments where campaign_id = @campaign_id and version = @version;

-- name: KeepAmendment :exec
insert into campaign_amendments (campaign_id, version, spec, made_by, made_at) values (@campaign_id, @version, @spec, @made_by, @now);

-- name: MarkAmended :exec
update campaign_amendments set applied_at = coalesce(applied_at, @now) where campaign_id = @campaign_id and version = @version;

-- name: SetSpec :exec
update campaigns set spec = @spec, budget_minor = @budget_minor, updated_at = @now where id = @id;
