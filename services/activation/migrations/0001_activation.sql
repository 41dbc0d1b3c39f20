-- The activation service's own database: what is on which controller. Tables lead with the account they belong to, so that
-- they can be sharded by it.

-- Projection of account's news: whose a customer is, for controllers that a partner registers.
create table customers (
  partner_id uuid not null,
  customer_id uuid primary key,
  version bigint not null
);

create table controllers (
  partner_id uuid not null,
  customer_id uuid not null,
  -- Compared as bytes: lists are paged by it.
  install_code text collate "C" primary key check (install_code = upper(install_code)),
  segment_name text not null,
  software_version text not null,
  -- RFC 7638 thumbprint; null: no key has enrolled, or Customer Success has reset it.
  device_key text,
  -- What is on it. Redundant to licenses.installed_on, and needed: whoever holds the lock of this row knows all of it.
  license_ids uuid[] not null default '{}',
  -- Number and time of its newest license document.
  serial bigint not null default 0,
  document_issued_at timestamptz not null,
  version bigint not null default 1,
  created_at timestamptz not null
) with (fillfactor = 80);
create index controllers_of_partner on controllers (partner_id, install_code);
create index controllers_of_customer on controllers (customer_id, install_code);

create table licenses (
  partner_id uuid not null,
  -- Null: in the partner's inventory.
  customer_id uuid,
  license_id uuid primary key,

  -- Projection of license's news; version is theirs.
  version bigint not null,
  kind text not null check (kind in ('capacity', 'maintenance', 'core', 'remote_cms')),
  device_count integer not null,
  term_years integer,
  renews uuid,
  owner text not null check (owner in ('inventory', 'customer')),
  standing text not null check (standing in ('good', 'suspended', 'revoked')),
  note text not null,

  -- This service's own facts. A term is dated once, at the first activation.
  first_activated_at timestamptz,
  expires_at timestamptz,
  -- Moves onto and off controllers.
  activation_version bigint not null default 0,
  -- The open activation; all null when there is none.
  installed_on text,
  activation_id uuid,
  activated_at timestamptz,
  -- The controller it was last returned from.
  returned_from text,
  hold_id uuid,

  check ((installed_on is null) = (activation_id is null) and (installed_on is null) = (activated_at is null)),
  constraint licenses_held_or_installed check (hold_id is null or installed_on is null)
) with (fillfactor = 80);
create index licenses_of_customer on licenses (customer_id, license_id) where customer_id is not null;

-- Every stay of a license on a controller.
create table activations (
  customer_id uuid not null,
  -- UUIDv7
  id uuid primary key,
  license_id uuid not null,
  install_code text not null,
  mode text not null check (mode in ('online', 'offline')),
  activated_at timestamptz not null,
  returned_at timestamptz
);
-- The last word on rule 1: one place at a time.
create unique index activations_open on activations (license_id) where returned_at is null;

-- What license asked for, and the answer. A request that comes again gets the same answer.
create table holds (
  hold_id uuid primary key,
  license_id uuid not null,
  -- A license.changed of a higher version ends the hold.
  license_version bigint not null,
  state text not null check (state in ('granted', 'refused', 'released', 'ended')),
  resolved_at timestamptz not null
);
