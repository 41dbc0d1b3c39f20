-- Account: who there is (partners, users, API clients, customers, contacts), and how they sign in.
-- Random ids (UUIDv4) are what people see and cannot guess; row ids (UUIDv7) are what lists are paged by.

create table partners (
  partner_id uuid primary key,
  row_id uuid not null unique,
  name text not null,
  version integer not null default 1,
  created_at timestamptz not null
);

create table users (
  user_id uuid primary key,
  partner_id uuid references partners,
  kind text not null check (kind in ('staff', 'partner_user')),
  role text check (role in ('admin', 'member', 'viewer')),
  email text not null,
  -- Lower case: the same address is one user, over all partners and staff.
  email_key text not null unique,
  status text not null check (status in ('invited', 'active', 'disabled')),
  password_hash text,
  -- AES-256-GCM, bound to the user id.
  second_factor_sealed bytea,
  -- Time step of the newest one-time code that was used: an equal or older one is refused.
  second_factor_step bigint,
  created_at timestamptz not null,
  check ((kind = 'staff') = (partner_id is null) and (kind = 'staff') = (role is null)),
  check (status <> 'active' or password_hash is not null),
  check (kind <> 'staff' or status <> 'active' or second_factor_sealed is not null)
);
create index users_of_partner on users (partner_id, user_id);

-- One invitation per user: a new one replaces the one before, whose token ends with that.
create table invitations (
  user_id uuid primary key references users,
  version integer not null,
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- One row per sign-in. Refresh tokens are derived from session id and generation (with a key that is not in the database):
-- nothing of a token is kept here, not even a hash.
create table sessions (
  session_id uuid primary key,
  user_id uuid not null references users,
  generation integer not null default 1,
  rotated_at timestamptz not null,
  expires_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz
);
create index sessions_by_end on sessions (ends_at);

-- Guesses within a running window, by a keyed hash of what they are counted for.
create table guess_counts (
  bucket bytea primary key,
  count integer not null,
  window_ends_at timestamptz not null
);
create index guess_counts_by_end on guess_counts (window_ends_at);

create table api_clients (
  client_id uuid primary key,
  partner_id uuid not null references partners,
  name text not null,
  scopes text[] not null,
  status text not null check (status in ('active', 'revoked')),
  secret_version integer not null default 1,
  secret_hash bytea not null,
  secret_created_at timestamptz not null,
  created_at timestamptz not null
);
create index api_clients_of_partner on api_clients (partner_id, client_id);

create table customers (
  customer_id uuid primary key,
  partner_id uuid not null references partners,
  row_id uuid not null unique,
  name text not null,
  -- Trimmed, lower case: unique within the partner.
  name_key text not null,
  version integer not null default 1,
  created_at timestamptz not null,
  unique (partner_id, name_key)
);
create index customers_of_partner on customers (partner_id, row_id);

create table contacts (
  contact_id uuid primary key,
  customer_id uuid not null references customers,
  email text not null,
  email_key text not null,
  name text not null,
  language text not null check (language in ('en', 'de')),
  created_at timestamptz not null,
  unique (customer_id, email_key)
);
create index contacts_of_customer on contacts (customer_id, contact_id);

-- What activation last told of a controller: enough to refuse early. Activation itself has the last word.
create table controllers (
  install_code text primary key,
  partner_id uuid not null,
  customer_id uuid not null,
  device_key text,
  license_count integer not null,
  version bigint not null
);

-- Hashes of device key and nonce of proofs that were used, until the proof would be too old anyway.
create table device_proofs (
  proof_hash bytea primary key,
  expires_at timestamptz not null
);
create index device_proofs_by_end on device_proofs (expires_at);

-- Keys that sign access tokens. A new one is published before it signs, an old one until its last token has expired.
create table signing_keys (
  kid text primary key,
  public_key text not null,
  -- PKCS #8, AES-256-GCM, bound to the kid.
  private_key_sealed bytea not null,
  signs_from timestamptz not null,
  -- Null for the newest key.
  published_until timestamptz,
  created_at timestamptz not null
);
-- The last word when two replicas start at once: one newest key only.
create unique index signing_keys_newest on signing_keys ((true)) where published_until is null;
