-- +goose Up

-- What decides on money and may change: who is paid where, by which limits, on which terms, whose code it is, what is held, and what a person
-- has said of a name on a list and of a transfer that the books did not know. Each time that it changes, what it says then is noted here and
-- signed with the transaction: what somebody changes past the program is refused, or says something else than its last note.
lock table creators, programs, campaigns, partnerships, tracking_kits, tracking_links, ledger_rows, sanction_hits, payout_differences in share row exclusive mode; -- until what notes their changes is there
create table book_states (
    n    bigint generated always as identity primary key,
    what text   not null,
    id   text   not null,
    says text   not null,
    tx   bigint not null default 0
);
create index book_states_of on book_states (what, id, n desc);
create index book_states_tx on book_states (tx);

-- What each of them says now. What is long, or may name somebody, stands as a hash. Who has no account yet, and a row that was never held, say
-- nothing until they do.
create view book_states_now as
    select 'payee'::text as what, cr.id, concat_ws(' ', nullif(cr.payout_rail, ''), cr.payout_account, 'since ' || micros(cr.account_changed_at)) as says
    from creators cr where cr.payout_account <> '' or exists (select from book_states s where s.what = 'payee' and s.id = cr.id)
    union all
    select 'program', p.name, concat_ws(' ', p.currency, p.timezone, 'by ' || p.provider, p.rails::text, 'minimum ' || p.minimum_minor, 'approve above ' || p.approve_above_minor, p.gates::text)
    from programs p
    union all
    select 'partnership', pa.id, concat_ws(' ', 'of ' || pa.creator_id, 'in ' || pa.campaign_id, 'by ' || c.program, 'terms ' || encode(sha256(convert_to(pa.terms::text, 'UTF8')), 'hex'),
        nullif('held: ' || pa.payout_hold, 'held: '), 'ended ' || micros(pa.ended_at))
    from partnerships pa join campaigns c on c.id = pa.campaign_id
    union all
    select 'code', k.partnership_id, encode(sha256(convert_to(row(upper(k.discount_code), k.link_code, micros(k.cleared_at))::text, 'UTF8')), 'hex')
    from tracking_kits k
    union all
    select 'link', t.partnership_id || '/' || t.deliverable, encode(sha256(convert_to(t.link_code, 'UTF8')), 'hex')
    from tracking_links t
    union all
    select 'hold', l.id, case l.state when 'held' then 'held for ' || left(encode(sha256(convert_to(l.reason, 'UTF8')), 'hex'), 16) else 'over' end
    from ledger_rows l where l.state = 'held' or exists (select from book_states s where s.what = 'hold' and s.id = l.id)
    union all
    select 'sanctions hit', h.id, concat_ws(' ', case when h.current then 'stands' else 'over' end, nullif(h.decision, ''), 'by ' || nullif(h.decided_by, ''))
    from sanction_hits h
    union all
    select 'difference', d.provider || '/' || d.transfer_id, concat_ws(' ', case when d.closed_at is null then 'open' else 'closed' end, 'of ' || d.creator_id, 'back ' || d.reversed_minor, nullif(d.settled, ''), 'by ' || nullif(d.settled_by, ''))
    from payout_differences d;

-- Notes what a thing says now, where it says something new. Its arguments: what it is, and the columns of its id.
-- +goose StatementBegin
create function note_state() returns trigger language plpgsql as $$
begin
    insert into book_states (what, id, says)
    select v.what, v.id, v.says from book_states_now v
    where v.what = tg_argv[0] and v.id = (select string_agg(to_jsonb(new) ->> c, '/' order by k) from unnest(tg_argv[1:]) with ordinality as u (c, k))
        and v.says is distinct from (select s.says from book_states s where s.what = v.what and s.id = v.id order by s.n desc limit 1);
    return null;
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
    return query select f.tx, 'bank file', f.id, sha256(convert_to(row(f.id, f.run_id, f.rail, f.n, f.currency, f.total_minor, f.payments, f.digest, f.made_by, micros(f.made_at))::text || case when f.day_n > 0 then '/' || f.day_n else '' end, 'UTF8'))
        from bank_files f where f.tx >= from_tx and f.tx < to_tx;
    return query select l.tx, 'bank line', l.payout_id, sha256(convert_to(row(l.payout_id, l.file_id)::text, 'UTF8')) from bank_lines l where l.tx >= from_tx and l.tx < to_tx;
    return query select a.tx, 'bank answer', a.payout_id || '/' || a.answer, sha256(convert_to(row(a.payout_id, a.answer, a.reference, a.why, a.told_by, micros(a.told_at))::text || coalesce('/' || micros(a.paid_at), ''), 'UTF8'))
        from bank_answers a where a.tx >= from_tx and a.tx < to_tx;
    return query select s.tx, 'state', s.what || '/' || s.id || '/' || s.n, sha256(convert_to(row(s.n, s.what, s.id, s.says)::text, 'UTF8')) from book_states s where s.tx >= from_tx and s.tx < to_tx;
