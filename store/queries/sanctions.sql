-- name: PutList :exec
insert into sanction_lists (source, published, hash, imported_by, imported_at) values (@source, @published, @hash, @imported_by, @now)
on conflict (source) do update set published = excluded.published, hash = excluded.hash, imported_by = excluded.imported_by, imported_at = excluded.imported_at;

-- name: SanctionLists :many
select source, published, hash, imported_by, imported_at from sanction_lists order by source;

-- name: DropEntries :exec
delete from sanction_entries where source = $1;

-- name: AddEntries :copyfrom
insert into sanction_entries (source, uid, name, kind, program, aliases) values (@source, @uid, @name, @kind, @program, @aliases);

-- name: SanctionEntries :many
select * from sanction_entries order by source, uid;

-- name: PayeeNames :many
-- Who may be paid, under what names, and how they were last compared: everybody with earnings that nobody has paid, or one of them. Who was
-- erased has no name left to compare; what was found of them stands.
select cr.id, cr.name, cr.payout_holder, coalesce(sc.names_key, ''::bytea) as names_key, coalesce(sc.lists, '') as lists
from creators cr left join sanction_screens sc on sc.creator_id = cr.id
where cr.erased_at is null and (cr.id = sqlc.narg(creator_id)::text
    or sqlc.narg(creator_id)::text is null and cr.id in (select l.creator_id from ledger_rows l where l.state in ('pending', 'eligible', 'in_payout')));

-- name: NamesOnPapers :many
-- What stands encrypted on the tax papers that count.
select p.creator_id, p.id, p.sealed from tax_papers p where p.sealed is not null and p.rejected_at is null and (sqlc.narg(creator_id)::text is null or p.creator_id = sqlc.narg(creator_id));

-- name: HitsAreOld :exec
update sanction_hits set current = false where creator_id = any(@creators::text[]) and current;

-- name: AddHits :exec
insert into sanction_hits (id, creator_id, name_key, source, uid, entry_name, program, percent, list_hash, found_at, current)
select unnest(@ids::text[]), unnest(@creators::text[]), unnest(@name_keys::bytea[]), unnest(@sources::text[]), unnest(@uids::text[]), unnest(@names::text[]),
    unnest(@programs::text[]), unnest(@percents::int[]), unnest(@hashes::text[]), @now, true
on conflict (creator_id, name_key, source, uid, entry_name) do update set current = true;

-- name: PutScreens :exec
insert into sanction_screens (creator_id, names_key, lists, at)
select unnest(@creators::text[]), unnest(@names_keys::bytea[]), @lists, @now
on conflict (creator_id) do update set names_key = excluded.names_key, lists = excluded.lists, at = excluded.at;

-- name: ForgetScreen :exec
delete from sanction_screens where creator_id = $1;

-- name: HeldByHits :many
-- Whose money waits for a word about a name, or for good: the worst of each.
select h.creator_id, max(case h.decision when 'confirmed' then 2 else 1 end)::int as worst from sanction_hits h
where h.current and h.decision <> 'cleared' and (sqlc.narg(creator_id)::text is null or h.creator_id = sqlc.narg(creator_id)) group by h.creator_id;

-- name: Hits :many
select sqlc.embed(h), cr.platform, cr.handle, cr.name, cr.country from sanction_hits h join creators cr on cr.id = h.creator_id
where @decided::boolean or h.current and h.decision <> 'cleared' order by h.decision, h.found_at, h.id;

-- name: UntoldHits :many
-- Those that finance was not asked about yet.
select sqlc.embed(h), cr.platform, cr.handle, cr.name, cr.country
from sanction_hits h join creators cr on cr.id = h.creator_id
where h.current and h.decision = '' and not exists (select from effects e where e.key = 'sanction-hit/' || h.id and e.state = 'confirmed')
order by h.found_at, h.id limit 100;

-- name: PutCard :exec
insert into finance_cards (about, card) values (@about, @card) on conflict (about) do update set card = excluded.card;

-- name: LockHit :one
select * from sanction_hits where id = $1 for update;

-- name: DecideHit :exec
update sanction_hits set decision = @decision, decided_by = @decided_by, decided_at = @now::timestamptz, reason = @reason where id = @id;
