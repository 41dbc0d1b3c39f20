-- A license may be renewed by several whose device counts add up to its own. Who orders locks the license that is to be
-- renewed, and so knows all of its renewals.
drop index licenses_renewed_once;
create index licenses_renewals on licenses (renews) where renews is not null;
