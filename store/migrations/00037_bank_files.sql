-- +goose Up

-- A bank has no list that we can ask: what it was ordered, by which file, and what a person says became of it stands here. All of it is
-- added to and never changed, and signed as the books are.
create table bank_orders (
    payout_id  text        primary key references payouts (id),
    rail       text        not null,
    ordered_at timestamptz not null
);
create index bank_orders_rail on bank_orders (rail, ordered_at);

create table bank_files (
    id          text        primary key, -- its message id, by which a bank refuses the same file twice
    run_id      text        not null references payout_runs (id),
    rail        text        not null,
    n           integer     not null,
    currency    text        not null,
    total_minor bigint      not null check (total_minor > 0),
    payments    integer     not null check (payments > 0),
    digest      bytea       not null, -- sha256 of its text: it is never written otherwise
    made_by     text        not null,
    made_at     timestamptz not null,
    unique (run_id, rail, n)
);

-- Which payments a file holds. A payout is in one file, for good.
create table bank_lines (
    payout_id text primary key references bank_orders (payout_id),
    file_id   text not null references bank_files (id)
);
create index bank_lines_file on bank_lines (file_id);

-- What the bank did, as a person read it there. What was paid may come back later, and not the other way.
create table bank_answers (
    payout_id text        not null references bank_orders (payout_id),
    answer    text        not null check (answer in ('paid', 'returned')),
    reference text        not null, -- the bank's
    why       text        not null,
    told_by   text        not null,
    told_at   timestamptz not null,
    primary key (payout_id, answer)
);

-- Only a payout that is being sent is ordered, by its own rail.
-- +goose StatementBegin
create function guard_bank_order() returns trigger language plpgsql as $$
begin
    perform from payouts po where po.id = new.payout_id and po.state = 'posted' and po.provider = new.rail for update;
    if not found then
        raise exception 'a bank is ordered what is being sent by it' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd
create trigger bank_orders_begin before insert on bank_orders for each row execute function guard_bank_order();

-- A file holds orders of its own run and rail that nobody has withdrawn.
-- +goose StatementBegin
create function guard_bank_line() returns trigger language plpgsql as $$
begin
    perform from payouts po join bank_orders o on o.payout_id = po.id join bank_files f on f.id = new.file_id
    where po.id = new.payout_id and po.run_id = f.run_id and o.rail = f.rail and po.currency = f.currency and po.state in ('posted', 'unknown') for update of po;
    if not found or exists (select from bank_answers a where a.payout_id = new.payout_id) then
        raise exception 'a bank file holds what its run still has to pay by it' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd
create trigger bank_lines_begin before insert on bank_lines for each row execute function guard_bank_line();

-- A file is as its lines sum.
-- +goose StatementBegin
create function guard_bank_file() returns trigger language plpgsql as $$
begin
    if not exists (select from bank_lines l join payouts po on po.id = l.payout_id where l.file_id = new.id
        having count(*) = new.payments and sum(po.amount_minor) = new.total_minor) then
        raise exception 'a bank file sums to its payments' using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;
-- +goose StatementEnd
create constraint trigger bank_files_sum after insert on bank_files deferrable initially deferred for each row execute function guard_bank_file();

-- +goose StatementBegin
create function guard_bank_answer() returns trigger language plpgsql as $$
begin
    perform from payouts po where po.id = new.payout_id for update;
    if new.answer = 'paid' and (not exists (select from bank_lines l where l.payout_id = new.payout_id)
        or exists (select from bank_answers a where a.payout_id = new.payout_id and a.answer = 'returned')) then
        raise exception 'a bank pays what is in a file, and what came back stays so' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd
create trigger bank_answers_begin before insert on bank_answers for each row execute function guard_bank_answer();

-- A payout that a bank was ordered ends as the bank has answered: its rows are free only once it is certain that nothing is paid.
-- +goose StatementBegin
create function guard_banked_payout() returns trigger language plpgsql as $$
begin
    if exists (select from bank_orders o where o.payout_id = new.id) and (
        new.state in ('failed', 'void') and not exists (select from bank_answers a where a.payout_id = new.id and a.answer = 'returned')
        or new.state = 'paid' and (select count(*) filter (where a.answer = 'paid') - count(*) filter (where a.answer = 'returned') from bank_answers a where a.payout_id = new.id) <> 1
        or new.state = 'planned') then
        raise exception 'a payout that a bank was ordered ends as the bank has answered' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- +goose StatementEnd
create trigger payouts_bank before update of state on payouts for each row when (new.state <> old.state) execute function guard_banked_payout();

-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['bank_orders', 'bank_files', 'bank_lines', 'bank_answers'] loop
        execute format('alter table %I add column tx bigint not null default 0', t);
        execute format('create index %I on %I (tx)', t || '_tx', t);
        execute format('create trigger %I before update or delete or truncate on %I for each statement execute function refuse_change()', t || '_append_only', t);
        execute format('create trigger %I before insert on %I for each row execute function stamp_transaction()', t || '_stamp', t);
        execute format('create constraint trigger %I after insert on %I deferrable initially deferred for each row execute function refuse_unsigned()', t || '_signed', t);
    end loop;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
create or replace function book_items(from_tx bigint, to_tx bigint) returns table (tx bigint, what text, id text, hash bytea) language plpgsql stable as $$
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
    return query select o.tx, 'bank order', o.payout_id, sha256(convert_to(row(o.payout_id, o.rail, micros(o.ordered_at))::text, 'UTF8'))
        from bank_orders o where o.tx >= from_tx and o.tx < to_tx;
    return query select f.tx, 'bank file', f.id, sha256(convert_to(row(f.id, f.run_id, f.rail, f.n, f.currency, f.total_minor, f.payments, f.digest, f.made_by, micros(f.made_at))::text, 'UTF8'))
        from bank_files f where f.tx >= from_tx and f.tx < to_tx;
    return query select l.tx, 'bank line', l.payout_id, sha256(convert_to(row(l.payout_id, l.file_id)::text, 'UTF8')) from bank_lines l where l.tx >= from_tx and l.tx < to_tx;
    return query select a.tx, 'bank answer', a.payout_id || '/' || a.answer, sha256(convert_to(row(a.payout_id, a.answer, a.reference, a.why, a.told_by, micros(a.told_at))::text, 'UTF8'))
        from bank_answers a where a.tx >= from_tx and a.tx < to_tx;
end $$;
-- +goose StatementEnd

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
drop trigger payouts_bank on payouts;
-- +goose StatementBegin
create or replace function book_items(from_tx bigint, to_tx bigint) returns table (tx bigint, what text, id text, hash bytea) language plpgsql stable as $$
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
drop table bank_answers;
drop table bank_lines;
drop table bank_files;
drop table bank_orders;
drop function guard_bank_order(), guard_bank_line(), guard_bank_file(), guard_bank_answer(), guard_banked_payout();
