-- name: KeepLaunched :exec
insert into campaign_amendments (campaign_id, version, spec, made_by, made_at, applied_at)
select id, 0, spec, 'launch', created_at, created_at from campaigns where id = $1
on conflict do nothing;

-- name: LastAmendment :one
select * from campaign_amendments where campaign_id = $1 order by version desc limit 1;

-- name: Amendment :one
select * from campaign_amendments where campaign_id = @campaign_id and version = @version;

-- name: KeepAmendment :exec
insert into campaign_amendments (campaign_id, version, spec, made_by, made_at, retargets, undoes, summary)
values (@campaign_id, @version, @spec, @made_by, @now, @retargets, @undoes, @summary);

-- name: Retargets :one
-- Versions may be applied two at a time: what changed in any of them since the one applied before counts.
select coalesce(bool_or(a.retargets), false)::boolean from campaign_amendments a
where a.campaign_id = @campaign_id and a.version <= @version and a.version > coalesce(
    (select max(b.version) from campaign_amendments b where b.campaign_id = @campaign_id and b.version < @version and b.applied_at is not null), 0);

-- name: MarkAmended :exec
update campaign_amendments set applied_at = coalesce(applied_at, @now) where campaign_id = @campaign_id and version = @version;

-- name: SetSpec :exec
update campaigns set spec = @spec, budget_minor = @budget_minor, updated_at = @now where id = @id;
