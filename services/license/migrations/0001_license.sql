-- The license service's own database. Tables lead with the partner they belong to, so that they can be sharded by it.

-- Projections of account's news: what is needed to know whose a customer is, and that a partner exists.
create table partners (
  partner_id uuid primary key,
  version bigint not null
);

create table customers (
  partner_id uuid not null,
  customer_id uuid primary key,
  version bigint not null
);

create table orders (
  partner_id uuid not null,
  order_id uuid not null,
  reference text not null,
  created_at timestamptz not null,
  primary key (partner_id, order_id)
);

create table licenses (
  partner_id uuid not null,
  -- UUIDv7: the order of creation, for paging. People see license_id, a UUIDv4.
  row_id uuid not null unique,
  license_id uuid not null unique,
  order_id uuid not null,
  order_reference text not null,
  kind text not null check (kind in ('capacity', 'maintenance', 'core', 'remote_cms')),
  device_count integer not null check (device_count >= 1),
  term_years integer check ((term_years is not null) = (kind = 'maintenance')),
  renews uuid check (renews is null or kind = 'maintenance'),
  -- The license that a split took this one from.
  split_from uuid,
  -- Null: in the partner's inventory.
  customer_id uuid,
  standing text not null default 'good' check (standing in ('good', 'suspended', 'revoked')),
  note text not null default '',
  created_at timestamptz not null,
  version bigint not null,
  -- Projection of activation's news, activation_version is theirs. Null install_code: on no controller as far as known.
  install_code text,
  activated_at timestamptz,
  expires_at timestamptz,
  first_activated_at timestamptz,
  activation_version bigint not null default 0,
  primary key (partner_id, row_id),
  foreign key (partner_id, order_id) references orders (partner_id, order_id)
);
create index licenses_of_customer on licenses (customer_id, row_id) where customer_id is not null;
create index licenses_on_controller on licenses (install_code, row_id) where install_code is not null;
-- A license is renewed once. Parts of a split renewal renew it together; a revoked renewal renews nothing.
create unique index licenses_renewed_once on licenses (renews)
  where renews is not null and split_from is null and standing <> 'revoked';

create table license_history (
  partner_id uuid not null,
  license_id uuid not null references licenses (license_id),
  at timestamptz not null,
  -- The event that told of the move; a move of this service's own: the entry's id. UUIDv7, so moves of one instant keep their order.
  source_id uuid not null,
  entry_id uuid not null,
  event text not null,
  actor_kind text not null,
  actor_id text not null,
  customer_id uuid,
  install_code text,
  detail text,
  primary key (partner_id, license_id, at, source_id),
  -- One entry for each move, however often the news of it comes.
  unique (license_id, source_id)
);

create table transfers (
  partner_id uuid not null,
  transfer_id uuid not null unique,
  customer_id uuid not null,
  license_ids uuid[] not null,
  created_at timestamptz not null,
  primary key (partner_id, transfer_id)
);

-- Take-backs and splits. The change id is the id of the hold that activation is asked for.
create table license_changes (
  partner_id uuid not null,
  change_id uuid not null unique,
  license_id uuid not null references licenses (license_id),
  kind text not null check (kind in ('take_back', 'split')),
  device_counts integer[] check ((device_counts is not null) = (kind = 'split')),
  status text not null check (status in ('pending', 'completed', 'refused')),
  refusal text check ((refusal is not null) = (status = 'refused')),
  -- The licenses as they were right after the change.
  outcome jsonb check ((outcome is not null) = (status = 'completed')),
  -- The version the hold is asked for: another one ends the hold.
  license_version bigint not null,
  actor_kind text not null,
  actor_id text not null,
  traceparent text,
  created_at timestamptz not null,
  asked_at timestamptz not null,
  settled_at timestamptz,
  primary key (partner_id, change_id)
);
create unique index license_changes_one_pending on license_changes (license_id) where status = 'pending';
create index license_changes_to_resume on license_changes (asked_at) where status = 'pending';
