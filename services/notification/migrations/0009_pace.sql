-- How fast all processes together may send: a token bucket for each name. The row is held while deliveries are taken.
create table pace (
  name text primary key,
  tokens double precision not null,
  updated_at timestamptz not null
);
insert into pace (name, tokens, updated_at) values ('e-mails', 0, 'epoch');
