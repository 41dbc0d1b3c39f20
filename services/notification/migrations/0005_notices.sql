-- Notices of maintenance: who is told, what was told, and e-mails that are about no single account.

-- Who is told of an account's maintenance, when and how. An account without a row has the defaults.
create table notification_settings (
  partner_id uuid not null,
  customer_id uuid primary key,
  contacts boolean not null,
  recipients text[] not null,
  thresholds integer[] not null,
  expirations boolean not null,
  renewals boolean not null,
  language text not null check (language in ('en', 'de')),
  version integer not null
);

-- Digests of a partner over all its accounts, and of Customer Success (null) over all partners'. None without a row.
create table digest_settings (
  partner_id uuid unique nulls not distinct,
  recipients text[] not null,
  thresholds integer[] not null,
  expirations boolean not null,
  renewals boolean not null,
  language text not null check (language in ('en', 'de')),
  version integer not null,
  -- The day, UTC, up to which expirations have been told.
  told_through date not null
);

-- Addresses that are told nothing of maintenance: of one account, of a whole partner (customer_id null), in the digests of Customer
-- Success (both null).
create table silences (
  partner_id uuid,
  customer_id uuid,
  email text not null check (email = lower(email)),
  reason text not null check (reason in ('unsubscribed', 'bounced')),
  since timestamptz not null,
  constraint silences_once unique nulls not distinct (partner_id, customer_id, email)
);

-- What was told, or is about to be: one row per license, term, threshold and address, ever. [domain.md rule 11]
create table notices (
  -- Whose e-mail it goes into: the partner's, or Customer Success's (null). E-mails never mix partners otherwise.
  partner_id uuid,
  license_id uuid not null,
  -- The term.
  expires_at timestamptz not null,
  -- Days before expiry; null: told that it was renewed.
  threshold integer,
  recipient text not null,
  audience text not null check (audience in ('account', 'partner', 'staff')),
  customer_id uuid not null,
  recipient_name text not null,
  language text not null check (language in ('en', 'de')),
  -- For which maintenance ends, or goes on.
  device_count integer not null,
  -- The e-mail that tells it; null: not written yet.
  email_id uuid,
  -- No longer true before it was sent.
  void boolean not null default false
);
-- The last word on "once, ever".
create unique index notices_once on notices (license_id, expires_at, threshold, lower(recipient)) nulls not distinct;
create index notices_unwritten on notices (partner_id, lower(recipient)) where email_id is null and not void;
create index notices_of_email on notices (email_id) where email_id is not null;
create index notices_of_customer on notices (customer_id, license_id);

-- A renewal is told once its term is dated.
alter table maintenance_terms add column renewal text not null default 'untold' check (renewal in ('untold', 'due', 'told'));
create index maintenance_terms_renewed on maintenance_terms (license_id) where renewal = 'due';
create index maintenance_terms_due_of_partner on maintenance_terms (partner_id, next_notice_on)
  where next_notice_on is not null;
drop index maintenance_terms_by_expiry;
create index maintenance_terms_by_expiry on maintenance_terms (((expires_at at time zone 'UTC')::date), license_id)
  where install_code is not null;
create index maintenance_terms_of_partner_by_expiry
  on maintenance_terms (partner_id, ((expires_at at time zone 'UTC')::date), license_id) where install_code is not null;

-- A digest may be about several accounts, and one of Customer Success about several partners: those have no account, or no partner,
-- of their own. Former code leaves the former alone, since it looks for both keys.
alter table emails drop constraint emails_pkey;
alter table emails add primary key (email_id);
alter table emails alter column customer_id drop not null;
alter table emails alter column partner_id drop not null;
drop index emails_by_age;
create index emails_of_customer on emails (customer_id, email_id);
alter table emails drop constraint emails_subject_check;
alter table emails add constraint emails_subject_check check (subject in ('licenses_transferred', 'licenses_activated',
  'controller_relinked', 'maintenance_expiring', 'maintenance_renewed', 'notification_test', 'webhook_disabled'));
alter table emails drop constraint emails_outcome_check;
alter table emails add constraint emails_outcome_check check (outcome in ('pending', 'sent', 'failed', 'bounced', 'cancelled'));
