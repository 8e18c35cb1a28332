-- name: LockThread :one
-- The thread of a campaign, begun with its first message; whoever has the row decides where a message goes.
insert into campaign_threads (campaign_id, news_from, news_to, acts_from)
select @campaign_id::text, t.n, t.n, coalesce((select max(a.n) from audit a), 0)
from (select coalesce(max(e.n), 0) as n from timeline_events e join partnerships pa on pa.id = e.partnership_id where pa.campaign_id = @campaign_id::text) t
on conflict (campaign_id) do update set ended_at = null
returning *;

-- name: PlaceOfCard :one
select place, thread_ts from cards where key = $1;

-- name: CardAskedBefore :one
-- The card in the channel that asked the like before, once it is there.
select e.receipt from cards c join effects e on e.key = c.key and e.state = 'confirmed' and e.receipt is not null
where c.campaign_id = @campaign_id and c.about = @about and c.place = 'top' order by e.first_at limit 1;

-- name: StandingInChannel :one
-- A board makes two: the chat itself says that it was pinned. A docket comes sooner or later.
select (count(*) filter (where about = 'board') * 2 + greatest(count(*) filter (where about = 'docket'), 1) + count(*) filter (where about not in ('board', 'docket')))::bigint
from cards where campaign_id = @campaign_id and place = 'top';

-- name: PlaceCard :exec
-- Where a card stands is decided once; only the thread may be another, when the campaign's board was posted again.
insert into cards (key, decision_id, said, campaign_id, place, about, thread_ts) values (@key, @decision_id, @said, @campaign_id, @place, @about, @thread_ts)
on conflict (key) do update set thread_ts = excluded.thread_ts where cards.place = 'thread';

-- name: WhoLaunched :one
select coalesce((select a.actor from audit a where a.target = 'campaign/' || @campaign_id::text and a.action = 'launch' order by a.n limit 1), '')::text;

-- name: OwnersOfOpen :many
-- Who launched the campaigns that run, with their names.
select l.who::text as who, array_agg(l.name order by l.created_at, l.id)::text[] as campaigns
from (select c.id, c.name, c.created_at, (select a.actor from audit a where a.target = 'campaign/' || c.id and a.action = 'launch' order by a.n limit 1) as who
      from campaigns c where c.state not in ('finished', 'cancelled')) l
where l.who is not null group by l.who order by l.who;

-- name: OpenThreads :many
select t.*, c.state, c.name from campaign_threads t join campaigns c on c.id = t.campaign_id where t.ended_at is null order by t.campaign_id;

-- name: CampaignCards :many
-- The open cards of a campaign, and where they are.
select key, decision_id, place, link from cards where campaign_id = @campaign_id and decision_id <> '' and closed_at is null order by key;

-- name: CardLinked :exec
update cards set link = @link where key = @key;

-- name: CardDue :exec
update cards set due = @due::timestamptz where key = @key;

-- name: BoardPinned :exec
update campaign_threads set pinned = greatest(pinned, @board) where campaign_id = @campaign_id;

-- name: BoardGone :exec
-- Somebody has deleted the board: the next one stands in its place.
update campaign_threads set boards = boards + 1 where campaign_id = @campaign_id and boards = @board;

-- name: DocketGone :exec
update campaign_threads set dockets = dockets + 1 where campaign_id = @campaign_id and dockets = @docket;

-- name: CampaignOfMessage :one
select coalesce((select pa.campaign_id from partnerships pa where pa.id = @partnership_id::text), (select c.id from campaigns c where c.id = @campaign_id::text), '')::text;

-- name: ThreadEnded :exec
update campaign_threads set ended_at = @now::timestamptz where campaign_id = @campaign_id;

-- name: UntoldNews :many
select e.n, e.kind, cr.handle
from campaign_threads t join partnerships pa on pa.campaign_id = t.campaign_id join timeline_events e on e.partnership_id = pa.id join creators cr on cr.id = pa.creator_id
where t.campaign_id = @campaign_id and e.n > t.news_from and (@up_to::bigint = 0 or e.n <= @up_to::bigint) and e.kind = any(@kinds::text[]) order by e.n;

-- name: NewsSeen :exec
update campaign_threads set news_since = coalesce(news_since, @now::timestamptz) where campaign_id = @campaign_id;

-- name: NewsBundled :one
-- What is in a bundle is decided before it is posted; one that is under way stays as it is.
update campaign_threads set news_to = case when news_to > news_from then news_to else @up_to end where campaign_id = @campaign_id returning news_to;

-- name: NewsTold :exec
update campaign_threads set news_from = @up_to, news_since = null, news_at = @now::timestamptz where campaign_id = @campaign_id and news_from < @up_to;

-- name: UntoldActs :many
-- What people did to a campaign as a whole, and its workflow took.
select a.n, a.at, a.actor, a.action, a.reason
from audit a join campaign_threads t on a.target = 'campaign/' || t.campaign_id and a.n > t.acts_from
where t.campaign_id = @campaign_id::text and a.action = any(@deeds::text[]) and a.outcome = 'accepted'
    and not exists (select from audit c where c.corrects = a.deed_id) order by a.n;

-- name: ActTold :exec
update campaign_threads set acts_from = greatest(acts_from, @n) where campaign_id = @campaign_id;
