-- name: CalendarPartnerships :many
select pa.id, pa.stage, pa.tier, pa.waiting_for, pa.deadline, pa.buffer_days_left, pa.paused, pa.plan, pa.seq, pa.updated_at, cr.platform, cr.handle
from partnerships pa join creators cr on cr.id = pa.creator_id
where pa.campaign_id = $1 and pa.outcome = ''
order by cr.handle, pa.id;

-- name: CreatorRecord :one
-- What a creator's partnerships have come to, and the days that were lost in them.
select count(*) filter (where pa.outcome = 'completed') as completed,
       count(*) filter (where pa.outcome in ('ghosted', 'replaced')) as went_quiet,
       coalesce(sum(d.own), 0)::double precision as own_days, coalesce(sum(d.others), 0)::double precision as others_days
from partnerships pa
left join lateral (select sum(e.days) filter (where e.owner = 'creator') as own, sum(e.days) filter (where e.owner in ('brand', 'carrier')) as others
                   from timeline_events e where e.partnership_id = pa.id and e.days <> 0) d on true
where pa.creator_id = $1;

-- name: CreatorPlans :many
select plan from partnerships where creator_id = $1 order by created_at, id;

-- name: RiskFacts :many
-- What is known of each creator who is asked for something now. Asked is their newest open request; alive their last sign of
-- life, or the manager's word: that they keep waiting, or what was said elsewhere; usual the median share of the time given that their answers took,
-- where saying yes tells nothing about how long they take to make something, nor the other way round.
select pa.id, pa.tier, pa.plan, t.kind, t.opened_at, coalesce(pa.deadline, t.due) as due, (c.spec ->> 'timezone')::text as timezone,
       greatest(t.opened_at, l.alive)::timestamptz as alive, m.unclicked, h.answers, h.usual::double precision as usual
from partnerships pa
join campaigns c on c.id = pa.campaign_id
join lateral (select * from tasks where partnership_id = pa.id and closed_at is null and kind in ('offer', 'sign', 'draft', 'post')
              order by opened_at desc, name desc limit 1) t on true
cross join lateral (
    select max(at) as alive from (
        select max(e.at) as at from timeline_events e where e.partnership_id = pa.id and (e.kind in ('kept_waiting', 'resumed', 'manager_note')
            or e.owner = 'creator' and e.kind not in ('went_quiet', 'slipped', 'dates_moved'))
        union all select max(s.at) from submissions s where s.partnership_id = pa.id
        union all select max(i.at) from inbound_messages i where i.partnership_id = pa.id and not i.auto_reply
        union all select max(v.at) from mail_events v where v.partnership_id = pa.id and v.partnership_id <> '' and v.event = 'click') signs) l
cross join lateral (
    select (case when bool_or(v.event = 'click') then 0 else count(distinct v.key) filter (where v.event = 'open') end)::bigint as unclicked
    from mail_events v where v.partnership_id = pa.id and v.partnership_id <> '' and split_part(v.key, '/', 4) = t.name) m
cross join lateral (
    select count(*) as answers, coalesce(percentile_cont(0.5) within group (order by a.took), 1) as usual from (
        select extract(epoch from first.at - at.opened_at) / extract(epoch from at.due - at.opened_at) as took
        from partnerships theirs
        join tasks at on at.partnership_id = theirs.id and at.kind in ('offer', 'sign', 'draft', 'post') and at.due > at.opened_at
        cross join lateral (select min(e.at) as at from timeline_events e
                            where e.partnership_id = theirs.id and e.at >= at.opened_at and e.at <= coalesce(at.closed_at, e.at)
                              and e.kind in ('accepted', 'countered', 'declined', 'signed', 'draft_submitted', 'posted', 'disclosure_missing')) first
        where theirs.creator_id = pa.creator_id and first.at is not null and (at.kind in ('draft', 'post')) = (t.kind in ('draft', 'post'))) a) h
where pa.id = any(@partnership_ids::text[]) and pa.outcome = '' and not pa.paused
order by pa.id;
