-- +goose Up

-- Which of a rail's files of a day a file is, by the day in UTC that stands in it, from one: files of one day are told apart by it (of ACH, its
-- file id modifier). 0 in files from before. Counted under a lock; whoever would count past it meets the index.
alter table bank_files add column day_n integer not null default 0 check (day_n >= 0);
create unique index bank_files_day on bank_files (rail, (date_trunc('day', made_at at time zone 'UTC')), day_n) where day_n > 0;

-- On which day the bank has paid, as its statement shows it: the first instant of that day in the program's zone. Null where the bank returned
-- it, and in words from before.
alter table bank_answers add column paid_at timestamptz check (paid_at is null or answer = 'paid');

-- Both are signed; what was signed before hashes as it did.
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
    return query select f.tx, 'bank file', f.id, sha256(convert_to(row(f.id, f.run_id, f.rail, f.n, f.currency, f.total_minor, f.payments, f.digest, f.made_by, micros(f.made_at))::text || case when f.day_n > 0 then '/' || f.day_n else '' end, 'UTF8'))
        from bank_files f where f.tx >= from_tx and f.tx < to_tx;
    return query select l.tx, 'bank line', l.payout_id, sha256(convert_to(row(l.payout_id, l.file_id)::text, 'UTF8')) from bank_lines l where l.tx >= from_tx and l.tx < to_tx;
    return query select a.tx, 'bank answer', a.payout_id || '/' || a.answer, sha256(convert_to(row(a.payout_id, a.answer, a.reference, a.why, a.told_by, micros(a.told_at))::text || coalesce('/' || micros(a.paid_at), ''), 'UTF8'))
        from bank_answers a where a.tx >= from_tx and a.tx < to_tx;
end $$;
-- +goose StatementEnd

-- +goose Down
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
alter table bank_answers drop column paid_at;
drop index bank_files_day;
alter table bank_files drop column day_n;
