-- name: InsertPartnership :execrows
insert into partnerships (id, campaign_id, creator_id, tier, niche, rank, standby, stage, terms, reply_hash, created_at, updated_at)
values (@id, @campaign_id, @creator_id, @tier, @niche, @rank, @standby, @stage, @terms, @reply_hash, @now, @now)
on conflict (id) do nothing;

-- name: SetReserved :exec
update partnerships set reserved_minor = $2 where id = $1;

-- name: Unreserve :exec
-- Of those who were never invited: a partnership that runs has written its row at least once.
update partnerships set reserved_minor = 0 where campaign_id = @campaign_id and id = any(@ids::text[]) and seq = 0;

-- name: NeverInvited :many
select id from partnerships where campaign_id = $1 and seq = 0 order by id for update;

-- name: SettleReservation :exec
-- What a partnership that ended early keeps of its reservation: the fees that it earned, and its gift if the carrier has it.
update partnerships pa set reserved_minor = least(pa.reserved_minor,
    coalesce((select sum(l.amount_minor) from ledger_rows l where l.partnership_id = pa.id and l.currency = pa.reserved_currency and l.kind = 'fee'
                and l.state not in ('voided', 'reversed')), 0)
    + coalesce((select (pa.terms -> 'gift' ->> 'value_minor')::bigint from deliveries d where d.partnership_id = pa.id
                and d.order_id <> '' and d.status not in ('', 'unknown', 'pre_transit', 'cancelled')), 0))
where pa.id = $1;

-- name: PartnershipByID :one
select * from partnerships where id = $1;

-- name: LockPartnership :one
select * from partnerships where id = $1 for update;

-- name: ViewPartnership :one
select sqlc.embed(pa), sqlc.embed(cr), c.spec,
       exists (select from suppressions s where s.email_hash = cr.email_hash) as opted_out,
       exists (select from suppressions s where s.email_hash = cr.email_hash and s.cause <> 'address') as said_no
from partnerships pa join creators cr on cr.id = pa.creator_id join campaigns c on c.id = pa.campaign_id
where pa.id = $1;

-- name: UpdateTerms :exec
-- A newer version that holds and costs less gives the rest of the reservation back, but never what was earned already.
update partnerships pa set terms = @terms, reserved_minor = case when (pa.terms ->> 'version')::bigint = @version::bigint then pa.reserved_minor
    else least(pa.reserved_minor, greatest(@cost_minor::bigint,
        (select sum(l.amount_minor) from ledger_rows l where l.partnership_id = pa.id and l.currency = pa.reserved_currency and l.kind = 'fee'
            and l.state not in ('voided', 'reversed')))) end
where pa.id = @id and (pa.terms ->> 'version')::bigint <= @version::bigint;

-- name: AddEvents :exec
insert into timeline_events (partnership_id, key, at, kind, owner, detail, days, seq, run_id)
select @partnership_id, unnest(@keys::text[]), unnest(@ats::timestamptz[]), unnest(@kinds::text[]), unnest(@owners::text[]),
    unnest(@details::text[]), unnest(@days::double precision[]), sqlc.narg(seq)::bigint, @run_id::text
on conflict (partnership_id, key) do nothing;

-- name: Events :many
select * from timeline_events where partnership_id = any(@partnership_ids::text[]) order by at, n;

-- name: PartnershipByReply :one
select id from partnerships where reply_hash = $1;

-- name: PartnershipByEnvelope :one
select partnership_id from contracts where envelope_id = $1;

-- name: PartnershipByShipment :one
select partnership_id from deliveries where shipment_id = @id::text or tracking_code = @id::text
order by updated_at desc limit 1;

