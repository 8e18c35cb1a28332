-- name: ErasureMarks :one
-- What deliveries of vendors carry of a creator besides their address.
select coalesce(array_agg(x.mark) filter (where x.mark <> ''), '{}')::text[] as marks from (
    select @creator_id::text as mark
    union select pa.id from partnerships pa where pa.creator_id = @creator_id
    union select c.envelope_id from contracts c join partnerships pa on pa.id = c.partnership_id where pa.creator_id = @creator_id
    union select d.shipment_id from deliveries d join partnerships pa on pa.id = d.partnership_id where pa.creator_id = @creator_id
    union select d.tracking_code from deliveries d join partnerships pa on pa.id = d.partnership_id where pa.creator_id = @creator_id
    union select a.id from payout_accounts a where a.creator_id = @creator_id) x;

-- name: EraseInboxBodies :execrows
-- Mails wait no longer. What else waits to be applied is applied first, because money may hang on it or other people's news, and
-- is emptied then.
update inbox set body = '', headers = '{}', note = 'erased', state = case when state = 'new' then 'dead' else state end
where body <> '' and (state <> 'new' or provider = 'sendgrid-inbound')
    and (id in (select m.inbox_id from inbound_messages m join partnerships pa on pa.id = m.partnership_id where pa.creator_id = @creator_id)
      or exists (select from unnest(@marks::text[]) m (mark) where position(lower(m.mark) in lower(encode(inbox.body, 'escape'))) > 0));

-- name: AnybodyErased :one
select exists (select from creators where erased_at is not null);

-- name: InboxBody :one
select body from inbox where id = $1;

-- name: BelongsToErased :one
-- Whether ids that stand in a delivery are of somebody who was erased.
select exists (
    select from creators c where c.erased_at is not null and (
        c.id = any(@ids::text[]) or exists (select from payout_accounts a where a.creator_id = c.id and a.id = any(@ids::text[]))
        or exists (select from partnerships pa where pa.creator_id = c.id and (
            pa.id = any(@ids::text[]) or exists (select from inbound_messages m where m.partnership_id = pa.id and m.inbox_id = @inbox_id::bigint)
            or pa.reply_hash = any(@reply_hashes::bytea[])
            or exists (select from contracts k where k.partnership_id = pa.id and k.envelope_id = any(@ids::text[]))
            or exists (select from deliveries d where d.partnership_id = pa.id and d.shipment_id = any(@ids::text[]))))));

-- name: EmptyDelivery :exec
update inbox set body = '', headers = '{}', note = case when note = '' then 'erased' else note end where id = $1;

-- name: ErasedBehind :one
select (cr.erased_at is not null)::boolean from partnerships pa join creators cr on cr.id = pa.creator_id where pa.id = $1;

-- name: LockOpenRowsOf :many
-- As LockOpenRows, of one creator.
select sqlc.embed(l), cr.payout_account, cr.payout_rail, cr.account_changed_at, (cr.payout_ready and cr.payout_account <> '')::boolean as ready, (cr.erased_at is not null)::boolean as erased
from ledger_rows l join creators cr on cr.id = l.creator_id
where l.creator_id = @creator_id and l.state in ('pending', 'eligible') order by l.creator_id, l.id for update of l;

-- name: OwedTo :many
select program, currency, state, sum(amount_minor)::bigint as amount_minor, count(*) as rows from ledger_rows
where creator_id = $1 and state in ('pending', 'eligible', 'held', 'in_payout') group by program, currency, state order by program, currency, state;

-- name: KeptOf :one
-- What is kept of a creator beside the books.
select cr.payout_account, cr.payout_ready, cr.email_hash,
       (select count(*) from partnerships pa where pa.creator_id = cr.id and pa.outcome = '') as open,
       (select count(*) from addresses a where a.creator_id = cr.id) as addresses,
       (select count(*) from submissions s join partnerships pa on pa.id = s.partnership_id where pa.creator_id = cr.id) as submissions,
       (select count(*) from contracts c join partnerships pa on pa.id = c.partnership_id where pa.creator_id = cr.id and (c.pdf is not null or c.certificate is not null)) as contracts,
       (select count(*) from inbound_messages m join partnerships pa on pa.id = m.partnership_id where pa.creator_id = cr.id) as mails,
       (select count(*) from posts po join partnerships pa on pa.id = po.partnership_id where pa.creator_id = cr.id and po.url <> '') as posts,
       (select count(*) from tasks t join partnerships pa on pa.id = t.partnership_id where pa.creator_id = cr.id) as links
from creators cr where cr.id = $1;

-- name: EraseLabels :exec
-- A label shows where somebody lives.
update deliveries set label_url = '', tracking_code = '' where partnership_id in (select pa.id from partnerships pa where pa.creator_id = $1);

-- name: EraseReceipts :exec
-- What was got for a label holds the label itself; the shipment's id stays, so that it can be refunded.
update effects set receipt = receipt - '{label_url,tracking_code}'::text[], progress = progress - '{label_url,tracking_code}'::text[]
where kind = 'label' and exists (select from partnerships pa where pa.creator_id = $1 and starts_with(key, 'partnership/' || pa.id || '/'));

-- name: EraseReplies :exec
-- A card on which somebody pressed quotes mails and drafts. Nobody is told any more what came of it; the board shows it.
update asked set reply = null
where reply is not null and subject in (select 'partnership/' || pa.id from partnerships pa where pa.creator_id = $1);

-- name: EraseNotices :exec
update notices set address = '', done_at = coalesce(done_at, @now::timestamptz) where creator_id = @creator_id;
