-- One of everything that a database may hold and of what people call things, for servers of version 15 and later. Run by psql as a
-- superuser, after roles.sql: some of it cannot be in a transaction. Each policy has one role: pg_dump lists several by their age.
set client_min_messages = warning;

-- Names: quoted, not ASCII, 63 bytes, line breaks, a dash first, reserved words, what looks like a connection string or a command.
create schema "-- dash; first";
create schema "select";
create schema "Ünïcödé 日本語 🐘";
create schema "host=x dbname=template1";
create schema "postgresql://u:p@h/d?sslmode=disable";
create schema "ends with a backslash\";
create schema "new
line";
create schema "Gééééééééééééééééééééééééééééééé";
create table "new
line"."ta
ble" ("co
lumn" text, "tab	ulator" int, "quo""te'd" text, "%s $1 ${x} :a" text, "user" text, "\.

" text);
insert into "new
line"."ta
ble" select E'a\nb', i, E'\\.', E'\t\\N', null, '' from generate_series(1, 20) i;
create table "select"."table" ("from" int primary key, "where" text collate "C", "order" text default 'it''s \ a "default"');
insert into "select"."table" ("from", "where") select i, repeat('w', i) from generate_series(1, 50) i;
create table "-- dash; first"."-t" ("--" int, "-1" int);
insert into "-- dash; first"."-t" values (1, 2);
create table "Ünïcödé 日本語 🐘"."Größe" ("straße" text, "ключ" int primary key);
insert into "Ünïcödé 日本語 🐘"."Größe" values ('é', 1), (U&'e\0301', 2), ('🐘', 3);
create table "host=x dbname=template1"."postgres://localhost/postgres" (v int);
insert into "host=x dbname=template1"."postgres://localhost/postgres" values (42);
create table "ends with a backslash\"."c:\new\table\" ("\" text);
insert into "ends with a backslash\"."c:\new\table\" values (E'\\'), (E'\\N'), (E'\\\\.');
create table "postgresql://u:p@h/d?sslmode=disable"."; drop table x; --" (v text);
create table "Gééééééééééééééééééééééééééééééé"."6ééééééééééééééééééééééééééééééé" ("cééééééééééééééééééééééééééééééé" int);
insert into "Gééééééééééééééééééééééééééééééé"."6ééééééééééééééééééééééééééééééé" values (63);
create table template1 (v int);
create table "TABLE DATA public template1 postgres" (v int);
create table "3444; 0 0 TABLE DATA x y z" (v int);
insert into template1 values (1);
create table pg_dump (restrict text);
insert into pg_dump values (E'\\unrestrict x'), (E'\\! touch /tmp/evil'), ('SET transaction_timeout = 0;'), (E'\nSET transaction_timeout = 0;\n');
create schema pgdr;
create table pgdr.transaction_timeout (v text default 'SET transaction_timeout = 0;');
comment on table pgdr.transaction_timeout is '
SET transaction_timeout = 0;
SET client_encoding = ''LATIN1'';
';
insert into pgdr.transaction_timeout default values;
create function pgdr.body() returns text language sql as $body$
select '
SET transaction_timeout = 0;
SELECT 1;
';
$body$;

