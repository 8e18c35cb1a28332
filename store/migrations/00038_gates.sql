-- +goose Up

-- What a program asks of a payee before money moves, beside an account that takes it; and where a vendor collects the tax form.
alter table programs
    add column gates        text[] not null default '{}',
    add column tax_form_url text   not null default '';

-- What creators have given for the tax office. The name, the whole tax id, the address and the file are encrypted by the program, under a
-- key that the database does not have. A paper is never edited: a newer one stands in its place, or a person rejects it.
create table tax_papers (
    id         text primary key,
    creator_id text        not null references creators (id),
    kind       text        not null check (kind in ('W-9', 'W-8BEN', 'W-8BEN-E', 'VAT')),
    country    text        not null, -- of tax residence
    last_four  text        not null check (length(last_four) <= 4), -- of the tax id, '' when there is none
    sealed     bytea,                -- null when a vendor has the paper, or when it was erased
    file       bytea,
    file_type  text        not null,
    reference  text        not null, -- where a vendor keeps it
    given_by   text        not null,
    given_at   timestamptz not null,
    until      timestamptz, -- from then on it is worth nothing, null never
    rejected_by text       not null default '',
    rejected_at timestamptz,
    why         text       not null default ''
);
create index tax_papers_creator on tax_papers (creator_id);

-- When somebody was last told what is missing: at most one mail every three days, whoever would send it.
create table payee_chasers (
    creator_id text primary key references creators (id),
    key        text        not null, -- of that mail
    at         timestamptz not null
);

-- What is on file of a payee: of the tax forms and of the VAT papers the newest that nobody rejected.
create view payee_papers as
select cr.id as creator_id, cr.country, coalesce(f.kind, '')::text as form, coalesce(f.country, '')::text as form_country, f.until as form_until,
    (v.creator_id is not null)::boolean as vat, coalesce(v.country, '')::text as vat_country
from creators cr
left join (select distinct on (p.creator_id) p.* from tax_papers p where p.kind <> 'VAT' and p.rejected_at is null order by p.creator_id, p.given_at desc, p.id desc) f
    on f.creator_id = cr.id
left join (select distinct on (p.creator_id) p.* from tax_papers p where p.kind = 'VAT' and p.rejected_at is null order by p.creator_id, p.given_at desc, p.id desc) v
    on v.creator_id = cr.id;

-- +goose Down
drop view payee_papers;
drop table payee_chasers, tax_papers;
alter table programs drop column tax_form_url, drop column gates;
