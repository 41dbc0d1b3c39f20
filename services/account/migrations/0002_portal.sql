-- Sign-in of customers: by a License ID, or by a one-time code to an e-mail address that a partner has added as a contact.

-- What license last told of a license: enough to know whether its ID signs in, and for how long.
create table licenses (
  license_id uuid primary key,
  partner_id uuid not null,
  -- Null: in the partner's inventory.
  customer_id uuid,
  standing text not null check (standing in ('good', 'suspended', 'revoked')),
  version bigint not null
);

create index contacts_of_address on contacts (email_key, contact_id);

-- A session is a user's, a License ID's (as long as the license stays with that customer), or an e-mail address's.
alter table sessions
  alter column user_id drop not null,
  add column license_id uuid,
  add column customer_id uuid,
  add column email_key text,
  add constraint sessions_of_one check (
    num_nonnulls(user_id, license_id, email_key) = 1 and (license_id is null) = (customer_id is null)
  );

-- One-time codes, for known and unknown addresses alike. A code is kept as a keyed hash, an address as a keyed hash and sealed:
-- neither can be read with the database alone.
create table portal_codes (
  code_id uuid primary key,
  email_hash bytea not null,
  email_sealed bytea not null,
  code_hash bytea not null,
  slot_starts_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
-- One code, and so one e-mail, for an address and slot, however many ask for it at once; another one once it is used.
create unique index portal_codes_open on portal_codes (email_hash, slot_starts_at) where used_at is null;
create index portal_codes_by_end on portal_codes (expires_at);

-- Who asked for a code: each has tries of its own, so nobody can use up those of another.
create table portal_challenges (
  challenge_id uuid primary key,
  code_id uuid not null references portal_codes on delete cascade,
  tries integer not null default 0
);
create index portal_challenges_of_code on portal_challenges (code_id);
