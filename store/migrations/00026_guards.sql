-- +goose Up

-- What the program may not do is refused by the database, whoever asks: the books are added to and never written over. Who owns the
-- tables could switch these triggers off; the program's role could not (store/grants.sql).

-- The transaction that runs, as a number that grows with time and is never the same again, on whatever server the database is restored:
-- milliseconds and the transaction's id.
create function this_transaction() returns bigint language sql stable as $$
    select ((extract(epoch from now()) * 1000)::bigint << 20) | (pg_current_xact_id()::text::bigint & 1048575)
$$;

-- Which transaction wrote a posting: entries come with it and never later. Postings of before have none.
alter table postings add column tx bigint not null default 0;

-- +goose StatementBegin
create function stamp_transaction() returns trigger language plpgsql as $$
begin
    new.tx := this_transaction();
    return new;
end $$;
-- +goose StatementEnd

create trigger postings_stamp before insert on postings for each row execute function stamp_transaction();

-- +goose StatementBegin
create function guard_entries() returns trigger language plpgsql as $$
declare old bigint;
begin
    select p.id into old from fresh f join postings p on p.id = f.posting_id where p.tx <> this_transaction() limit 1;
    if found then
        raise exception 'posting % is closed: entries come with their posting and never later', old using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;
-- +goose StatementEnd

create trigger entries_with_their_posting after insert on entries referencing new table as fresh
    for each statement execute function guard_entries();

create trigger orders_append_only before update or delete or truncate on orders
    for each statement execute function refuse_change();
create trigger run_approvals_append_only before update or delete or truncate on run_approvals
    for each statement execute function refuse_change();

create trigger ledger_rows_no_truncate before truncate on ledger_rows for each statement execute function refuse_change();
create trigger payouts_no_truncate before truncate on payouts for each statement execute function refuse_change();
create trigger payout_rows_no_truncate before truncate on payout_rows for each statement execute function refuse_change();
create trigger payout_runs_no_truncate before truncate on payout_runs for each statement execute function refuse_change();
create trigger payout_differences_no_truncate before truncate on payout_differences for each statement execute function refuse_change();
create trigger effects_no_truncate before truncate on effects for each statement execute function refuse_change();
create trigger timeline_events_no_truncate before truncate on timeline_events for each statement execute function refuse_change();

-- A row begins unpaid and unclaimed. How it goes on is guarded since 00004.
-- +goose StatementBegin
create function guard_new_row() returns trigger language plpgsql as $$
begin
    if new.state not in ('pending', 'eligible', 'held') then
        raise exception 'a ledger row begins pending, eligible or held, not %', new.state using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger ledger_rows_begin before insert on ledger_rows for each row execute function guard_new_row();

-- A payout begins planned and goes on as its money does: what was paid stays paid, by the transfer that paid it.
-- +goose StatementBegin
create or replace function guard_payout() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'payouts are never deleted' using errcode = 'integrity_constraint_violation';
    end if;
    if tg_op = 'INSERT' then
        if new.state <> 'planned' or new.provider_ref <> '' or new.first_posted_at is not null or new.reversed_minor <> 0 then
            raise exception 'a payout begins planned' using errcode = 'integrity_constraint_violation';
        end if;
        return new;
    end if;
    if (new.id, new.run_id, new.creator_id, new.destination, new.amount_minor, new.currency, new.provider, new.idempotency_key)
        is distinct from (old.id, old.run_id, old.creator_id, old.destination, old.amount_minor, old.currency, old.provider, old.idempotency_key)
        or (old.first_posted_at is not null and new.first_posted_at is distinct from old.first_posted_at)
        or (old.provider_ref <> '' and new.provider_ref <> old.provider_ref) or new.reversed_minor < old.reversed_minor then
        raise exception 'a payout keeps its amount, destination, key, first post and receipt: make a new one instead' using errcode = 'integrity_constraint_violation';
    end if;
    if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
        'planned>posted', 'planned>void', 'planned>failed', 'planned>paid',
        'posted>planned', 'posted>paid', 'posted>unknown', 'posted>failed',
        'unknown>paid', 'unknown>failed', 'paid>returned']) then
        raise exception 'a payout does not go from % to %', old.state, new.state using errcode = 'integrity_constraint_violation';
    end if;
    if (new.provider_ref <> '') <> (new.state in ('paid', 'returned')) then
        raise exception 'a payout is paid by a transfer, and by none before' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd

drop trigger payouts_guard on payouts;
create trigger payouts_guard before insert or update or delete on payouts
    for each row execute function guard_payout();

-- What a payout claimed is claimed by it, and let go once.
-- +goose StatementBegin
create function guard_claim() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or (new.payout_id, new.row_id) is distinct from (old.payout_id, old.row_id)
        or old.released_at is not null and new.released_at is distinct from old.released_at then
        raise exception 'a claim stays, and is let go once' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger payout_rows_guard before update or delete on payout_rows for each row execute function guard_claim();

