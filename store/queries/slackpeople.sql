-- name: MeetInSlack :execrows
insert into slack_people (who, zone, digest_minute, next_digest, told_until, looked_until)
values (@who, @zone, @digest_minute, @next_digest::timestamptz, @now::timestamptz, @now::timestamptz)
on conflict (who) do nothing;

-- name: SlackPerson :one
select * from slack_people where who = $1;

-- name: SetDigest :exec
update slack_people set digest_minute = @digest_minute, next_digest = sqlc.narg(next_digest)::timestamptz where who = @who;

-- name: LookedInSlack :exec
update slack_people set looked_until = @until::timestamptz where who = @who and looked_until < @until::timestamptz;

-- name: ClaimDigests :many
update slack_people set busy_until = @until::timestamptz
where who in (select p.who from slack_people p where p.next_digest <= @now::timestamptz and (p.busy_until is null or p.busy_until <= @now::timestamptz)
              order by p.next_digest limit 20 for update skip locked)
returning *;

-- name: DigestTold :exec
-- One that was changed meanwhile stays as it was changed.
update slack_people set next_digest = case when next_digest = @was::timestamptz then sqlc.narg(next_digest)::timestamptz else next_digest end,
    told_until = @until::timestamptz, busy_until = null
where who = @who;

-- name: ChangesSince :many
-- What has happened to partnerships, by campaign and kind, with some of those to whom it did.
select c.id as campaign_id, c.name, c.round, e.kind, count(*) as n, ((array_agg(cr.handle order by e.at desc))[1:3])::text[] as handles
from timeline_events e join partnerships pa on pa.id = e.partnership_id join campaigns c on c.id = pa.campaign_id join creators cr on cr.id = pa.creator_id
where e.at > @since::timestamptz and e.at <= @until::timestamptz and e.kind = any(@kinds::text[])
group by c.id, c.name, c.round, e.kind order by c.name, c.round, e.kind;

-- name: DeedsSince :many
-- What others asked for, by whom and what.
select actor, action, count(*) as n from audit
where at > @since::timestamptz and at <= @until::timestamptz and actor <> @who and actor not like 'creator:%' and corrects is null
group by actor, action order by n desc, actor, action limit 20;
