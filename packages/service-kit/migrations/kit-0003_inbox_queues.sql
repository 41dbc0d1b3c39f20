-- The queues in which an event has had its effect: one that comes into two queues of a service has one in each. Empty: recorded by a
-- program that knew no queues, so in all of them. Such a program takes an event that has any row for repeated.
alter table inbox add column queues text[] not null default '{}';
