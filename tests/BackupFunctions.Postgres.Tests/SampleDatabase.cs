namespace BackupFunctions.Postgres.Tests;

/// <summary>One of everything that a dump may meet.</summary>
internal static class SampleDatabase
{
    public const string Sql = """"
        create schema "Sales ""x"""; create schema "Überblick";
        create extension pg_trgm; create extension unaccent;
        create type mood as enum ('sad', 'ok', 'happy');
        create table customers (
            id int generated always as identity primary key, name text not null, mood mood default 'ok', tags text[], doc jsonb,
            born date, seen timestamptz, span interval, price money, weight float8, small float4, raw bytea, big numeric, u uuid,
            double_weight float8 generated always as (weight * 2) stored, gone int);
        alter table customers drop column gone;
        insert into customers (name, tags, doc, born, seen, span, price, weight, small, raw, big, u)
            select 'Name ' || i || E'\t\\ \n é', array['a', null, i::text], jsonb_build_object('n', i), date '2000-01-01' + i,
                   timestamptz '2026-03-29 00:30:00+00' + i * interval '1 hour', i * interval '1 day 3 hours', (i * 1.5)::money, i / 3.0, i / 7.0,
                   decode(repeat('0aff5c', i % 20), 'hex'), i * 1e30, md5(i::text)::uuid
            from generate_series(1, 1500) i;
        insert into customers (name) values (''), (E'\\.');
        create table orders (id bigserial primary key, customer int not null references customers, note text);
        insert into orders (customer, note) select 1 + i % 1500, case when i % 3 = 0 then null else repeat('x', i % 400) end from generate_series(1, 3000) i;
        create table "Sales ""x"""."Täb ""le" (id int primary key, "select" text, "a b" text);
        insert into "Sales ""x"""."Täb ""le" select i, 'q' || i, null from generate_series(1, 10) i;
        create table "Überblick"."new
        line" (a int); insert into "Überblick"."new
        line" values (1), (1);
        create table nocolumns (); insert into nocolumns default values; insert into nocolumns default values;
        create table empty_table (a int);
        create unlogged table volatile_things (a int); insert into volatile_things values (7);
        create table events (at date not null, what text) partition by range (at);
        create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
        create table events_rest partition of events default;
        insert into events select date '2025-06-01' + i, 'e' || i from generate_series(1, 400) i;
        create table parent (a int); create table child (b int) inherits (parent); insert into parent values (1); insert into child values (2, 3);
        create table tenants (tenant text, v int); alter table tenants enable row level security; alter table tenants force row level security;
        create policy own on tenants using (tenant = current_setting('app.tenant_id', true)); insert into tenants values ('a', 1), ('b', 2);
        create view happy as select * from customers where mood = 'happy';
        create materialized view per_month as select date_trunc('month', at::timestamp) m, count(*) n from events group by 1;
        create sequence "Sales ""x"""."odd'seq" increment -3 start -5; select nextval('"Sales ""x"""."odd''seq"');
        create sequence untouched start 42;
        create table config (k text, v int);
        select lo_from_bytea(100001, 'hello'::bytea), lo_from_bytea(100002, ''::bytea), lo_from_bytea(100003, decode(repeat('00ff', 262144), 'hex'));
        create publication everything for all tables;
        create function sql_fn(a int) returns int language sql immutable as 'select a + 1';
        create index on orders (customer, sql_fn(customer));
        """";
}
