-- +goose Up

-- Who the brand is on the invoices that it writes for its creators, null where it writes none, and since when it does.
alter table programs add column self_billing jsonb, add column self_billing_from timestamptz;

-- A person's word on how a creator's supplies are taxed: added to, and the newest holds.
create table tax_treatments (
    n          bigint generated always as identity primary key,
    creator_id text        not null references creators (id),
    kind       text        not null check (kind in ('domestic', 'reverse_charge', 'exempt', 'outside_scope', 'own')),
    rate_bps   integer     not null check ((rate_bps > 0) = (kind = 'domestic')),
    note       text        not null,
    given_by   text        not null,
    given_at   timestamptz not null
);
create index tax_treatments_creator on tax_treatments (creator_id, n);

-- What a creator agreed to before the first invoice was written in their name, with whom and in which words.
create table self_billing_agreements (
    creator_id text        not null references creators (id),
    issuer     text        not null,
    words      text        not null,
    agreed_at  timestamptz not null,
    primary key (creator_id, issuer)
);

-- The numbers of an issuer's documents for one supplier: each is taken in the transaction that keeps its document, so there are no gaps.
create table invoice_series (
    program    text    not null references programs (name),
    creator_id text    not null references creators (id),
    supplier   integer not null,
    last_n     integer not null default 0,
    primary key (program, creator_id),
    unique (program, supplier)
);

-- Invoices and the credit notes that correct them. document and paper (the PDF as it was issued) are encrypted by the program, under a key
-- that the database does not have, and bound to the number.
create table invoices (
    number      text primary key,
    program     text        not null,
    creator_id  text        not null,
    n           integer     not null,
    kind        text        not null check (kind in ('invoice', 'credit_note')),
    credits     text        references invoices (number),
    payout_id   text        not null references payouts (id),
    currency    text        not null,
    net_minor   bigint      not null,
    vat_minor   bigint      not null,
    gross_minor bigint      not null check (gross_minor > 0 and gross_minor = net_minor + vat_minor),
    issued_at   timestamptz not null,
    issued_by   text        not null,
    why         text        not null,
    document    bytea,
    paper       bytea,
    unique (program, creator_id, n),
    foreign key (program, creator_id) references invoice_series (program, creator_id),
    check ((kind = 'credit_note') = (credits is not null))
);
create index invoices_payout on invoices (payout_id);
create index invoices_credits on invoices (credits) where credits is not null;

-- +goose StatementBegin
create function guard_invoice() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or to_jsonb(new) - '{document,paper}'::text[] is distinct from to_jsonb(old) - '{document,paper}'::text[]
        or new.document is not null or new.paper is not null then
        raise exception 'an invoice stays as it was issued: correct it by a credit note' using errcode = 'integrity_constraint_violation';
    end if;
    return new; -- nobody has to keep it any more
end $$;
-- +goose StatementEnd
create trigger invoices_guard before update or delete on invoices for each row execute function guard_invoice();
create trigger invoices_no_truncate before truncate on invoices for each statement execute function refuse_change();
create trigger tax_treatments_append_only before update or delete or truncate on tax_treatments for each statement execute function refuse_change();

-- What is on file of a payee, with what their invoices need.
create or replace view payee_papers as
select cr.id as creator_id, cr.country, coalesce(f.kind, '')::text as form, coalesce(f.country, '')::text as form_country, f.until as form_until,
    (v.creator_id is not null)::boolean as vat, coalesce(v.country, '')::text as vat_country,
    coalesce(v.kept, false)::boolean as vat_kept, coalesce(t.kind = 'own', false)::boolean as bills_alone,
    coalesce(a.issuers, '{}')::text[] as agreed_with
from creators cr
left join (select distinct on (p.creator_id) p.* from tax_papers p where p.kind <> 'VAT' and p.rejected_at is null order by p.creator_id, p.given_at desc, p.id desc) f
    on f.creator_id = cr.id
left join (select distinct on (p.creator_id) p.creator_id, p.country, p.sealed is not null as kept from tax_papers p
    where p.kind = 'VAT' and p.rejected_at is null order by p.creator_id, p.given_at desc, p.id desc) v
    on v.creator_id = cr.id
left join (select distinct on (x.creator_id) x.creator_id, x.kind from tax_treatments x order by x.creator_id, x.n desc) t on t.creator_id = cr.id
left join (select s.creator_id, array_agg(s.issuer) as issuers from self_billing_agreements s group by s.creator_id) a on a.creator_id = cr.id;

-- +goose Down
drop view payee_papers;
create view payee_papers as
select cr.id as creator_id, cr.country, coalesce(f.kind, '')::text as form, coalesce(f.country, '')::text as form_country, f.until as form_until,
    (v.creator_id is not null)::boolean as vat, coalesce(v.country, '')::text as vat_country
from creators cr
left join (select distinct on (p.creator_id) p.* from tax_papers p where p.kind <> 'VAT' and p.rejected_at is null order by p.creator_id, p.given_at desc, p.id desc) f
    on f.creator_id = cr.id
left join (select distinct on (p.creator_id) p.* from tax_papers p where p.kind = 'VAT' and p.rejected_at is null order by p.creator_id, p.given_at desc, p.id desc) v
    on v.creator_id = cr.id;
drop table invoices;
drop function guard_invoice();
drop table invoice_series, self_billing_agreements, tax_treatments;
alter table programs drop column self_billing_from, drop column self_billing;
