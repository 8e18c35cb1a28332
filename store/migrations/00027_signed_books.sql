-- +goose Up

-- Every transaction that writes into the books is signed at its end by the program, with a key that the database does not have: a row
-- that somebody writes past the program carries no signature, and one that is changed no longer fits its own.

-- +goose StatementBegin
create or replace function stamp_transaction() returns trigger language plpgsql as $$
begin
    new.tx := this_transaction();
    perform set_config('rapport.books', 'written', true); -- the program asks for it at the transaction's end
    return new;
end $$;
-- +goose StatementEnd

-- By which transfer a payout was paid: what the payout says of it is held against this.
create table payout_receipts (
    payout_id    text primary key references payouts (id),
    provider     text   not null,
    transfer_id  text   not null,
    amount_minor bigint not null,
    currency     text   not null,
    at           timestamptz not null,
    unique (provider, transfer_id)
);
insert into payout_receipts select id, provider, provider_ref, amount_minor, currency, updated_at from payouts where provider_ref <> '';

-- What was planned of a run and shown to who approves it.
create table run_plans (
    run_id         text   not null references payout_runs (id),
    prepared_by    text   not null,
    lines_hash     text   not null,
    total_minor    bigint not null,
    currency       text   not null,
    payees         bigint not null,
    need_approvers bigint not null,
    primary key (run_id, lines_hash)
);
insert into run_plans select id, prepared_by, lines_hash, total_minor, currency, payees, need_approvers from payout_runs where lines_hash <> '' or total_minor <> 0;

create trigger payout_receipts_append_only before update or delete or truncate on payout_receipts
    for each statement execute function refuse_change();
create trigger run_plans_append_only before update or delete or truncate on run_plans
    for each statement execute function refuse_change();

-- What was there before is of transaction 0.
alter table postings disable trigger postings_append_only;
update postings set tx = 0 where tx <> 0;
alter table postings enable trigger postings_append_only;
-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['orders', 'order_facts', 'order_sums', 'ledger_rows', 'payouts', 'payout_receipts', 'run_plans', 'run_approvals'] loop
        execute format('alter table %I add column tx bigint not null default 0', t);
        execute format('create trigger %I before insert on %I for each row execute function stamp_transaction()', t || '_stamp', t);
    end loop;
    foreach t in array array['orders', 'order_facts', 'order_sums', 'ledger_rows', 'postings', 'payouts', 'payout_receipts', 'run_plans', 'run_approvals'] loop
        execute format('create index %I on %I (tx)', t || '_tx', t);
    end loop;
end $$;
-- +goose StatementEnd

-- Instants as whole numbers, so that a hash does not depend on how a session shows them.
create function micros(t timestamptz) returns bigint language sql immutable parallel safe as $$ select (extract(epoch from t) * 1000000)::bigint $$;

-- All that is final in the books of those transactions, each with the hash of what of it never changes: what is added to the books later
-- gets its branch here. A posting holds its entries, a payout the rows that it claimed.
-- +goose StatementBegin
create function book_items(from_tx bigint, to_tx bigint) returns table (tx bigint, what text, id text, hash bytea) language plpgsql stable as $$
#variable_conflict use_column
begin
    return query select o.tx, 'order', o.program || '/' || o.order_id, sha256(convert_to(row(o.program, o.order_id, o.currency, o.net_minor, o.code_partnership_id,
        o.link_partnership_id, o.partnership_id, o.why, micros(o.occurred_at), o.deliverable, o.deliverable_inferred)::text, 'UTF8')) from orders o where o.tx >= from_tx and o.tx < to_tx;
    return query select f.tx, 'order fact', f.order_id || '/' || f.kind || '/' || f.ref || '/' || f.id,
        sha256(convert_to(row(f.id, f.order_id, f.kind, f.ref, micros(f.said_at), f.digest, f.fact, f.heard)::text, 'UTF8')) from order_facts f where f.tx >= from_tx and f.tx < to_tx;
    return query select s.tx, 'order sum', s.order_id || '/' || s.n,
        sha256(convert_to(row(s.order_id, s.n, s.currency, s.bought_minor, s.back_minor, s.new_customer)::text, 'UTF8')) from order_sums s where s.tx >= from_tx and s.tx < to_tx;
    return query select l.tx, 'row', l.id, sha256(convert_to(row(l.id, l.program, l.campaign_id, l.partnership_id, l.creator_id, l.kind, l.amount_minor, l.currency, l.order_id,
        l.deliverable, l.rate_bps, micros(l.occurred_at), micros(l.eligible_at), micros(l.created_at))::text, 'UTF8')) from ledger_rows l where l.tx >= from_tx and l.tx < to_tx;
    return query select p.tx, 'posting', p.id || ' (' || p.key || ')', sha256(convert_to(row(p.id, p.key, p.kind, micros(p.at),
        string_agg(row(e.account, e.currency, e.amount_minor)::text, ';' order by e.account collate "C", e.currency collate "C"))::text, 'UTF8'))
        from postings p left join entries e on e.posting_id = p.id where p.tx >= from_tx and p.tx < to_tx group by p.id;
    return query select po.tx, 'payout', po.id, sha256(convert_to(row(po.id, po.run_id, po.creator_id, po.destination, po.amount_minor, po.currency, po.provider, po.idempotency_key,
        string_agg(c.row_id, ',' order by c.row_id collate "C"))::text, 'UTF8'))
        from payouts po left join payout_rows c on c.payout_id = po.id where po.tx >= from_tx and po.tx < to_tx group by po.id;
    return query select t.tx, 'receipt', t.payout_id, sha256(convert_to(row(t.payout_id, t.provider, t.transfer_id, t.amount_minor, t.currency, micros(t.at))::text, 'UTF8'))
        from payout_receipts t where t.tx >= from_tx and t.tx < to_tx;
    return query select n.tx, 'plan', n.run_id, sha256(convert_to(row(n.run_id, n.prepared_by, n.lines_hash, n.total_minor, n.currency, n.payees, n.need_approvers)::text, 'UTF8'))
        from run_plans n where n.tx >= from_tx and n.tx < to_tx;
    return query select a.tx, 'approval', a.run_id || ' by ' || a.approved_by, sha256(convert_to(row(a.run_id, a.approved_by, a.lines_hash, micros(a.at))::text, 'UTF8'))
        from run_approvals a where a.tx >= from_tx and a.tx < to_tx;
