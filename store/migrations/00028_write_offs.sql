-- +goose Up

-- What creators owe and is to be forgiven: one person asks, another approves, and then it is booked.
create table write_offs (
    id             text primary key,
    program        text        not null references programs (name),
    creator_id     text        not null references creators (id),
    currency       text        not null,
    amount_minor   bigint      not null check (amount_minor > 0),
    reason         text        not null,
    asked_by       text        not null,
    asked_at       timestamptz not null,
    approved_by    text        not null default '' check (approved_by <> asked_by),
    approved_at    timestamptz,
    row_id         text unique references ledger_rows (id),
    check ((approved_by = '') = (row_id is null))
);
create unique index write_offs_open on write_offs (program, creator_id, currency) where approved_by = '';

-- +goose StatementBegin
create function guard_write_off() returns trigger language plpgsql as $$
begin
    if tg_op <> 'UPDATE' or old.approved_by <> '' or (new.id, new.program, new.creator_id, new.currency, new.amount_minor, new.reason, new.asked_by, new.asked_at)
        is distinct from (old.id, old.program, old.creator_id, old.currency, old.amount_minor, old.reason, old.asked_by, old.asked_at) then
        raise exception 'a write-off stays as it was asked for, and is approved once' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger write_offs_guard before update or delete on write_offs for each row execute function guard_write_off();
create trigger write_offs_no_truncate before truncate on write_offs for each statement execute function guard_write_off();
-- +goose StatementBegin
do $$ begin execute format('alter function guard_write_off() set search_path = %I, pg_temp', current_schema()); end $$;
-- +goose StatementEnd

-- +goose Down
drop table write_offs;
drop function guard_write_off();
