-- name: InvoicesDue :many
-- Payouts whose documents do not come to what was paid and stays paid: an invoice is due, or a credit note. Those that were paid before
-- their program wrote invoices have none, and neither have creators who write their own. In pages, or of these payouts alone.
select po.id from payouts po
join payout_runs r on r.id = po.run_id
join programs p on p.name = r.program and (p.self_billing is not null or exists (select from invoice_series s where s.program = p.name))
join creators cr on cr.id = po.creator_id
join payout_receipts rc on rc.payout_id = po.id
cross join lateral (
    select count(*) as documents, coalesce(sum(case i.kind when 'invoice' then i.gross_minor else -i.gross_minor end) filter (where i.currency = po.currency), 0)::bigint as minor
    from invoices i where i.payout_id = po.id
) standing
where po.state in ('paid', 'returned') and po.id > @after::text
    and (coalesce(cardinality(@ids::text[]), 0) = 0 or po.id = any(@ids::text[]))
    and case when standing.documents > 0 then standing.minor <> po.amount_minor - po.reversed_minor
        else p.self_billing is not null and cr.erased_at is null and rc.at >= p.self_billing_from and po.amount_minor > po.reversed_minor
            and coalesce((select t.kind from tax_treatments t where t.creator_id = po.creator_id order by t.n desc limit 1), '') <> 'own'
        end
order by po.id limit @most;

-- name: InvoicesOfPayout :many
select * from invoices where payout_id = $1 order by n;

-- name: InvoiceByNumber :one
select * from invoices where number = $1;

-- name: InvoiceStates :many
-- Without what is encrypted: of a month, of a creator, or of payouts.
select i.number, i.kind, coalesce(i.credits, '')::text as credits, i.program, r.period, i.payout_id, i.creator_id, cr.handle, i.currency, i.net_minor, i.vat_minor, i.gross_minor,
    i.issued_at, i.why
from invoices i join payouts po on po.id = i.payout_id join payout_runs r on r.id = po.run_id join creators cr on cr.id = i.creator_id
where (@program::text = '' or i.program = @program::text) and (@period::text = '' or r.period = @period::text)
    and (@creator_id::text = '' or i.creator_id = @creator_id::text)
    and (coalesce(cardinality(@ids::text[]), 0) = 0 or i.payout_id = any(@ids::text[]))
order by i.issued_at desc, i.number desc limit @most;

-- name: PayoutsPaidIn :many
-- Of a month, of a creator, or both.
select po.id from payouts po join payout_runs r on r.id = po.run_id
where po.state in ('paid', 'returned') and (@program::text = '' or r.program = @program::text) and (@period::text = '' or r.period = @period::text)
    and (@creator_id::text = '' or po.creator_id = @creator_id::text) and po.id > @after::text
order by po.id limit @most;

-- name: EnsureSeries :exec
-- With its program's row locked.
insert into invoice_series (program, creator_id, supplier)
select @program, @creator_id, coalesce(max(s.supplier), 0) + 1 from invoice_series s where s.program = @program
on conflict (program, creator_id) do nothing;

-- name: NextInvoiceNumber :one
update invoice_series set last_n = last_n + 1 where program = @program and creator_id = @creator_id returning supplier, last_n;

-- name: InsertInvoice :exec
insert into invoices (number, program, creator_id, n, kind, credits, payout_id, currency, net_minor, vat_minor, gross_minor, issued_at, issued_by, why, document, paper)
values (@number, @program, @creator_id, @n, @kind, sqlc.narg(credits), @payout_id, @currency, @net_minor, @vat_minor, @gross_minor, @issued_at, @issued_by, @why, @document, @paper);

-- name: ForgetInvoices :exec
-- Of people who were erased, once nobody has to keep them any more.
update invoices i set document = null, paper = null from creators cr
where cr.id = i.creator_id and cr.erased_at is not null and i.issued_at < @since and (i.document is not null or i.paper is not null);

-- name: AddTreatment :exec
insert into tax_treatments (creator_id, kind, rate_bps, note, given_by, given_at) values (@creator_id, @kind, @rate_bps, @note, @given_by, @now);

-- name: TreatmentOf :one
select * from tax_treatments where creator_id = $1 order by n desc limit 1;

-- name: AddAgreement :exec
insert into self_billing_agreements (creator_id, issuer, words, agreed_at) values (@creator_id, @issuer, @words, @now) on conflict do nothing;

-- name: NewestVATPaper :one
select * from tax_papers where creator_id = $1 and kind = 'VAT' and rejected_at is null order by given_at desc, id desc limit 1;
