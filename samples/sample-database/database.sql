-- What stands on the database itself and does not follow a restore by pg_restore alone.
CREATE DATABASE :"database" OWNER invoicing_owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'
    CONNECTION LIMIT 60;
COMMENT ON DATABASE :"database" IS 'Rechnungen – the sample product''s "live" database';

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO invoicing_app, invoicing_reporting;
GRANT TEMPORARY ON DATABASE :"database" TO invoicing_reporting WITH GRANT OPTION;

ALTER DATABASE :"database" SET timezone TO 'Europe/Berlin';
ALTER DATABASE :"database" SET search_path TO sales, billing, tenancy;
ALTER DATABASE :"database" SET app.default_currency TO 'EUR';
ALTER ROLE invoicing_app IN DATABASE :"database" SET statement_timeout TO '30s';
ALTER ROLE invoicing_reporting IN DATABASE :"database" SET work_mem TO '32MB';
ALTER ROLE invoicing_reporting IN DATABASE :"database" SET default_transaction_read_only TO on;
