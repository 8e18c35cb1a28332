-- name: KeepLaunchDraft :execrows
-- One that was asked for stays as it was asked for.
insert into launch_drafts (id, who, kept, made_at) values (@id, @who, @kept, @now::timestamptz)
on conflict (id) do update set kept = excluded.kept where launch_drafts.asked_at is null and launch_drafts.who = excluded.who;

-- name: LaunchDraft :one
select id, who, kept, asked_at from launch_drafts where id = $1;

-- name: AskLaunch :execrows
-- Whoever asks carries it out; others only when that has taken too long.
update launch_drafts set kept = @kept, asked_at = @now::timestamptz, busy_until = @until::timestamptz where id = @id and who = @who and asked_at is null;

-- name: ClaimLaunches :many
update launch_drafts set busy_until = @until::timestamptz
where id in (select d.id from launch_drafts d where d.asked_at is not null and (d.busy_until is null or d.busy_until <= @now::timestamptz) order by d.asked_at limit 10 for update skip locked)
returning id, who, kept, asked_at;

-- name: ForgetLaunch :exec
delete from launch_drafts where id = $1;

-- name: ForgetOldLaunches :exec
delete from launch_drafts where asked_at is null and made_at < @before::timestamptz;

-- name: ForgetUnaskedLaunches :exec
delete from launch_drafts where asked_at is null;
