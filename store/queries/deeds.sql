-- name: Clock :one
select clock_timestamp()::timestamptz;

-- name: WriteDeed :execrows
insert into audit (at, actor, action, target, reason, deed_id, details, decided_at, outcome, why, run)
values (coalesce(sqlc.narg(test_now)::timestamptz, now()), @actor, @action, @target, @reason, @deed_id, @details,
    coalesce(sqlc.narg(decided_at)::timestamptz, sqlc.narg(test_now)::timestamptz, now()), @outcome, @why, @run)
on conflict (deed_id) do nothing;

-- name: CorrectDeed :execrows
-- The line of a decision that its workflow could not take any more: refused, in the words of its own line otherwise.
insert into audit (at, actor, action, target, reason, details, decided_at, outcome, why, run, corrects)
select coalesce(sqlc.narg(test_now)::timestamptz, now()), a.actor, a.action, a.target, a.reason, a.details, a.decided_at, 'refused', @why::text, a.run, a.deed_id
from audit a where a.deed_id = @deed_id and a.run = @run and a.action = @action and a.target = @target and a.outcome = 'accepted'
on conflict (corrects) do nothing;

-- name: DeedLine :one
select a.action, a.target, a.run, coalesce(c.outcome, a.outcome)::text as outcome, coalesce(c.why, a.why)::text as why
from audit a left join audit c on c.corrects = a.deed_id where a.deed_id = $1;

-- name: DeedCounted :one
select exists (select from audit a where a.deed_id = $1 and a.outcome = 'accepted' and not exists (select from audit c where c.corrects = a.deed_id));

-- name: AuditLines :many
-- A deed is one line: what corrects it is told with it.
select a.*, coalesce(k.state, '')::text as asked_state, k.answer, coalesce(k.why, '')::text as asked_why, k.done_at, c.why as corrected_why
from audit a left join asked k on k.id = a.deed_id left join audit c on c.corrects = a.deed_id
where a.corrects is null and (@actor::text = '' or a.actor = @actor::text) and (@action::text = '' or a.action = @action::text)
  and (@target::text = '' or a.target = @target::text or a.deed_id = @target::text) and (@before::bigint = 0 or a.n < @before::bigint)
order by a.n desc limit @max_rows;

-- name: Ask :execrows
insert into asked (id, at, who, deed, subject, content, message, mac, reply, next_at)
values (@id, @at, @who, @deed, @subject, @content, @message, @mac, @reply, @next_at)
on conflict (id) do nothing;

-- name: Asked :one
select * from asked where id = $1;

-- name: WaitingAsked :many
select * from asked where state = 'taken' and (@subject::text = '' or subject = @subject::text) order by at, id;

-- name: ClaimAsked :many
-- A claim is a lease: a sweeper that dies leaves the rows to the next one when it ends. Each claim waits longer, at most a minute.
update asked set attempts = attempts + 1, next_at = now() + least(60, power(2, least(attempts + 2, 6))) * interval '1 second'
where id in (select k.id from asked k where (k.state = 'taken' or k.reply is not null and k.done_at > now() - interval '3 days') and k.next_at <= now()
             order by k.next_at, k.id limit @max_rows for update skip locked)
returning *;

-- name: SettleAsked :execrows
update asked set state = @state, answer = @answer, code = @code, field = @field, why = @why, done_at = coalesce(sqlc.narg(test_now)::timestamptz, now())
where id = @id and state = 'taken';

-- name: AskedTold :exec
update asked set reply = null where id = $1;

-- name: ForgetReplies :exec
-- Where nobody could be told for days (an archived channel) nobody is told any more; the card in it is somebody's personal data.
update asked set reply = null where reply is not null and state <> 'taken' and done_at <= now() - interval '3 days';

-- name: ForgetAsked :exec
-- What came of a deed stands in the audit for good.
delete from asked where state <> 'taken' and done_at < now() - interval '90 days';

-- name: ForgetKeys :exec
delete from request_keys where at < now() - interval '90 days';

-- name: BindKey :execrows
insert into request_keys (id, request, hash, at) values (@id, @request, @hash, now()) on conflict (id) do nothing;

-- name: BoundKey :one
select * from request_keys where id = $1;

-- name: AnswerKey :exec
update request_keys set status = @status, answer = @answer where id = @id;

-- name: FreeKey :exec
delete from request_keys where id = $1 and status = 0;

-- name: FirstSeen :execrows
insert into seen (id, at) values (@id, now()) on conflict (id) do nothing;

-- name: ForgetSeen :exec
delete from seen where at < now() - interval '1 hour';
