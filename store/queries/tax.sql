-- name: Programs :many
select * from programs order by name;

-- name: PaidInYear :many
-- What a program paid to each creator between two instants, less what came back: by when the money left, which a transfer that a person
-- has booked says itself. When a bank has paid its statement says, whenever somebody reads it; of files from before that was asked, the day counts
-- on which the file was made.
select po.creator_id, po.provider, po.currency, sum(po.amount_minor - po.reversed_minor)::bigint as paid_minor,
    count(*) filter (where po.state = 'paid')::int as payouts
from payouts po join payout_runs r on r.id = po.run_id left join postings p on p.key = 'pay/' || po.id
    left join bank_lines bl on bl.payout_id = po.id left join bank_files f on f.id = bl.file_id
    left join bank_answers ba on ba.payout_id = po.id and ba.answer = 'paid'
    left join payout_differences d on d.provider = po.provider and d.transfer_id = po.provider_ref and d.settled = 'ours' and r.lines_hash = ''
where r.program = @program and po.state in ('paid', 'returned') and coalesce(d.made_at, ba.paid_at, f.made_at, p.at) >= @from_at and coalesce(d.made_at, ba.paid_at, f.made_at, p.at) < @to_at
group by po.creator_id, po.provider, po.currency order by po.creator_id, po.currency, po.provider;

-- name: GiftsInYear :many
-- Gifts that arrived between two instants.
select pa.creator_id, pa.terms from partnerships pa join campaigns c on c.id = pa.campaign_id join deliveries d on d.partnership_id = pa.id and d.order_id <> ''
    join (select e.partnership_id, min(e.at) as at from timeline_events e where e.kind = 'delivered' group by e.partnership_id) e on e.partnership_id = pa.id
where c.program = @program and e.at >= @from_at and e.at < @to_at order by pa.creator_id, pa.id;

-- name: HandlesOf :many
select id, platform, handle from creators where id = any(@ids::text[]);

-- name: EarnersOf :many
select distinct creator_id from ledger_rows where program = $1 order by creator_id;