-- name: AddSubmission :execrows
insert into submissions (id, partnership_id, task, url, upload_id, caption, note, at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing;

-- name: Submission :one
select * from submissions where id = $1;

-- name: Submissions :many
select * from submissions where partnership_id = $1 order by at, id;

-- name: DraftWork :many
-- What was sent in of the content of partnerships, oldest first, with what was decided on the drafts of it.
select sqlc.embed(s), pa.terms, coalesce(c.spec -> 'brief' ->> 'disclosure', '')::text as disclosure,
    coalesce(d.question ->> 'submission_id', '')::text as asked_of, coalesce(d.state, '')::text as state, coalesce(d.choice, '')::text as choice, coalesce(d.answered_by, '')::text as answered_by, d.answered_at,
    coalesce(u.name, '')::text as file, coalesce(u.media_type, '')::text as media_type, coalesce(u.bytes, 0)::bigint as bytes
from submissions s left join uploads u on u.id = s.upload_id join partnerships pa on pa.id = s.partnership_id join campaigns c on c.id = pa.campaign_id left join decisions d on d.id = 'draft:' || s.partnership_id || ':' || s.task
where s.partnership_id = any(@ids::text[]) and (s.task like 'draft-%' or s.task like 'post-%') order by s.at, s.id;

-- name: SaveContract :exec
-- What is final stays final: a late "sent" never overwrites "completed". Another envelope of the same version starts anew unless it was signed.
-- A step that was under way brings back no document of a person who was erased meanwhile.
insert into contracts (partnership_id, version, envelope_id, status, pdf, pdf_sha256, certificate, completed_at, updated_at)
select @partnership_id, @version, @envelope_id, @status, case when who.erased_at is null then @pdf::bytea else ''::bytea end, @pdf_sha256,
    case when who.erased_at is null then @certificate::bytea else ''::bytea end, sqlc.narg(completed_at)::timestamptz, @now::timestamptz
from partnerships one join creators who on who.id = one.creator_id where one.id = @partnership_id
on conflict (partnership_id, version) do update set
    envelope_id = coalesce(nullif(excluded.envelope_id, ''), contracts.envelope_id),
    status = case when excluded.status = '' or contracts.status in ('completed', 'declined', 'voided') and contracts.envelope_id = excluded.envelope_id
                  then contracts.status else excluded.status end,
    pdf = case when octet_length(excluded.pdf) > 0 then excluded.pdf else contracts.pdf end,
    pdf_sha256 = coalesce(nullif(excluded.pdf_sha256, ''), contracts.pdf_sha256),
    certificate = case when octet_length(excluded.certificate) > 0 then excluded.certificate else contracts.certificate end,
    completed_at = coalesce(excluded.completed_at, contracts.completed_at), updated_at = excluded.updated_at
where contracts.status <> 'completed' or contracts.envelope_id = excluded.envelope_id;

-- name: Contracts :many
select * from contracts where partnership_id = $1 order by version;

-- name: Agreement :one
-- What was signed stands until something newer is; before, the newest is the one to sign.
select * from contracts where partnership_id = $1 order by status = 'completed' desc, version desc limit 1;

-- name: SaveDelivery :exec
-- A parcel's status moves only forward; another shipment starts anew.
-- Nor does it bring back the label and the tracking code of a person who was erased.
insert into deliveries (partnership_id, gift_order_id, order_id, shipment_id, carrier, tracking_code, label_url, cost_minor, cost_currency,
    status, label_refunded, gift_cancelled, updated_at)
select @partnership_id, @gift_order_id, @order_id, @shipment_id, @carrier, case when who.erased_at is null then @tracking_code::text else '' end,
    case when who.erased_at is null then @label_url::text else '' end, @cost_minor, @cost_currency,
    @status, @label_refunded, @gift_cancelled, @now::timestamptz
from partnerships one join creators who on who.id = one.creator_id where one.id = @partnership_id
on conflict (partnership_id) do update set
    gift_order_id = coalesce(nullif(excluded.gift_order_id, ''), deliveries.gift_order_id),
    order_id = coalesce(nullif(excluded.order_id, ''), deliveries.order_id),
    shipment_id = coalesce(nullif(excluded.shipment_id, ''), deliveries.shipment_id),
    carrier = coalesce(nullif(excluded.carrier, ''), deliveries.carrier),
    tracking_code = coalesce(nullif(excluded.tracking_code, ''), deliveries.tracking_code),
    label_url = coalesce(nullif(excluded.label_url, ''), deliveries.label_url),
    cost_minor = case when excluded.cost_minor <> 0 then excluded.cost_minor else deliveries.cost_minor end,
    cost_currency = case when excluded.cost_minor <> 0 then excluded.cost_currency else deliveries.cost_currency end,
    label_refunded = excluded.label_refunded or deliveries.label_refunded and excluded.shipment_id in ('', deliveries.shipment_id),
    gift_cancelled = deliveries.gift_cancelled or excluded.gift_cancelled,
    status = case when excluded.status = '' or deliveries.status in ('delivered', 'return_to_sender', 'failure', 'cancelled')
                       and excluded.status in ('unknown', 'pre_transit', 'in_transit', 'out_for_delivery', 'available_for_pickup', 'error')
                       and excluded.shipment_id in ('', deliveries.shipment_id)
                  then deliveries.status else excluded.status end,
    updated_at = excluded.updated_at;

-- name: Delivery :one
select * from deliveries where partnership_id = $1;

-- name: SavePost :exec
insert into posts (partnership_id, submission_id, deliverable, url, disclosed, why, approved_at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (partnership_id, submission_id) do update set disclosed = excluded.disclosed, why = excluded.why;

-- name: SetPayoutHold :exec
update partnerships set payout_hold = $2 where id = $1;

-- name: Posts :many
select * from posts where partnership_id = any(@partnership_ids::text[]) order by approved_at, submission_id;

-- name: Earner :one
-- Who earns, and by which terms. Held shared, so that a hold on the partnership's money waits for what is being earned, or is seen.
select pa.id, pa.campaign_id, pa.creator_id, pa.terms, pa.payout_hold, c.program
from partnerships pa join campaigns c on c.id = pa.campaign_id where pa.id = $1 for share of pa;

-- name: Signed :one
-- Whether the books know that somebody has signed: by the agreement on file, by what the story has noted, or by where it is by now. After a
-- restore the last may be all that they know.
select (exists (select from contracts k where k.partnership_id = pa.id and k.status = 'completed')
    or exists (select from timeline_events e where e.partnership_id = pa.id and e.kind = 'signed')
    or pa.stage in ('tracking', 'gifting', 'content', 'performance', 'payout', 'renewal') or pa.outcome = 'completed')::boolean as signed
from partnerships pa where pa.id = $1;
