-- +goose Up

-- An order is credited once in its program. Both touches are kept; code beats link.
create table orders (
    program             text        not null,
    order_id            text        not null,
    currency            text        not null,
    net_minor           bigint      not null check (net_minor >= 0),
    code_partnership_id text references partnerships (id),
    link_partnership_id text references partnerships (id),
    partnership_id      text references partnerships (id), -- who is credited, null when nobody is
    why                 text        not null, -- code, link, or why nobody is credited
    occurred_at         timestamptz not null,
    recorded_at         timestamptz not null,
    primary key (program, order_id)
);
create index orders_order_id on orders (order_id);
create index orders_partnership on orders (partnership_id);

-- A refund may come before its order; it is kept and counted when the order is there.
create table refunds (
    order_id     text        not null,
    refund_id    text        not null,
    amount_minor bigint      not null check (amount_minor > 0),
    currency     text        not null,
    occurred_at  timestamptz not null,
    recorded_at  timestamptz not null,
    primary key (order_id, refund_id)
);

create table payout_runs (
    id             text primary key,
    program        text        not null references programs (name),
    period         text        not null,
    n              bigint      not null,
    from_at        timestamptz not null,
    to_at          timestamptz not null,
    cutoff         timestamptz not null,
    state          text        not null,
    lines_hash     text        not null default '',
    prepared_by    text        not null,
    total_minor    bigint      not null default 0,
    currency       text        not null,
    payees         bigint      not null default 0,
    carried        bigint      not null default 0,
    need_approvers bigint      not null default 1,
    created_at     timestamptz not null,
    unique (program, period, n)
);
-- One run at a time for a program's month.
create unique index payout_runs_open on payout_runs (program, period) where state not in ('reconciled', 'rejected', 'empty');

create table run_approvals (
    run_id      text        not null references payout_runs (id),
    approved_by text        not null,
    lines_hash  text        not null,
    at          timestamptz not null,
    primary key (run_id, approved_by)
);

create table payouts (
    id              text primary key,
    run_id          text        not null references payout_runs (id),
    creator_id      text        not null references creators (id),
    destination     text        not null,
    amount_minor    bigint      not null check (amount_minor > 0),
    currency        text        not null,
    state           text        not null,
    provider        text        not null,
    provider_ref    text        not null default '',
    idempotency_key text        not null unique,
    first_posted_at timestamptz,
    reversed_minor  bigint      not null default 0 check (reversed_minor between 0 and amount_minor),
    reason          text        not null default '',
    updated_at      timestamptz not null,
    unique (run_id, creator_id, currency)
);
create unique index payouts_provider_ref on payouts (provider, provider_ref) where provider_ref <> '';

-- Commissions, fees and adjustments. The amount and its basis never change; a correction is a further row.
create table ledger_rows (
    id             text primary key,
    program        text        not null references programs (name),
    campaign_id    text        not null references campaigns (id),
    partnership_id text        not null references partnerships (id),
    creator_id     text        not null references creators (id),
    kind           text        not null check (kind in ('commission', 'fee', 'bonus', 'adjustment')),
    state          text        not null check (state in ('pending', 'eligible', 'held', 'in_payout', 'paid', 'reversed', 'voided')),
    amount_minor   bigint      not null check (amount_minor >= 0 or kind = 'adjustment'),
    currency       text        not null,
    order_id       text        not null default '',
    deliverable    text        not null default '',
    rate_bps       bigint      not null default 0,
    occurred_at    timestamptz not null,
    eligible_at    timestamptz not null,
    payout_id      text references payouts (id),
    reason         text        not null default '',
    created_at     timestamptz not null,
    check ((state in ('in_payout', 'paid')) = (payout_id is not null))
);
create unique index ledger_rows_one_commission on ledger_rows (program, order_id) where kind = 'commission';
create unique index ledger_rows_one_fee on ledger_rows (partnership_id, deliverable) where kind = 'fee';
create index ledger_rows_order on ledger_rows (program, order_id) where order_id <> '';
create index ledger_rows_creator on ledger_rows (creator_id);
create index ledger_rows_partnership on ledger_rows (partnership_id);
create index ledger_rows_open on ledger_rows (program, currency, creator_id) where state in ('pending', 'eligible');
create index ledger_rows_payout on ledger_rows (payout_id) where payout_id is not null;

