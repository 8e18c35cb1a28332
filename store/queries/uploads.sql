-- name: AddUpload :execrows
-- Not above the most that a task may have.
insert into uploads (id, partnership_id, task, name, bytes, at)
select @id, @partnership_id, @task, @name, @bytes, @at
where (select count(*) from uploads u where u.partnership_id = @partnership_id and u.task = @task) < @most::int;

-- name: UploadWhole :execrows
update uploads set media_type = @media_type, bytes = @bytes where id = @id;

-- name: DropUpload :exec
with gone as (delete from uploads where uploads.id = $1 returning uploads.id) insert into uploads_gone select gone.id from gone;

-- name: Upload :one
select * from uploads where id = $1;

-- name: ForgetUploads :exec
-- What was never sent as a draft goes after two days, the rest some time after its partnership's end.
with gone as (
    delete from uploads u using partnerships pa where pa.id = u.partnership_id
        and (pa.outcome <> '' and coalesce(pa.ended_at, pa.updated_at) < @ended_before::timestamptz
            or u.at < @unsent_before::timestamptz and not exists (select from submissions s where s.upload_id = u.id))
    returning u.id
)
insert into uploads_gone select gone.id from gone;

-- name: UploadsKept :many
select id from uploads where id = any(@ids::text[]);

-- name: UploadsGone :many
select id from uploads_gone order by id limit 1000;

-- name: UploadsRemoved :exec
delete from uploads_gone where id = any(@ids::text[]);

-- name: EraseUploads :exec
with gone as (delete from uploads u where u.partnership_id in (select pa.id from partnerships pa where pa.creator_id = $1) returning u.id)
insert into uploads_gone select gone.id from gone;
