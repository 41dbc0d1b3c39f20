-- Partners that account has told of. Those that have a customer/project were known before.
create table partners (
  partner_id uuid primary key,
  name text not null,
  version integer not null
);
insert into partners (partner_id, name, version) select distinct partner_id, '', 0 from customers;

-- Where webhooks go. Without a partner: Customer Success's own, which gets the events of all partners.
create table webhook_endpoints (
  endpoint_id uuid primary key,
  partner_id uuid,
  url text not null,
  description text not null,
  -- None: all types.
  event_types text[] not null,
  notify_email text,
  enabled boolean not null default true,
  disabled_reason text check (disabled_reason in ('owner', 'failing', 'gone')),
  -- Sealed with WEBHOOK_SEAL_KEY. The former one signs, too, until it expires.
  sealed_secret text not null,
  secret_created_at timestamptz not null,
  previous_sealed_secret text,
  previous_secret_expires_at timestamptz,
  -- Since when every attempt has failed, and how many those are.
  failing_since timestamptz,
  failed_attempts integer not null default 0,
  version integer not null default 1,
  created_at timestamptz not null,
  check (enabled = (disabled_reason is null)),
  check ((previous_sealed_secret is null) = (previous_secret_expires_at is null))
);
create index webhook_endpoints_of_partner on webhook_endpoints (partner_id, endpoint_id);

-- What is said, once for all endpoints that are told: the very bytes that are signed. The key refuses to say it twice.
create table webhook_messages (
  message_id uuid primary key,
  type text not null,
  payload text not null,
  dedupe_key text not null unique,
  created_at timestamptz not null
);
create index webhook_messages_by_age on webhook_messages (created_at);

-- A message on its way to an endpoint, and, for 30 days, what came of it.
create table webhook_deliveries (
  endpoint_id uuid not null references webhook_endpoints on delete cascade,
  message_id uuid not null references webhook_messages,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  -- How often it was taken for sending: also tells one lease from the next.
  attempts integer not null default 0,
  -- How many attempts have failed since it was asked for: where it is in the plan of retries.
  failures integer not null default 0,
  -- While it is being sent: when the lease ends.
  next_attempt_at timestamptz not null,
  response_status integer,
  failure text,
  created_at timestamptz not null,
  delivered_at timestamptz,
  primary key (endpoint_id, message_id),
  check ((status = 'delivered') = (delivered_at is not null)),
  check (status <> 'failed' or failure is not null)
);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, next_attempt_at) where status = 'pending';
create index webhook_deliveries_of_message on webhook_deliveries (message_id);
create index webhook_deliveries_by_age on webhook_deliveries (created_at);