-- Which rows a payout claimed, also after they were released.
create table payout_rows (
    payout_id   text not null references payouts (id),
    row_id      text not null references ledger_rows (id),
    released_at timestamptz,
    primary key (payout_id, row_id)
);
create unique index payout_rows_one_claim on payout_rows (row_id) where released_at is null;

-- Double entry. A posting's entries sum to zero in each currency; corrections are new postings.
create table postings (
    id   bigint generated always as identity primary key,
    key  text        not null unique,
    kind text        not null,
    at   timestamptz not null
);

create table entries (
    posting_id   bigint not null references postings (id),
    account      text   not null,
    currency     text   not null,
    amount_minor bigint not null check (amount_minor <> 0),
    primary key (posting_id, account, currency)
);
create index entries_account on entries (account, currency) include (amount_minor);

create trigger postings_append_only before update or delete or truncate on postings
    for each statement execute function refuse_change();
create trigger entries_append_only before update or delete or truncate on entries
    for each statement execute function refuse_change();

-- +goose StatementBegin
create function check_posting() returns trigger language plpgsql as $$
declare
    posting bigint := case tg_table_name when 'entries' then (to_jsonb(new) ->> 'posting_id')::bigint else (to_jsonb(new) ->> 'id')::bigint end;
begin
    if not exists (select from entries where posting_id = posting) then
        raise exception 'posting % has no entries', posting using errcode = 'integrity_constraint_violation';
    end if;
    if exists (select from entries where posting_id = posting group by currency having sum(amount_minor) <> 0) then
        raise exception 'posting % does not sum to zero', posting using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;
-- +goose StatementEnd

create constraint trigger postings_balance after insert on postings deferrable initially deferred
    for each row execute function check_posting();
create constraint trigger entries_balance after insert on entries deferrable initially deferred
    for each row execute function check_posting();

-- +goose StatementBegin
create function guard_ledger_row() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'ledger rows are never deleted' using errcode = 'integrity_constraint_violation';
    end if;
    if (new.id, new.program, new.campaign_id, new.partnership_id, new.creator_id, new.kind, new.amount_minor, new.currency,
        new.order_id, new.deliverable, new.rate_bps, new.occurred_at, new.eligible_at, new.created_at)
        is distinct from (old.id, old.program, old.campaign_id, old.partnership_id, old.creator_id, old.kind, old.amount_minor,
        old.currency, old.order_id, old.deliverable, old.rate_bps, old.occurred_at, old.eligible_at, old.created_at) then
        raise exception 'a ledger row keeps its amount and basis: write an adjustment instead' using errcode = 'integrity_constraint_violation';
    end if;
    if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
        'pending>eligible', 'pending>held', 'pending>reversed', 'pending>voided',
        'eligible>held', 'eligible>in_payout', 'eligible>reversed', 'eligible>voided',
        'held>pending', 'held>reversed', 'held>voided',
        'in_payout>paid', 'in_payout>eligible']) then
        raise exception 'a ledger row does not go from % to %', old.state, new.state using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger ledger_rows_guard before update or delete on ledger_rows
    for each row execute function guard_ledger_row();

-- +goose StatementBegin
create function guard_payout() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'payouts are never deleted' using errcode = 'integrity_constraint_violation';
    end if;
    if (new.id, new.run_id, new.creator_id, new.destination, new.amount_minor, new.currency, new.provider, new.idempotency_key)
        is distinct from (old.id, old.run_id, old.creator_id, old.destination, old.amount_minor, old.currency, old.provider, old.idempotency_key)
        or (old.first_posted_at is not null and new.first_posted_at is distinct from old.first_posted_at) then
        raise exception 'a payout keeps its amount, destination, key and first post: make a new one instead' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger payouts_guard before update or delete on payouts
    for each row execute function guard_payout();

-- +goose Down
drop table entries, postings, payout_rows, ledger_rows, payouts, run_approvals, payout_runs, refunds, orders;
drop function check_posting(), guard_ledger_row(), guard_payout();