-- Types, domains, collations, multiranges.
create type mood as enum ('sad', 'o''k', 'très heureux');
create type "Pair" as ("left" int, "right" text);
create type span as range (subtype = float8, subtype_diff = float8mi);
create domain positive as int check (value > 0) not null;
create domain "Postal code" as text collate "C" default '00000' constraint "five digits" check (value ~ '^[0-9]{5}$');
alter domain positive add constraint "below a billion" check (value < 1000000000) not valid;
create collation "Numeric order" (provider = icu, locale = 'en-u-kn-true');
create collation insensitive (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
create table types (
  id uuid primary key default gen_random_uuid(), mood mood[], pair "Pair", ranges int4multirange, dates datemultirange, spans span,
  multi span_multirange, code "Postal code", amount positive, name text collate insensitive unique, version text collate "Numeric order",
  body xml, doc jsonb, path jsonpath, search tsvector, query tsquery, address inet, network cidr, mac macaddr8, bits bit varying(9),
  point point, poly polygon, money money, bytes bytea, real_ float4, double_ float8, big numeric, lsn pg_lsn, snap pg_snapshot,
  oids oid, class regclass, "time" timetz, "interval" interval, stamp timestamptz, c "char", n name, nested int[][]);
insert into types (id, mood, pair, ranges, dates, spans, multi, code, amount, name, version, body, doc, path, search, query, address, network, mac,
    bits, point, poly, money, bytes, real_, double_, big, lsn, snap, oids, class, "time", "interval", stamp, c, n, nested)
  select md5(i::text)::uuid, array['sad', 'o''k']::mood[], row(i, E'a,"b\\')::"Pair", int4multirange(int4range(1, i + 1), int4range(i + 10, null)),
    '{[2025-01-01,2025-02-01),[2026-01-01,)}', span(i, i + 0.5), span_multirange(span(0, 1), span(2, 3)), lpad(i::text, 5, '0'), i, 'Name' || i,
    'v' || i, '<a>é</a>', jsonb_build_object('k', i, 'n', null), '$.a[*] ? (@ > 1)', to_tsvector('simple', 'fat cat' || i), 'fat & cat',
    '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03:04:05', B'101', point(i, 1.1), '((0,0),(1,1),(1,0))', i * 1.5, decode('00ff0a5c', 'hex'),
    i / 3.0, case when i % 2 = 0 then 'NaN' else '-Infinity' end::float8, 1e100 / i, '0/16B3748', '10:20:10,14', i, 'pg_class', '10:00:00+02',
    'P1Y2M3DT4H5M6.789S', timestamptz '2026-03-29 01:30:00 Europe/Berlin' + i * interval '1 day', 'x', 'n', '{{1,2},{3,null}}'
  from generate_series(1, 100) i;

-- Sequences, identity, generated columns.
create sequence "odd'seq" as smallint increment -3 start -5 minvalue -3000 cycle; select nextval('"odd''seq"');
create sequence untouched start 42 cache 10;
create sequence used; select setval('used', 9007199254740993, false);
create unlogged sequence volatile;
create table numbers (
  always int generated always as identity (start 100 increment 5), by_default bigint generated by default as identity, plain serial,
  twice int generated always as (plain * 2) stored, label text generated always as ('n' || plain) stored);
insert into numbers (by_default) select i from generate_series(1, 30) i;
alter sequence numbers_plain_seq owned by none;

-- Inheritance, partitions of every kind and of partitions, a default one, one with other columns, indexes of some of them only.
create table parent (id int not null, what text default 'p', constraint "not ''none''" check (what <> 'none'));
create table child (extra text) inherits (parent);
create table grandchild (check (id > 0), what text default 'g') inherits (child);
create table alone (check (id < 100) no inherit) inherits (parent);
insert into parent values (1); insert into child values (2, 'c', 'x'); insert into grandchild (id) values (3); insert into alone values (4);
create table events (at date not null, region text not null, what text, id bigint generated by default as identity, primary key (at, region, id))
  partition by range (at);
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01') partition by list (region);
create table "events 2025 eu" partition of events_2025 for values in ('eu', 'E''U');
create table events_2025_rest partition of events_2025 default partition by hash (id);
create table events_2025_rest_0 partition of events_2025_rest for values with (modulus 2, remainder 0);
create table events_2025_rest_1 (what text, gone int, region text not null, id bigint not null, at date not null);
alter table events_2025_rest_1 drop column gone;
alter table events_2025_rest attach partition events_2025_rest_1 for values with (modulus 2, remainder 1);
create table events_rest partition of events default;
insert into events select date '2024-12-01' + i * 5, (array['eu', 'us', 'E''U'])[1 + i % 3], 'e' || i from generate_series(1, 200) i;
create index on events (what);
create index events_id_only on only events (id);
create statistics events_dependencies (dependencies, ndistinct) on at, region from events;
create table detached_later partition of events for values from ('2030-01-01') to ('2031-01-01');
alter table events detach partition detached_later;

-- Constraints: exclusion, deferred, circular and self references, not valid; indexes: expression, partial, covering, broken.
create extension btree_gist;
create schema extensions; create extension hstore schema extensions; create extension pg_trgm schema extensions;
create table rooms (room int, during tstzrange, kind text, constraint "one at a time" exclude using gist (room with =, during with &&) where (kind <> 'x')
  deferrable initially deferred);
insert into rooms select i, tstzrange('2025-01-01', '2025-01-02'), 'a' from generate_series(1, 10) i;
create table chicken (id int primary key, egg int not null, friend int references chicken on delete set null);
create table egg (id int primary key, chicken int not null);
alter table chicken add constraint "from an egg" foreign key (egg) references egg deferrable initially deferred;
alter table egg add constraint "from a chicken" foreign key (chicken) references chicken deferrable initially immediate;
begin; set constraints all deferred;
insert into chicken select i, i, nullif(i % 5, 0) from generate_series(1, 20) i; insert into egg select i, 21 - i from generate_series(1, 20) i;
commit;
create table tree (id int primary key, parent int references tree on delete cascade on update set default);
insert into tree select i, nullif(i / 2, 0) from generate_series(1, 63) i;
create table broken (id int, v int, tag text);
insert into broken select i % 10, -i, 'T' || i from generate_series(1, 40) i;
alter table broken add constraint positive_v check (v > 0) not valid;
alter table broken add constraint to_nowhere foreign key (v) references tree not valid;
\set ON_ERROR_STOP off
\o /dev/null
create unique index concurrently "invalid index" on broken (id);
\o
\set ON_ERROR_STOP on
create unique index partial on broken (v) include (tag) where id > 0;
create unique index nulls_equal on broken (v, tag) nulls not distinct;
create index expression on broken (lower(tag) text_pattern_ops desc nulls last, (v + 1));
create index trigrams on broken using gin (tag extensions.gin_trgm_ops) with (fastupdate = off);
create index on broken using brin (v) with (pages_per_range = 8);
alter table broken replica identity full;
alter index expression alter column 2 set statistics 500;

-- What belongs to tables: storage, options, rules, triggers, policies, columns dropped, comments, grants.
create table stored (a text, b text compression pglz, c int, d int) with (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
alter table stored alter column a set storage external; alter table stored alter column c set statistics 123; alter table stored alter column d set (n_distinct = -0.5); alter table stored drop column d;
alter table stored alter c set not null;
insert into stored select repeat(md5(i::text), 200), repeat('b', 5000), i from generate_series(1, 20) i;
create unlogged table volatile_things (a int); insert into volatile_things values (7);
create table no_columns (); insert into no_columns default values; insert into no_columns default values;
create table empty_table (a int);
create function touch() returns trigger language plpgsql as $f$ begin new.c := new.c; return new; end $f$;
create trigger "A trigger" before update of c on stored for each row when (old.c is distinct from new.c) execute function touch();
create trigger disabled before insert on stored for each row execute function touch(); alter table stored disable trigger disabled;
create trigger always after insert on stored for each row execute function touch(); alter table stored enable always trigger always;
create constraint trigger checked after insert on stored deferrable initially deferred for each row execute function touch();
create rule "no deletes" as on delete to empty_table do instead nothing;
create table tenants (tenant text, v int); insert into tenants select t, i from unnest(array['a', 'b', E'c\n']) t, generate_series(1, 10) i;
alter table tenants enable row level security; alter table tenants force row level security;
create policy "own rows" on tenants as restrictive for select to everything_reader using (tenant = current_setting('app.tenant_id', true));
create policy everything on tenants to public using (true) with check (v > 0);
grant select, insert (v), update (tenant) on tenants to everything_reader with grant option;
grant all on tenants to "Rolle ""mit"" Anführung"; grant usage on schema "select" to "-- dash role", "back\slash";
grant select on all tables in schema "select" to "user=x host=y"; revoke all on empty_table from postgres;
grant usage, update on sequence untouched to everything_reader; grant execute on function touch() to everything_reader;
alter default privileges in schema "select" grant select on tables to everything_reader;
alter default privileges for role everything_owner revoke execute on functions from public;
alter table tree owner to everything_owner; alter schema "select" owner to "select"; alter type mood owner to everything_owner;
comment on table tree is 'it''s a "comment" \ with
a line -- and a dash; 日本語'; comment on column tree.parent is ''; comment on column tree.id is 'c'; comment on schema "select" is 's';
comment on constraint "from an egg" on chicken is 'first'; comment on index partial is 'i'; comment on trigger "A trigger" on stored is 't';
comment on policy "own rows" on tenants is 'p'; comment on rule "no deletes" on empty_table is 'r'; comment on type "Pair" is 'y';

-- Views, materialised ones with and without data, functions, procedures, aggregates, operators, casts, text search.
create view "select"."view" with (security_barrier, security_invoker, check_option = local) as select * from "select"."table" where "from" > 0;
create recursive view ancestors (id, depth) as select id, 0 from tree where parent is null union all select t.id, depth + 1 from tree t join ancestors a on t.parent = a.id;
create materialized view per_region as select region, count(*) n, max(at) from events group by 1; create unique index on per_region (region);
create materialized view of_the_view as select n * 2 from per_region; create materialized view unfilled as select 1 a with no data;
create view loop_a as select 1 as x; create view loop_b as select x from loop_a; create or replace view loop_a as select x from (select 1 as x) q;
create function "odd""fn"(a int default 1, variadic rest text[] default '{}') returns table (x int, "y z" text) language sql stable parallel safe
  set search_path = pg_catalog, "select" as $$ select a, unnest(rest) $$;
create function atomic(a int) returns int language sql immutable begin atomic select a + 1; end;
create procedure work(inout a int) language plpgsql security definer as $p$ begin a := a + 1; commit; end $p$;
create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0', parallel = safe, combinefunc = int4pl);
create function near(int, int) returns bool language sql immutable as 'select abs($1 - $2) < 2';
create operator ~~~ (leftarg = int, rightarg = int, function = near, commutator = ~~~);
create function to_pair(int) returns "Pair" language sql immutable as $$ select row($1, 'x')::"Pair" $$; create cast (int as "Pair") with function to_pair(int);
create operator family "Family" using btree; create operator class by_distance for type int using btree family "Family" as operator 1 <, function 1 btint4cmp(int, int);
create text search dictionary "Wörter" (template = simple, stopwords = english); create text search configuration "Suche" (copy = german);
alter text search configuration "Suche" alter mapping for word with "Wörter", german_stem;
create conversion "mine" for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create function transform_probe() returns int language plpgsql as $t$ begin return 1; end $t$;
create access method heap2 type table handler heap_tableam_handler; create table with_method (a int) using heap2; insert into with_method values (1);
create function call_handler() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create trusted language "Sprache" handler call_handler; create function in_it() returns int language "Sprache" as $t$ begin return 2; end $t$;
create index on events_rest (atomic(length(what)));

-- Foreign tables, event triggers, publications, subscriptions, large objects.
create extension postgres_fdw; create server "far away" foreign data wrapper postgres_fdw options (host 'nowhere.invalid', dbname 'it''s');
create user mapping for everything_reader server "far away" options (user 'u', password 'p''w');
create foreign table "far table" (a int options (column_name 'A a'), b text not null) server "far away" options (table_name 'x', schema_name 'select');
create foreign data wrapper "no handler"; create server typed type 'T' version '1''0' foreign data wrapper "no handler";
create function refuse() returns event_trigger language plpgsql as $e$ begin if tg_tag = 'CREATE TABLE' and current_setting('app.refuse', true) = 'on' then raise 'no'; end if; end $e$;
create event trigger "no ""ddl""" on ddl_command_start when tag in ('CREATE TABLE', 'DROP TABLE') execute function refuse();
create event trigger sleeping on sql_drop execute function refuse(); alter event trigger sleeping disable; comment on event trigger sleeping is 'z';
create publication "all ""of"" it" for all tables with (publish = 'insert'); create publication "some" for table tree, tenants (tenant, v) where (v > 5); create publication "schema" for tables in schema "select";
create publication none_yet with (publish_via_partition_root = true); comment on publication "some" is 'p';
create subscription "Abo ""1""" connection 'host=nowhere.invalid dbname=x password=sub-canary' publication p, "q ""r""" with (connect = false, slot_name = none);
select lo_from_bytea(100001, 'hello'), lo_from_bytea(100002, ''), lo_from_bytea(100003, decode(repeat('00ff', 300000), 'hex')), lo_from_bytea(4294967290, 'far');
grant select on large object 100001 to everything_reader; alter large object 100002 owner to everything_owner; comment on large object 100003 is 'big''un';
create table attachments (id int primary key, content oid); insert into attachments values (1, 100001), (2, 100003);
