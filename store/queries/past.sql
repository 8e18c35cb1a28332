-- name: Past :many
-- What became of every partnership that ended by what people did, by tier and by whether a fee was offered. A cancelled one says
-- nothing about people. The terms may have changed since the offer; a fee is not negotiated away.
select tier, paid,
    count(*)::bigint as offers,
    count(*) filter (where not accepted and not declined and not countered and outcome = 'expired')::bigint as silent,
    count(*) filter (where not accepted and declined)::bigint as declined,
    count(*) filter (where countered)::bigint as countered,
    count(*) filter (where accepted)::bigint as accepted,
    count(*) filter (where accepted and not signed)::bigint as unsigned,
    count(*) filter (where signed)::bigint as signed,
    count(*) filter (where signed and not posted and outcome in ('ghosted', 'replaced'))::bigint as lost,
    count(*) filter (where posted)::bigint as posted,
    count(*) filter (where posted and undisclosed)::bigint as undisclosed,
    count(*) filter (where shipped)::bigint as shipped,
    count(*) filter (where parcel_lost)::bigint as parcels_lost
from (
    select pa.tier, pa.outcome, (pa.terms ->> 'fee_minor')::bigint > 0 as paid,
        coalesce(bool_or(e.kind = 'accepted'), false) as accepted, coalesce(bool_or(e.kind = 'declined'), false) as declined,
        coalesce(bool_or(e.kind = 'countered'), false) as countered, coalesce(bool_or(e.kind = 'signed'), false) as signed,
        coalesce(bool_or(e.kind = 'posted'), false) as posted, coalesce(bool_or(e.kind = 'disclosure_missing'), false) as undisclosed,
        coalesce(bool_or(e.kind = 'shipped'), false) as shipped, coalesce(bool_or(e.kind = 'parcel_lost'), false) as parcel_lost
    from partnerships pa left join timeline_events e on e.partnership_id = pa.id
    where pa.outcome not in ('', 'cancelled')
    group by pa.id
) story
group by tier, paid
order by tier, paid;
