create table sample_things (thing_id uuid primary key);
