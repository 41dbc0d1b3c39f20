-- Maintenance licenses as their owner and activation tell of them: what the notices of maintenance are made of. A projection of
-- two sides, each with a version of its own; where only one has been heard, the other one's is 0.
create table maintenance_terms (
  partner_id uuid not null,
  customer_id uuid,
  license_id uuid primary key,

  -- License's side.
  version bigint not null default 0,
  device_count integer not null,
  renews uuid,
  standing text not null default 'good' check (standing in ('good', 'suspended', 'revoked')),
  -- What a split has handed on: the term began with another license's activation.
  first_activated_at timestamptz,

  -- Activation's side. On no controller: null.
  activation_version bigint not null default 0,
  install_code text,
  segment_name text,
  -- The first of its moves that are known.
  first_moved_at timestamptz,
  starts_at timestamptz,
  expires_at timestamptz,

  -- The earliest day, UTC, on which there may be something to tell of it; null: none to come.
  next_notice_on date,
  check ((install_code is null) = (segment_name is null))
) with (fillfactor = 80);

create index maintenance_terms_of_customer on maintenance_terms (customer_id, license_id);
create index maintenance_terms_of_partner on maintenance_terms (partner_id, license_id);
create index maintenance_terms_renewals on maintenance_terms (renews) where renews is not null;
create index maintenance_terms_due on maintenance_terms (next_notice_on, partner_id) where next_notice_on is not null;
-- Digests of partners and of Customer Success look for days of expiry.
create index maintenance_terms_by_expiry on maintenance_terms (expires_at) where install_code is not null;
