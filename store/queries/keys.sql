-- name: RecordSettingPrint :exec
-- The first start records; later ones are held against it.
insert into setting_prints (name, fingerprint) values ($1, $2) on conflict (name) do nothing;

-- name: SettingPrints :many
select name, fingerprint from setting_prints;

-- name: ReplaceSettingPrint :exec
insert into setting_prints (name, fingerprint) values ($1, $2)
on conflict (name) do update set fingerprint = excluded.fingerprint, recorded_at = now();

-- name: OpenStories :one
-- What counts in campaign days now.
select (select count(*) from partnerships where outcome = '')
     + (select count(*) from campaigns where state not in ('finished', 'cancelled'))
     + (select count(*) from payout_runs where state not in ('reconciled', 'rejected', 'empty')) as open;

-- name: LockCodecKeys :exec
-- One process at a time joins or chooses what it writes with, so that nobody chooses by what is about to change.
lock table codec_keys, codec_processes in exclusive mode;

-- name: ForgetSilentProcesses :exec
-- Thirty seconds are six heartbeats.
delete from codec_processes where seen_at < now() - interval '30 seconds';

-- name: CodecProcesses :many
select * from codec_processes where seen_at >= now() - interval '30 seconds' order by kind desc, place, id;

-- name: CodecKeys :many
select * from codec_keys order by recorded_at, id;

-- name: RecordCodecKey :exec
insert into codec_keys (id, fingerprint, read_at) values (@id, @fingerprint, case when @known::boolean then now() end)
on conflict (id) do update set read_at = coalesce(codec_keys.read_at, excluded.read_at);

-- name: WriteWithCodecKey :exec
update codec_keys set written_at = now(), dropped_at = null where id = $1;

-- name: DropCodecKey :execrows
update codec_keys set dropped_at = now() where id = $1 and dropped_at is null;

-- name: SaveCodecProcess :exec
insert into codec_processes (id, kind, place, reads, writes) values (@id, @kind, @place, @reads, @writes)
on conflict (id) do update set reads = excluded.reads, writes = excluded.writes, seen_at = now();

-- name: RemoveCodecProcess :exec
delete from codec_processes where id = $1;
