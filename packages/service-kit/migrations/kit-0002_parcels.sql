-- Events of one queue travel together, in one job of it: which one, so that a whole job is asked for at once. Null in rows that were
-- published before: their job has the event's id.
alter table outbox add column job_id uuid;

-- Every delivery takes its events off the list.
create index dead_letters_event_id on dead_letters (event_id);
