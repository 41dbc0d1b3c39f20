-- Customers/projects and their contacts, as account tells them. A projection: a higher version replaces the row.
create table customers (
  customer_id uuid primary key,
  partner_id uuid not null,
  name text not null,
  contacts jsonb not null,
  version integer not null
);

-- One row per e-mail. The account comes first in every key, so that the table can be sharded by it.
create table emails (
  customer_id uuid not null,
  email_id uuid not null,
  partner_id uuid not null,
  event_id uuid not null,
  subject text not null check (subject in ('licenses_transferred', 'licenses_activated', 'controller_relinked')),
  recipient text not null,
  recipient_name text not null,
  language text not null check (language in ('en', 'de')),
  message_id text not null,
  headline text not null,
  body_text text not null,
  body_html text not null,
  outcome text not null default 'pending' check (outcome in ('pending', 'sent', 'failed')),
  attempts integer not null default 0,
  deferrals integer not null default 0,
  next_attempt_at timestamptz not null,
  failure text,
  created_at timestamptz not null,
  sent_at timestamptz,
  primary key (customer_id, email_id),
  check ((outcome = 'sent') = (sent_at is not null)),
  check (outcome <> 'failed' or failure is not null)
);

-- The last word on "once": one e-mail per event, account and address, however often the event arrives.
create unique index emails_once on emails (customer_id, event_id, lower(recipient));

create index emails_due on emails (next_attempt_at) where outcome = 'pending';
-- Lists, newest first: of staff and of a partner; those of one account use the primary key.
create index emails_by_age on emails (email_id);
create index emails_of_partner on emails (partner_id, email_id);
