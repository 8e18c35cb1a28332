-- +goose Up

-- Transfers that the provider shows and the books did not explain, and how a person settled each. What is settled explains its
-- transfer from then on.
create table payout_differences (
    provider       text        not null,
    transfer_id    text        not null,
    payout_id      text        not null default '', -- as the provider shows it; the books may not know it
    creator_id     text references creators (id),   -- whose account it went to, null when it is nobody's here
    destination    text        not null,
    amount_minor   bigint      not null check (amount_minor > 0),
    reversed_minor bigint      not null default 0 check (reversed_minor between 0 and amount_minor),
    currency       text        not null,
    made_at        timestamptz not null,
    found_at       timestamptz not null,
    why            text        not null,
    settled        text        not null default '' check (settled in ('', 'ours', 'double', 'foreign')),
    settled_by     text        not null default '',
    settled_at     timestamptz,
    reason         text        not null default '',
    closed_at      timestamptz, -- nothing is left to do: it is booked, reversed, or not ours
    primary key (provider, transfer_id)
);
create index payout_differences_open on payout_differences (provider) where closed_at is null;

-- +goose StatementBegin
create function guard_difference() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'differences are never deleted' using errcode = 'integrity_constraint_violation';
    end if;
    if (new.provider, new.transfer_id, new.amount_minor, new.currency, new.destination, new.made_at)
        is distinct from (old.provider, old.transfer_id, old.amount_minor, old.currency, old.destination, old.made_at) then
        raise exception 'a difference keeps what the provider showed' using errcode = 'integrity_constraint_violation';
    end if;
    if new.settled <> old.settled and (old.closed_at is not null or old.settled not in ('', 'double') or new.settled = '') then
        raise exception 'a difference is settled once' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger payout_differences_guard before update or delete on payout_differences
    for each row execute function guard_difference();

-- +goose Down
drop table payout_differences;
drop function guard_difference();
