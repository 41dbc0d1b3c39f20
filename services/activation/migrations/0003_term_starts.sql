-- When the term of a maintenance license starts: a renewal that is activated early starts later than that.
alter table licenses add column starts_at timestamptz;

-- A term that began with the first activation ends so many calendar years after it. One that did not began when the license that
-- it renews expired. 29 February plus a year is 28 February here as there, so that counting back alone could be a day wrong.
update licenses l
set starts_at = case
  when (l.first_activated_at at time zone 'UTC' + make_interval(years => l.term_years)) at time zone 'UTC' = l.expires_at
    then l.first_activated_at
  else coalesce(
    (select r.expires_at from licenses r
      where r.license_id = l.renews
        and (r.expires_at at time zone 'UTC' + make_interval(years => l.term_years)) at time zone 'UTC' = l.expires_at),
    (l.expires_at at time zone 'UTC' - make_interval(years => l.term_years)) at time zone 'UTC')
end
where l.expires_at is not null and l.term_years is not null;
