-- name: PutQuestions :exec
-- Asked again by another run, or by a task that was run again and decided otherwise, it is open once more.
insert into decisions (id, kind, partnership_id, subject, question, run_id)
select unnest(@ids::text[]), unnest(@kinds::text[]), @partnership_id, unnest(@subjects::text[]), unnest(@questions::jsonb[]), @run_id
on conflict (id) do update set run_id = excluded.run_id, question = excluded.question, state = 'open', choice = '', answered_by = '', answered_at = null, came = '', amiss = false
where decisions.run_id <> excluded.run_id or @rewritten::boolean and decisions.came <> '';

-- name: DropQuestions :exec
-- What is not asked any more is over; how it ended is told with the projection that says so, which may come later.
update decisions set state = 'over' where partnership_id = @partnership_id and state = 'open' and not (id = any(@ids::text[]));

-- name: SettleQuestion :exec
-- The first word on a question stays; who answered is known from the door where the workflow does not say it.
insert into decisions (id, kind, partnership_id, subject, question, run_id, state, choice, answered_by, answered_at, came, amiss)
values (@id, @kind, @partnership_id, @subject, @question, @run_id, @state, @choice, @answered_by, @at::timestamptz, @came, @amiss)
on conflict (id) do update set state = case when decisions.state = 'answered' then 'answered' else excluded.state end,
    choice = coalesce(nullif(excluded.choice, ''), decisions.choice), answered_by = coalesce(nullif(excluded.answered_by, ''), decisions.answered_by),
    answered_at = coalesce(decisions.answered_at, excluded.answered_at), came = excluded.came, amiss = excluded.amiss
where (decisions.came = '' or @rewritten::boolean) and decisions.run_id = excluded.run_id;

-- name: AnswerQuestions :exec
-- A workflow has taken somebody's answer; what comes of it, it says itself.
update decisions set state = 'answered', choice = @choice, answered_by = @answered_by, answered_at = @at::timestamptz
where partnership_id = @partnership_id and kind = @kind and (@subject::text = '' or subject = @subject::text) and state = 'open';

-- name: Decisions :many
-- Those of partnerships with all that puts them into words: the open ones, some by their ids, or those of a campaign; the newest of an end
-- last. Whose campaign it is: who launched it.
select sqlc.embed(d), sqlc.embed(pa), sqlc.embed(cr), sqlc.embed(c), coalesce(s.url, '')::text as said_url, coalesce(s.caption, '')::text as caption, coalesce(s.note, '')::text as note,
    coalesce((select a.actor from audit a where a.target = 'campaign/' || pa.campaign_id and a.action = 'launch' order by a.n limit 1), '')::text as owner
from decisions d join partnerships pa on pa.id = d.partnership_id join creators cr on cr.id = pa.creator_id join campaigns c on c.id = pa.campaign_id
    left join submissions s on s.id = d.question ->> 'submission_id'
where (not @only_open::boolean or d.state = 'open') and (coalesce(cardinality(@ids::text[]), 0) = 0 or d.id = any(@ids::text[])) and (@campaign_id::text = '' or pa.campaign_id = @campaign_id::text)
order by d.kind, (d.question ->> 'at'), d.id limit nullif(@most::int, 0);

-- name: FreeBudgets :many
-- What is left of the budgets of these campaigns, and who of their rosters nobody has invited yet and may be.
select c.id, (c.budget_minor - coalesce((select sum(pa.reserved_minor) from partnerships pa where pa.campaign_id = c.id and pa.reserved_currency = c.currency), 0))::bigint as free_minor,
    (select count(*) from campaign_creators cc join creators cr on cr.id = cc.creator_id
     where cc.campaign_id = c.id and cc.rank > 0 and cc.vetoed_at is null and cr.erased_at is null and not exists (select from partnerships pa where pa.id = cc.partnership_id)
         and not exists (select from suppressions s where s.email_hash = cr.email_hash))::int as standbys
from campaigns c where c.id = any(@ids::text[]);

-- name: HeldToDecide :many
-- Earnings that wait for finance: neither what the creator is asked to mend, nor what an objection stands about.
select l.id, l.partnership_id, pa.campaign_id, c.name as campaign, cr.platform, cr.handle, l.kind, l.amount_minor, l.currency, l.reason, l.order_id, l.created_at
from ledger_rows l join partnerships pa on pa.id = l.partnership_id join creators cr on cr.id = l.creator_id join campaigns c on c.id = pa.campaign_id
where l.state = 'held' and l.reason <> @undisclosed and not exists (select from objections b where b.row_id = l.id and b.decided_at is null)
order by l.created_at, l.id limit nullif(@most::int, 0);

-- name: LedgerRowAsked :many
-- An earning that a person was asked about, however it stands by now.
select l.id, l.partnership_id, pa.campaign_id, c.name as campaign, cr.platform, cr.handle, l.kind, l.amount_minor, l.currency, l.reason, l.order_id, l.created_at, l.state
from ledger_rows l join partnerships pa on pa.id = l.partnership_id join creators cr on cr.id = l.creator_id join campaigns c on c.id = pa.campaign_id where l.id = @id;
