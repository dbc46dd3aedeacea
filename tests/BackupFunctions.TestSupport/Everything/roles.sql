-- Roles of the whole server that everything.sql refers to; safe to run again.
select format('create role %I', name) from unnest(array[
  'select', 'Rolle "mit" Anführung', '-- dash role', E'back\\slash', 'everything_owner', 'everything_reader', 'user=x host=y']) name
where not exists (select from pg_roles where rolname = name) \gexec
