-- +goose Up

-- A payout that a bank was ordered, and that is in no file yet, was sent to nobody: it can be taken out of its run as one that is planned.
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
        'unknown>paid', 'unknown>failed', 'paid>returned'])
        and not (old.state = 'posted' and new.state = 'void' and exists (select from bank_orders o where o.payout_id = new.id)
            and not exists (select from bank_lines l where l.payout_id = new.id)) then
        raise exception 'a payout does not go from % to %', old.state, new.state using errcode = 'integrity_constraint_violation';
    end if;
    if (new.provider_ref <> '') <> (new.state in ('paid', 'returned')) then
        raise exception 'a payout is paid by a transfer, and by none before' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
do $$ begin execute format('alter function guard_payout() set search_path = %I, pg_temp', current_schema()); end $$;
-- +goose StatementEnd

-- +goose Down

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
-- +goose StatementBegin
do $$ begin execute format('alter function guard_payout() set search_path = %I, pg_temp', current_schema()); end $$;
-- +goose StatementEnd
