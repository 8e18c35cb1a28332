-- name: SignInsAsked :one
select count(*) filter (where mail_hash = @mail_hash::bytea)::bigint as of_address, count(*)::bigint as of_all from signin_links where asked_at > @since::timestamptz;

-- name: AddSignIn :exec
insert into signin_links (id, mail_hash, who, leads_to, asked_at) values (@id, @mail_hash, @who, @leads_to, @asked_at);

-- name: ForgetSignIns :exec
delete from signin_links where asked_at < @before::timestamptz;

-- name: ClaimSignIns :many
-- A claim is a lease: who dies with it leaves the link to the next sweep, while it is still worth mailing.
update signin_links set claimed_at = @now::timestamptz
where id in (select k.id from signin_links k where k.who <> '' and k.sent_at is null and k.asked_at > @since::timestamptz and (k.claimed_at is null or k.claimed_at < @lease::timestamptz)
             order by k.asked_at, k.id limit @most for update skip locked)
returning id, who, leads_to;

-- name: ArmSignIn :exec
update signin_links set digest = @digest, expires_at = @expires_at where id = @id and sent_at is null;

-- name: SignInSent :exec
update signin_links set sent_at = @now::timestamptz where id = @id;

-- name: SignIn :one
select who, leads_to from signin_links where digest = $1 and used_at is null and expires_at > @now::timestamptz;

-- name: UseSignIn :one
update signin_links set used_at = @now::timestamptz where digest = @digest and used_at is null and expires_at > @now::timestamptz returning who, leads_to;

-- name: AddSession :exec
insert into console_sessions (digest, who, how, began_at, seen_at) values (@digest, @who, @how, @now, @now);

-- name: Session :one
select * from console_sessions where digest = $1;

-- name: SeeSession :exec
update console_sessions set seen_at = @now::timestamptz where digest = @digest and seen_at < @before::timestamptz;

-- name: EndSession :exec
update console_sessions set ended_at = @now::timestamptz where digest = @digest and ended_at is null;

-- name: EndSessionsOf :execrows
update console_sessions set ended_at = @now::timestamptz where who = @who and ended_at is null;

-- name: SessionsOf :one
select count(*)::bigint from console_sessions where who = @who and ended_at is null and seen_at > @seen::timestamptz and began_at > @began::timestamptz;

-- name: ForgetSessions :exec
delete from console_sessions where began_at < @before::timestamptz;

-- name: LockSavedViews :exec
-- Of two forms of one person the second counts what the first has kept.
select pg_advisory_xact_lock(hashtextextended('saved-views/' || @who::text, 0));

-- name: SavedViews :many
select * from saved_views where who = @who order by lower(name);

-- name: AddSavedView :exec
insert into saved_views (id, who, name, search, stage, waits, sort, made_at) values (@id, @who, @name, @search, @stage, @waits, @sort, @made_at);

-- name: RenameSavedView :execrows
update saved_views set name = @name where who = @who and id = @id;

-- name: RemoveSavedView :exec
delete from saved_views where who = @who and id = @id;

-- name: EraseSavedViews :exec
delete from saved_views where position(lower(@handle::text) in lower(search)) > 0 or position(lower(@handle::text) in lower(name)) > 0;
