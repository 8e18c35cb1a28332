-- +goose Up

-- What the rail calls an order that it has taken and not paid yet. A rail may forget whose each is: PayPal does after 30 days, and an item that
-- is on hold longer is asked for by this, and is no question to a person. It says where to look, and nothing of what was paid.
alter table payouts add column ordered_ref text not null default '';

-- +goose StatementBegin
create function guard_ordered() returns trigger language plpgsql as $$
begin
    raise exception 'a payout keeps the name of its order' using errcode = 'integrity_constraint_violation';
end $$;
-- +goose StatementEnd

create trigger payouts_ordered before update of ordered_ref on payouts for each row
    when (old.ordered_ref <> '' and new.ordered_ref <> old.ordered_ref) execute function guard_ordered();

-- +goose Down
drop trigger payouts_ordered on payouts;
drop function guard_ordered();
alter table payouts drop column ordered_ref;