end $$;
-- +goose StatementEnd

-- One for each transaction. marks are the beginnings of its items' hashes, eight bytes each: they tell which item it was that changed.
create table book_signatures (
    tx     bigint primary key,
    at     timestamptz not null default now(),
    items  bigint not null,
    digest bytea  not null, -- of its items' hashes
    marks  bytea  not null,
    mac    bytea  not null, -- the program's; of what was there before there were signatures there is none, and the first seal holds it
    seal   bigint           -- which seal holds it
);
create index book_signatures_open on book_signatures (tx) where seal is null;
create index book_signatures_seal on book_signatures (seal);

-- The chain. Each seal holds the signatures that were open when it was made, and the seal before it.
create table book_seals (
    n      bigint primary key,
    at     timestamptz not null default now(),
    items  bigint not null, -- signatures
    digest bytea  not null, -- of their digests
    hash   bytea  not null, -- of the seal before, and of this one
    mac    bytea  not null, -- the program's
    rekeys boolean not null -- RAPPORT_SECRET_KEY was changed: what is sealed up to here rests on this seal's own mac
);

-- +goose StatementBegin
create function guard_signature() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or tg_op = 'TRUNCATE' or tg_op = 'UPDATE' and (old.seal is not null
        or (new.tx, new.at, new.items, new.digest, new.marks, new.mac) is distinct from (old.tx, old.at, old.items, old.digest, old.marks, old.mac)) then
        raise exception 'a signature stays, and is sealed once' using errcode = 'integrity_constraint_violation';
    end if;
    if tg_op = 'INSERT' then
        new.seal := null;
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger book_signatures_guard before insert or update or delete on book_signatures for each row execute function guard_signature();
create trigger book_signatures_no_truncate before truncate on book_signatures for each statement execute function guard_signature();
create trigger book_seals_append_only before update or delete or truncate on book_seals for each statement execute function refuse_change();

-- +goose StatementBegin
create function refuse_unsigned() returns trigger language plpgsql as $$
begin
    if not exists (select from book_signatures where tx = new.tx) then
        raise exception 'what is written into % is signed by the program, in the same transaction', tg_table_name using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['orders', 'order_facts', 'order_sums', 'ledger_rows', 'postings', 'payouts', 'payout_receipts', 'run_plans', 'run_approvals'] loop
        execute format('create constraint trigger %I after insert on %I deferrable initially deferred for each row execute function refuse_unsigned()', t || '_signed', t);
    end loop;
end $$;
-- +goose StatementEnd

-- What is there already is taken as it stands.
insert into book_signatures (tx, items, digest, marks, mac)
select 0, count(*), coalesce(sha256(string_agg(hash, ''::bytea order by what, id collate "C")), ''),
    coalesce(string_agg(substr(hash, 1, 8), ''::bytea order by what, id collate "C"), ''), ''
from book_items(0, 1);

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
-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['orders', 'order_facts', 'order_sums', 'ledger_rows', 'postings', 'payouts', 'run_approvals'] loop
        execute format('drop trigger %I on %I', t || '_signed', t);
        execute format('drop index %I', t || '_tx');
        if t <> 'postings' then
            execute format('drop trigger %I on %I', t || '_stamp', t);
            execute format('alter table %I drop column tx', t);
        end if;
    end loop;
end $$;
-- +goose StatementEnd
drop function book_items(bigint, bigint), micros(timestamptz);
drop table book_seals, book_signatures, run_plans, payout_receipts;
drop function refuse_unsigned(), guard_signature();
-- +goose StatementBegin
create or replace function stamp_transaction() returns trigger language plpgsql as $$ begin new.tx := this_transaction(); return new; end $$;
-- +goose StatementEnd
