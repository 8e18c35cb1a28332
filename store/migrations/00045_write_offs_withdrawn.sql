-- +goose Up

-- Who asked for too much, or for what has been earned since, takes it back: else it waits for good, and keeps the next one out.
alter table write_offs
    add column withdrawn_by text not null default '',
    add column withdrawn_at timestamptz,
    add constraint write_offs_withdrawn_or_approved check (withdrawn_by = '' or approved_by = ''),
    add constraint write_offs_withdrawn_at check ((withdrawn_by = '') = (withdrawn_at is null));

drop index write_offs_open;
create unique index write_offs_open on write_offs (program, creator_id, currency) where approved_by = '' and withdrawn_by = '';

-- +goose StatementBegin
create or replace function guard_write_off() returns trigger language plpgsql as $$
begin
    if tg_op <> 'UPDATE' or old.approved_by <> '' or old.withdrawn_by <> ''
        or (new.id, new.program, new.creator_id, new.currency, new.amount_minor, new.reason, new.asked_by, new.asked_at)
        is distinct from (old.id, old.program, old.creator_id, old.currency, old.amount_minor, old.reason, old.asked_by, old.asked_at) then
        raise exception 'a write-off stays as it was asked for, and is approved or withdrawn once' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
do $$ begin execute format('alter function guard_write_off() set search_path = %I, pg_temp', current_schema()); end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
create or replace function guard_write_off() returns trigger language plpgsql as $$
begin
    if tg_op <> 'UPDATE' or old.approved_by <> '' or (new.id, new.program, new.creator_id, new.currency, new.amount_minor, new.reason, new.asked_by, new.asked_at)
        is distinct from (old.id, old.program, old.creator_id, old.currency, old.amount_minor, old.reason, old.asked_by, old.asked_at) then
        raise exception 'a write-off stays as it was asked for, and is approved once' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
do $$ begin execute format('alter function guard_write_off() set search_path = %I, pg_temp', current_schema()); end $$;
-- +goose StatementEnd
alter table write_offs disable trigger write_offs_guard;
delete from write_offs where withdrawn_by <> '';
alter table write_offs enable trigger write_offs_guard;
drop index write_offs_open;
create unique index write_offs_open on write_offs (program, creator_id, currency) where approved_by = '';
alter table write_offs drop column withdrawn_by, drop column withdrawn_at;
