-- +goose Up

-- A run is paid, and its statements are mailed, in batches: no step carries everybody's ids. A payout's line has a hash of its own, of
-- which the run's hash is made: the last check before a transfer reads that line alone, whatever the size of the run.
alter table payout_runs add column batches integer not null default 0;
alter table payouts add column batch integer not null default 0;
alter table payouts add column line_hash text not null default ''; -- '' in runs that were planned before
-- How many posts the rail certainly refused, and keeps its refusal under their key: the next is sent under the next key.
alter table payouts add column key_n integer not null default 0;
create index payouts_batch on payouts (run_id, batch);

-- +goose StatementBegin
create function guard_payout_line() returns trigger language plpgsql as $$
begin
    if new.line_hash <> old.line_hash or new.batch <> old.batch or new.key_n < old.key_n then
        raise exception 'a payout keeps its line: make a new one instead' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger payouts_line_guard before update of line_hash, batch, key_n on payouts
    for each row execute function guard_payout_line();

-- Who gets a statement of a run, and what they were told.
create table statements (
    run_id     text    not null references payout_runs (id),
    creator_id text    not null references creators (id),
    batch      integer not null,
    primary key (run_id, creator_id)
);
create index statements_batch on statements (run_id, batch);

-- +goose Down
drop table statements;
drop trigger payouts_line_guard on payouts;
drop function guard_payout_line();
drop index payouts_batch;
alter table payouts drop column batch, drop column line_hash, drop column key_n;
alter table payout_runs drop column batches;
