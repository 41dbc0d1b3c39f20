-- Events on their way: one row per event and queue, written in the transaction of the change they tell of.
create table outbox (
  id bigint generated always as identity primary key,
  event_id uuid not null,
  queue text not null,
  envelope jsonb not null,
  created_at timestamptz not null default now(),
  claimed_until timestamptz,
  attempts integer not null default 0,
  published_at timestamptz,
  confirmed_at timestamptz,
  unique (event_id, queue)
);
create index outbox_to_publish on outbox (id) where published_at is null;
create index outbox_to_confirm on outbox (id) where published_at is not null and confirmed_at is null;
create index outbox_done on outbox (confirmed_at) where confirmed_at is not null;

-- Events that have had their effect here.
create table inbox (
  event_id uuid primary key,
  type text not null,
  processed_at timestamptz not null default now()
);
create index inbox_processed_at on inbox using brin (processed_at);

-- Answers of requests that carried an Idempotency-Key. The result is text, not jsonb: it must come back byte for byte.
create table idempotency_keys (
  scope text not null,
  key text not null,
  fingerprint text not null,
  result text,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);
create index idempotency_keys_created_at on idempotency_keys using brin (created_at);

-- Messages that could not be taken. Gone once a retry has had its effect.
create table dead_letters (
  queue text not null,
  event_id text not null,
  type text not null,
  message jsonb not null,
  error text not null,
  attempts integer not null,
  failed_at timestamptz not null default now(),
  primary key (queue, event_id)
);