-- A run goes forward. What was approved of it is what is paid.
-- +goose StatementBegin
create function guard_run() returns trigger language plpgsql as $$
declare ranks constant jsonb := '{"closing": 0, "review": 1, "planned": 2, "approved": 3, "executing": 4, "reconciled": 5, "rejected": 5, "empty": 5}';
begin
    if tg_op = 'DELETE' then
        raise exception 'payout runs are never deleted' using errcode = 'integrity_constraint_violation';
    end if;
    if (new.id, new.program, new.period, new.n, new.from_at, new.to_at, new.cutoff, new.prepared_by, new.currency, new.created_at)
        is distinct from (old.id, old.program, old.period, old.n, old.from_at, old.to_at, old.cutoff, old.prepared_by, old.currency, old.created_at) then
        raise exception 'a payout run keeps its month and who prepared it' using errcode = 'integrity_constraint_violation';
    end if;
    if new.state <> old.state and coalesce((ranks ->> new.state)::int <= (ranks ->> old.state)::int, true) then
        raise exception 'a payout run does not go from % to %', old.state, new.state using errcode = 'integrity_constraint_violation';
    end if;
    if (new.lines_hash, new.total_minor, new.payees, new.carried, new.need_approvers)
        is distinct from (old.lines_hash, old.total_minor, old.payees, old.carried, old.need_approvers)
        and (old.lines_hash <> '' or old.total_minor <> 0) and (old.state not in ('closing', 'review', 'planned')
            or exists (select from run_approvals a where a.run_id = old.id and a.lines_hash = old.lines_hash)) then
        raise exception 'a payout run keeps what was approved: reject it, and plan again' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger payout_runs_guard before update or delete on payout_runs for each row execute function guard_run();

-- An act outside that was done stays done, with the receipt that it has. Of a label's receipt erasure takes where somebody lives.
-- +goose StatementBegin
create function guard_effect() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'effects are never deleted' using errcode = 'integrity_constraint_violation';
    end if;
    if (new.key, new.kind) is distinct from (old.key, old.kind) then
        raise exception 'an effect keeps its key and kind' using errcode = 'integrity_constraint_violation';
    end if;
    if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
        'intent>confirmed', 'intent>unknown', 'intent>failed', 'unknown>confirmed', 'unknown>released',
        'failed>intent', 'failed>confirmed', 'released>intent', 'released>confirmed']) then
        raise exception 'an effect does not go from % to %', old.state, new.state using errcode = 'integrity_constraint_violation';
    end if;
    if old.state = 'confirmed' and new.receipt is distinct from old.receipt
        and new.receipt is distinct from old.receipt - '{label_url,tracking_code}'::text[] then
        raise exception 'the receipt of an effect stays' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger effects_guard before update or delete on effects for each row execute function guard_effect();

-- A timeline is added to. What a workflow's run said that was reset is taken back by the run that goes on; a manager's own words go
-- with the person that they are about.
-- +goose StatementBegin
create function guard_event() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.seq is null then
            raise exception 'what did not come from a workflow stays in the timeline' using errcode = 'integrity_constraint_violation';
        end if;
        return old;
    end if;
    if old.kind <> 'manager_note' or to_jsonb(new) - 'detail' is distinct from to_jsonb(old) - 'detail' then
        raise exception 'an event of a timeline stays as it was' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger timeline_events_guard before update or delete on timeline_events for each row execute function guard_event();

-- A trigger looks at these tables and at no others of the same name: whoever may make temporary tables could put one in front.
-- +goose StatementBegin
do $$
declare f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = current_schema()::regnamespace and p.prorettype = 'trigger'::regtype loop
        execute format('alter function %s set search_path = %I, pg_temp', f, current_schema());
    end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
drop trigger timeline_events_guard on timeline_events;
drop trigger effects_guard on effects;
drop trigger payout_runs_guard on payout_runs;
drop trigger payout_rows_guard on payout_rows;
drop trigger ledger_rows_begin on ledger_rows;
drop function guard_event(), guard_effect(), guard_run(), guard_claim(), guard_new_row();
drop trigger payouts_guard on payouts;
create trigger payouts_guard before update or delete on payouts for each row execute function guard_payout();
drop trigger timeline_events_no_truncate on timeline_events;
drop trigger effects_no_truncate on effects;
drop trigger payout_differences_no_truncate on payout_differences;
drop trigger payout_runs_no_truncate on payout_runs;
drop trigger payout_rows_no_truncate on payout_rows;
drop trigger payouts_no_truncate on payouts;
drop trigger ledger_rows_no_truncate on ledger_rows;
drop trigger run_approvals_append_only on run_approvals;
drop trigger orders_append_only on orders;
drop trigger entries_with_their_posting on entries;
drop trigger postings_stamp on postings;
drop function guard_entries(), stamp_transaction();
alter table postings drop column tx;
drop function this_transaction();
