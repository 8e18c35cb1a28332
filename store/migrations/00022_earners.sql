-- +goose Up

-- When a touch begins to earn: the first time that the go-live gate passed. Verifications may be repeated, and the timeline has the first.
alter table tracking_kits add column cleared_at timestamptz;
update tracking_kits k set cleared_at = least(k.verified_at,
    (select min(e.at) from timeline_events e where e.partnership_id = k.partnership_id and e.kind = 'tracking_verified'));

-- And when it stops: where the partnership ended without being completed, null else.
alter table partnerships add column ended_at timestamptz;
update partnerships set ended_at = updated_at where outcome not in ('', 'completed');

-- A link for each deliverable, so that a sale belongs to a post. The first one's is the kit's own, where the kit was made with it.
create table tracking_links (
    partnership_id text        not null references partnerships (id),
    deliverable    text        not null,
    link_code      text        not null unique,
    destination    text        not null,
    utm            jsonb       not null,
    created_at     timestamptz not null,
    primary key (partnership_id, deliverable)
);

alter table clicks add column deliverable text not null default ''; -- '' of a link for all of them
alter table posts add column deliverable text not null default '';
alter table orders
    add column deliverable          text    not null default '',    -- whose link or post brought it, '' not known
    add column deliverable_inferred boolean not null default false; -- by the latest post before the order: a code does not say which

-- The shop names one order in two ways: gid://app/Order/123 and 123 (ledger.OrderKey).
create index deliveries_order_number on deliveries (regexp_replace(order_id, '^gid://[^/]+/[^/]+/([^/?]+).*$', '\1')) where order_id <> '';

-- +goose Down
drop index deliveries_order_number;
alter table orders drop column deliverable_inferred, drop column deliverable;
alter table posts drop column deliverable;
alter table clicks drop column deliverable;
drop table tracking_links;
alter table partnerships drop column ended_at;
alter table tracking_kits drop column cleared_at;