end $$;
-- +goose StatementEnd

-- What is there already is taken as it stands, signed by nobody, until the next seal holds it.
insert into book_states (what, id, says, tx) select what, id, says, -1 from book_states_now;
insert into book_signatures (tx, items, digest, marks, mac)
select -1, count(*), coalesce(sha256(string_agg(hash, ''::bytea order by what, id collate "C")), ''),
    coalesce(string_agg(substr(hash, 1, 8), ''::bytea order by what, id collate "C"), ''), ''
from book_items(-1, 0);

create trigger book_states_stamp before insert on book_states for each row execute function stamp_transaction();
create trigger book_states_append_only before update or delete or truncate on book_states for each statement execute function refuse_change();
create constraint trigger book_states_signed after insert on book_states deferrable initially deferred for each row execute function refuse_unsigned();

create trigger creators_state after insert or update of payout_rail, payout_account, account_changed_at on creators
    for each row when (new.payout_account <> '') execute function note_state('payee', 'id');
create trigger creators_state_gone after update of payout_account on creators
    for each row when (new.payout_account = '' and old.payout_account <> '') execute function note_state('payee', 'id');
create trigger programs_state after insert or update on programs
    for each row execute function note_state('program', 'name');
create trigger partnerships_state_new after insert on partnerships
    for each row execute function note_state('partnership', 'id');
create trigger partnerships_state after update of creator_id, campaign_id, terms, payout_hold, ended_at on partnerships
    for each row when (row(new.creator_id, new.campaign_id, new.terms, new.payout_hold, new.ended_at) is distinct from row(old.creator_id, old.campaign_id, old.terms, old.payout_hold, old.ended_at)) execute function note_state('partnership', 'id');
create trigger tracking_kits_state after insert or update of discount_code, link_code, cleared_at on tracking_kits
    for each row execute function note_state('code', 'partnership_id');
create trigger tracking_links_state after insert or update on tracking_links
    for each row execute function note_state('link', 'partnership_id', 'deliverable');
create trigger ledger_rows_state_new after insert on ledger_rows
    for each row when (new.state = 'held') execute function note_state('hold', 'id');
create trigger ledger_rows_state after update of state, reason on ledger_rows
    for each row when ('held' in (new.state, old.state) and row(new.state, new.reason) is distinct from row(old.state, old.reason)) execute function note_state('hold', 'id');
create trigger sanction_hits_state after insert or update of current, decision, decided_by on sanction_hits
    for each row execute function note_state('sanctions hit', 'id');
create trigger payout_differences_state after insert or update of closed_at, settled, settled_by, creator_id, reversed_minor on payout_differences
    for each row execute function note_state('difference', 'provider', 'transfer_id');

-- +goose StatementBegin
do $$
begin
    execute format('alter function note_state() set search_path = %I, pg_temp', current_schema());
end $$;
-- +goose StatementEnd

-- +goose Down
drop trigger creators_state on creators;
drop trigger creators_state_gone on creators;
drop trigger programs_state on programs;
drop trigger partnerships_state_new on partnerships;
drop trigger partnerships_state on partnerships;
drop trigger tracking_kits_state on tracking_kits;
drop trigger tracking_links_state on tracking_links;
drop trigger ledger_rows_state_new on ledger_rows;
drop trigger ledger_rows_state on ledger_rows;
drop trigger sanction_hits_state on sanction_hits;
drop trigger payout_differences_state on payout_differences;
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
drop view book_states_now;
drop table book_states;
drop function note_state();
