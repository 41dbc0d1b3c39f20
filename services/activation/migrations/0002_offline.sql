-- Offline activation: files, return receipts, and statements of revoked signing keys.

-- Serial of the document that put the license there: a receipt that knows no newer one is not about this stay. Null: not kept yet.
alter table activations add column serial bigint;
create index activations_of_license on activations (license_id, install_code);

-- Issue time of the statement of revoked keys on account of which the document last got a new serial.
alter table controllers add column resigned_for timestamptz;

-- The file of a stay of a license on a controller. It is kept when the license is returned.
create table offline_activations (
  partner_id uuid not null,
  customer_id uuid not null,
  -- UUIDv7
  id uuid primary key,
  -- One file for each stay: asked for again, it is the same.
  activation_id uuid not null unique,
  license_id uuid not null,
  install_code text collate "C" not null,
  kind text not null check (kind in ('capacity', 'maintenance', 'core', 'remote_cms')),
  device_count integer not null,
  -- Of the document in the file.
  serial bigint not null,
  -- The key that signed it.
  signed_by text not null,
  file text not null,
  -- Of the request file that it was issued for.
  request_digest text,
  created_at timestamptz not null
);
create index offline_activations_of_partner on offline_activations (partner_id, id);
create index offline_activations_of_customer on offline_activations (customer_id, id);
create index offline_activations_of_license on offline_activations (license_id, id);
create index offline_activations_of_controller on offline_activations (install_code, id);
-- A request file brings a license to its controller once, whoever sends it again and when.
create unique index offline_activations_request on offline_activations (license_id, request_digest)
  where request_digest is not null;

-- Receipts that were handed in, and what was answered: each has its effect once.
create table offline_returns (
  customer_id uuid not null,
  -- UUIDv7
  id uuid primary key,
  receipt_digest text not null unique,
  install_code text collate "C" not null,
  license_ids uuid[] not null,
  -- The controller refuses documents up to this serial.
  receipt_serial bigint not null,
  -- As answered.
  serial bigint not null,
  returned_at timestamptz not null
);
create index offline_returns_of_controller on offline_returns (install_code, receipt_serial);

-- Signed by the root key; the newest of a root counts alone. Every instance reads it here, and stops signing if its key is named.
create table key_revocations (
  root_kid text not null,
  issued_at timestamptz not null,
  statement text not null,
  primary key (root_kid, issued_at)
);
