-- Prints every table with its rows and a digest of them, then what else a restore must bring back: kind, name, count, digest.
-- Independent of the product, which computes its digests from the bytes of the dump.
SET timezone TO 'UTC';
SET search_path TO '';
SET datestyle TO 'ISO';
SET extra_float_digits TO 3;
SET bytea_output TO 'hex';

-- Row order does not matter, so that the digest is a sum of row hashes. Leaves of partitioned tables, and materialised views.
SELECT format($$SELECT %L, %L, count(*), coalesce(sum(hashtextextended(r::text, 0)::numeric), 0) FROM %s r$$,
              CASE relkind WHEN 'm' THEN 'materialised view' ELSE 'table' END, oid::regclass, oid::regclass)
FROM pg_class
WHERE relkind IN ('r', 'm') AND relpersistence <> 't' AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
ORDER BY oid::regclass::text
\gexec

SELECT 'large object', m.oid, length(lo_get(m.oid)), md5(lo_get(m.oid)) || ' ' || concat_ws(' ', lomowner::regrole, lomacl)
FROM pg_largeobject_metadata m ORDER BY m.oid;

SELECT format($$SELECT 'sequence', %L, last_value, is_called FROM %s$$, oid::regclass, oid::regclass)
FROM pg_class WHERE relkind = 'S' ORDER BY oid::regclass::text
\gexec

SELECT 'policy', format('%I.%I %I', schemaname, tablename, policyname), 1, qual FROM pg_policies ORDER BY 2;

SELECT 'constraint', format('%s %I', conrelid::regclass, conname), convalidated::int, md5(pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid <> 0 AND connamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema') ORDER BY 2;

SELECT 'index', indexrelid::regclass::text, indisvalid::int, md5(pg_get_indexdef(indexrelid))
FROM pg_index i JOIN pg_class c ON c.oid = indexrelid
WHERE relnamespace::regnamespace::text NOT IN ('pg_catalog', 'pg_toast', 'information_schema') ORDER BY 2;

SELECT 'rights', oid::regclass::text, relrowsecurity::int + relforcerowsecurity::int,
       md5(concat_ws(' ', relowner::regrole, (SELECT string_agg(entry::text, ',' ORDER BY entry::text) FROM unnest(relacl) entry)))
FROM pg_class
WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema') ORDER BY 2;

-- What stands on the database itself.
SELECT 'database', 'owner, limit, locale, comment', datconnlimit,
       concat_ws(' ', datdba::regrole, pg_encoding_to_char(encoding), datcollate, datctype, shobj_description(oid, 'pg_database'))
FROM pg_database WHERE datname = current_database();

SELECT 'database', 'right', 1, entry::text
FROM pg_database, unnest(datacl) entry WHERE datname = current_database() ORDER BY 4;

SELECT 'database', 'setting of ' || coalesce(nullif(setrole, 0)::regrole::text, 'all roles'), cardinality(setconfig),
       (SELECT string_agg(entry, ', ' ORDER BY entry) FROM unnest(setconfig) entry)
FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE datname = current_database() ORDER BY 2;
