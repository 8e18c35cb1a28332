-- +goose Up

-- Why somebody rejected what was not sent yet of an approved run; null while nobody has. The last check before a transfer reads it: one that
-- was under way then, and was not made, is a part of that rest.
alter table payout_runs add column rest_rejected text;

-- +goose StatementBegin
create function guard_rest() returns trigger language plpgsql as $$
begin
    raise exception 'what was rejected of a payout run stays rejected' using errcode = 'integrity_constraint_violation';
end $$;
-- +goose StatementEnd

create trigger payout_runs_rest before update on payout_runs for each row
    when (old.rest_rejected is not null and new.rest_rejected is distinct from old.rest_rejected) execute function guard_rest();

-- +goose Down
drop trigger payout_runs_rest on payout_runs;
drop function guard_rest();
alter table payout_runs drop column rest_rejected;
