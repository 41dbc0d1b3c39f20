-- E-mails that a mail server had taken, and reported later as undeliverable: they were sent.
alter table emails drop constraint emails_check;
alter table emails add constraint emails_sent check ((outcome in ('sent', 'bounced')) = (sent_at is not null));
-- A report names the Message-ID.
create index emails_by_message_id on emails (message_id);
-- Who unsubscribes has what waits cancelled.
create index emails_pending_of_recipient on emails (lower(recipient)) where outcome = 'pending';
