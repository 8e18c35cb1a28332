-- +goose Up

-- What a thing that decides on money says is one function of its row, by the table's name: the view of all things asks it, and so does the trigger,
-- of the new row alone. Before, the trigger asked the view, and each connection planned all tables of it each time.
create function state_says(cr creators) returns text stable language sql
    return concat_ws(' ', nullif(cr.payout_rail, ''), cr.payout_account, 'since ' || micros(cr.account_changed_at));
create function state_says(p programs) returns text stable language sql
    return concat_ws(' ', p.currency, p.timezone, 'by ' || p.provider, p.rails::text, 'minimum ' || p.minimum_minor, 'approve above ' || p.approve_above_minor, p.gates::text);
create function state_says(pa partnerships) returns text stable language sql
    return concat_ws(' ', 'of ' || pa.creator_id, 'in ' || pa.campaign_id, 'by ' || (select c.program from campaigns c where c.id = pa.campaign_id),
        'terms ' || encode(sha256(convert_to(pa.terms::text, 'UTF8')), 'hex'), nullif('held: ' || pa.payout_hold, 'held: '), 'ended ' || micros(pa.ended_at));
create function state_says(k tracking_kits) returns text stable language sql
    return encode(sha256(convert_to(row(upper(k.discount_code), k.link_code, micros(k.cleared_at))::text, 'UTF8')), 'hex');
create function state_says(t tracking_links) returns text stable language sql
    return encode(sha256(convert_to(t.link_code, 'UTF8')), 'hex');
create function state_says(l ledger_rows) returns text stable language sql
    return case l.state when 'held' then 'held for ' || left(encode(sha256(convert_to(l.reason, 'UTF8')), 'hex'), 16) else 'over' end;
create function state_says(h sanction_hits) returns text stable language sql
    return concat_ws(' ', case when h.current then 'stands' else 'over' end, nullif(h.decision, ''), 'by ' || nullif(h.decided_by, ''));
create function state_says(d payout_differences) returns text stable language sql
    return concat_ws(' ', case when d.closed_at is null then 'open' else 'closed' end, 'of ' || d.creator_id, 'back ' || d.reversed_minor, nullif(d.settled, ''), 'by ' || nullif(d.settled_by, ''));

-- Who has no account yet, and a row that was never held, say nothing until they do.
create or replace view book_states_now as
    select 'payee'::text as what, cr.id, state_says(cr) as says from creators cr
    where cr.payout_account <> '' or exists (select from book_states s where s.what = 'payee' and s.id = cr.id)
    union all select 'program', p.name, state_says(p) from programs p
    union all select 'partnership', pa.id, state_says(pa) from partnerships pa
    union all select 'code', k.partnership_id, state_says(k) from tracking_kits k
    union all select 'link', t.partnership_id || '/' || t.deliverable, state_says(t) from tracking_links t
    union all select 'hold', l.id, state_says(l) from ledger_rows l
    where l.state = 'held' or exists (select from book_states s where s.what = 'hold' and s.id = l.id)
    union all select 'sanctions hit', h.id, state_says(h) from sanction_hits h
    union all select 'difference', d.provider || '/' || d.transfer_id, state_says(d) from payout_differences d;

-- +goose StatementBegin
create or replace function note_state() returns trigger language plpgsql as $$
declare
    whose text := (select string_agg(to_jsonb(new) ->> c, '/' order by k) from unnest(tg_argv[1:]) with ordinality as u (c, k));
    now_it_says text;
begin
    execute 'select state_says($1)' into now_it_says using new;
    insert into book_states (what, id, says)
    select tg_argv[0], whose, now_it_says
    where now_it_says is distinct from (select s.says from book_states s where s.what = tg_argv[0] and s.id = whose order by s.n desc limit 1);
    return null;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
do $$
begin
    execute format('alter function note_state() set search_path = %I, pg_temp', current_schema());
end $$;
-- +goose StatementEnd

-- +goose Down
create or replace view book_states_now as
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
-- +goose StatementBegin
create or replace function note_state() returns trigger language plpgsql as $$
begin
    insert into book_states (what, id, says)
    select v.what, v.id, v.says from book_states_now v
    where v.what = tg_argv[0] and v.id = (select string_agg(to_jsonb(new) ->> c, '/' order by k) from unnest(tg_argv[1:]) with ordinality as u (c, k))
        and v.says is distinct from (select s.says from book_states s where s.what = v.what and s.id = v.id order by s.n desc limit 1);
    return null;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
do $$
begin
    execute format('alter function note_state() set search_path = %I, pg_temp', current_schema());
end $$;
-- +goose StatementEnd
drop function state_says(creators);
drop function state_says(programs);
drop function state_says(partnerships);
drop function state_says(tracking_kits);
drop function state_says(tracking_links);
drop function state_says(ledger_rows);
drop function state_says(sanction_hits);
drop function state_says(payout_differences);
