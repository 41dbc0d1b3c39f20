-- The catalogue of SmartServer releases.
create table releases (
  -- UUIDv7
  release_id uuid primary key,
  -- As the vendor writes it, and as numbers: the same for every way to write one version, and in the order of versions.
  version text not null,
  version_key integer[] not null,
  release_class text not null check (release_class in ('major', 'minor', 'update', 'platform')),
  released_at timestamptz not null,
  revision bigint not null default 1,
  -- Out of the catalogue. Kept, because the news of it needs a revision that is higher than any before.
  withdrawn_at timestamptz
);
create unique index releases_version on releases (version_key) where withdrawn_at is null;
