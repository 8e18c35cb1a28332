-- name: CreatorsPage :many
select cr.id, cr.platform, cr.handle, cr.followers, cr.engagement_rate, cr.niche, cr.country, cr.language, cr.created_at,
    (select count(*) from partnerships pa where pa.creator_id = cr.id)::bigint as partnerships
from creators cr where cr.erased_at is null and cr.id > @after::text and (@handle::text = '' or position(lower(@handle::text) in lower(cr.handle)) > 0)
order by cr.id limit @most;

-- name: PartnershipsPage :many
-- By id, or by what is due first: what has ended, or waits for no date, is due at the end of all days.
select pa.id, pa.campaign_id, pa.stage, pa.waiting_for, pa.outcome, pa.attention, pa.deadline, pa.paused, pa.updated_at, cr.platform, cr.handle
from partnerships pa join creators cr on cr.id = pa.creator_id
where (not @by_due::boolean and pa.id > @after::text
        or @by_due::boolean and (case when pa.outcome = '' then coalesce(pa.deadline, '9999-12-31Z') else '9999-12-31Z' end, pa.id) > (@after_due::timestamptz, @after::text))
    and (@campaign::text = '' or pa.campaign_id = @campaign::text) and (@stage::text = '' or pa.stage = @stage::text)
    and (sqlc.narg(creator)::text is null or pa.creator_id = sqlc.narg(creator)::text) and (sqlc.narg(ids)::text[] is null or pa.id = any(sqlc.narg(ids)::text[]))
    and (@handle::text = '' or position(lower(@handle::text) in lower(cr.handle)) > 0) and (not @open::boolean or pa.outcome = '')
    and (not @attention::boolean or pa.outcome = '' and pa.attention <> '') and (not @paused::boolean or pa.paused)
order by case when @by_due::boolean then case when pa.outcome = '' then coalesce(pa.deadline, '9999-12-31Z') else '9999-12-31Z' end end, pa.id limit @most;

-- name: OrdersPage :many
select o.program, o.order_id, o.partnership_id, o.why, o.occurred_at, o.currency, o.bought_minor, o.back_minor
from order_now o where (@program::text = '' or o.program = @program::text) and (o.program, o.order_id) > (@after_program::text, @after::text)
order by o.program, o.order_id limit @most;

-- name: ConsoleStamp :one
-- Another word whenever something on the console's pages has changed.
select concat_ws('.', (select coalesce(max(n), 0) from audit), (select coalesce(extract(epoch from max(updated_at)), 0) from partnerships),
    (select count(*) from inbound_messages), (select coalesce(sum(length(state)), 0) from payouts))::text;
