-- Projection of license's news: the catalogue of SmartServer releases. version is theirs.
create table releases (
  release_id uuid primary key,
  -- The version as numbers, in the order of versions.
  version_key integer[] not null,
  release_class text not null check (release_class in ('major', 'minor', 'update', 'platform')),
  -- Out of the catalogue.
  withdrawn boolean not null,
  version bigint not null
);
create index releases_of_version on releases (version_key) where not withdrawn;
