-- Sign-in codes on their way. Recipient and code are sealed by account, and opened only to be sent; a row goes when its e-mail
-- has been sent, or its code has expired. The id is the event's: one e-mail for each, however often it arrives.
create table sign_in_emails (
  email_id uuid primary key,
  challenge_id uuid not null,
  sealed text not null,
  expires_at timestamptz not null,
  attempts integer not null default 0,
  deferrals integer not null default 0,
  next_attempt_at timestamptz not null
);
create index sign_in_emails_due on sign_in_emails (next_attempt_at);
create index sign_in_emails_by_end on sign_in_emails (expires_at);
