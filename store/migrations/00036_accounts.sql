-- +goose Up

-- A creator may have accounts at several rails. The one in creators is the current one, to which money goes; '' is the first rail's, in
-- rows from before there were several. Where the rail knows no account of its own, the receiver is kept here, encrypted.
create table payout_accounts (
    creator_id  text        not null references creators (id),
    rail        text        not null,
    id          text        not null, -- at the rail; of our own making where it keeps none
    ready       boolean     not null,
    shown       text        not null default '', -- the last four characters of the receiver
    sealed      bytea,                           -- the receiver, encrypted; null where the rail knows the account, and after an erasure
    fingerprint bytea,                           -- a keyed hash of it, by which what the rail shows is found here
    ready_at    timestamptz,                     -- since when it could first be paid
    closed_at   timestamptz,                     -- it will never be paid again
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    primary key (creator_id, rail, id)
);
create index payout_accounts_id on payout_accounts (id);
create index payout_accounts_fingerprint on payout_accounts (rail, fingerprint) where fingerprint is not null;

alter table creators add column payout_rail text not null default '';
alter table programs add column rails text[] not null default '{}'; -- that creators may choose from; empty: provider alone

insert into payout_accounts (creator_id, rail, id, ready, ready_at, created_at, updated_at)
select id, '', payout_account, payout_ready, updated_at, created_at, updated_at from creators where payout_account <> '';

-- Where money goes is never changed in place: another receiver is another account.
-- +goose StatementBegin
create function guard_payout_account() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'payout accounts are never deleted' using errcode = 'integrity_constraint_violation';
    end if;
    if (new.creator_id, new.rail, new.id) is distinct from (old.creator_id, old.rail, old.id)
        or new.sealed is not null and new.sealed is distinct from old.sealed
        or new.fingerprint is not null and new.fingerprint is distinct from old.fingerprint then
        raise exception 'a payout account keeps its receiver: make another one' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger payout_accounts_guard before update or delete on payout_accounts
    for each row execute function guard_payout_account();

-- +goose Down
drop table payout_accounts;
drop function guard_payout_account();
alter table creators drop column payout_rail;
alter table programs drop column rails;
