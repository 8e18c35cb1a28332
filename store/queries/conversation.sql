-- name: AddInboundMessage :execrows
insert into inbound_messages (message_id, partnership_id, subject, body, at, auto_reply, sender, text, files, doubts, inbox_id, html, mail_id, earlier, needs_answer)
values (@message_id, @partnership_id, @subject, @body, @at, @auto_reply, @sender, @text, @files, @doubts, @inbox_id, @html, @mail_id, @earlier, @needs_answer)
on conflict (message_id) do nothing;

-- name: InboundMessages :many
select * from inbound_messages where partnership_id = $1 order by at, message_id;

-- name: InboundMessage :one
select * from inbound_messages where message_id = $1;

-- name: NewestInboundMessage :one
select * from inbound_messages where partnership_id = $1 and not auto_reply order by at desc, message_id desc limit 1;

-- name: AddMessageFile :exec
insert into message_files (id, message_id, n, name, type, content) values (@id, @message_id, @n, @name, @type, @content) on conflict (message_id, n) do nothing;

-- name: MessageFiles :many
-- Without their content, of a partnership.
select f.id, f.message_id, f.n, f.name, f.type, octet_length(f.content)::bigint as size
from message_files f join inbound_messages m on m.message_id = f.message_id where m.partnership_id = $1 order by f.message_id, f.n;

-- name: MessageFile :one
select * from message_files where id = $1;

-- name: AddAnswer :execrows
insert into answers (id, partnership_id, message_id, subject, text, written_by, at) values (@id, @partnership_id, @message_id, @subject, @text, @written_by, @now)
on conflict (id) do nothing;

-- name: Answer :one
select * from answers where id = $1;

-- name: Answers :many
-- With what became of the mail: it waits to be sent, was sent, failed for good, or nobody knows.
select sqlc.embed(w), coalesce(e.state, '')::text as state, coalesce(n.done_at is null, true)::boolean as waits
from answers w left join notices n on n.answer_id = w.id left join effects e on e.key = 'notice/' || n.id where w.partnership_id = $1 order by w.at, w.id;

-- name: SettleMessages :execrows
-- One, or with it all that was written before it. What has come in since nobody has seen who answered.
update inbound_messages set settled_by = @settled_by, settled_at = @now
where partnership_id = @partnership_id and needs_answer and settled_at is null and (message_id = @message_id or @earlier::boolean and at <= @at::timestamptz);

-- name: MailsToAnswer :many
select m.message_id, m.partnership_id, pa.campaign_id, m.at, c.name as campaign, cr.handle from inbound_messages m join partnerships pa on pa.id = m.partnership_id
    join campaigns c on c.id = pa.campaign_id join creators cr on cr.id = pa.creator_id
where m.needs_answer and m.settled_at is null order by m.at, m.message_id limit nullif(@most::int, 0);

-- name: MailAsked :many
-- One of them, whether somebody has seen to it or not.
select m.message_id, m.partnership_id, pa.campaign_id, m.at, m.settled_by, m.settled_at, c.name as campaign, cr.handle,
    exists (select from answers w where w.partnership_id = m.partnership_id and w.written_by = m.settled_by and w.at >= m.settled_at - interval '1 minute')::boolean as answered
from inbound_messages m join partnerships pa on pa.id = m.partnership_id
    join campaigns c on c.id = pa.campaign_id join creators cr on cr.id = pa.creator_id
where m.message_id = @message_id and m.needs_answer;

-- name: AddAnswerNotice :exec
insert into notices (id, kind, creator_id, partnership_id, address, created_at, answer_id)
select @id, @kind, pa.creator_id, pa.id, cr.email, @now, @answer_id
from partnerships pa join creators cr on cr.id = pa.creator_id and cr.erased_at is null and cr.email <> '' where pa.id = @partnership_id
on conflict (id) do nothing;

-- name: EraseAnswers :exec
update answers set subject = '', text = '' where partnership_id in (select pa.id from partnerships pa where pa.creator_id = $1);
