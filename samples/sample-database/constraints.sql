-- Keys, indexes, views, row level security and rights, after the data.
SET maintenance_work_mem TO '256MB';
SET client_min_messages TO warning;
SET ROLE invoicing_owner;

ALTER TABLE tenancy.tenants ADD PRIMARY KEY (id), ADD UNIQUE (slug);
ALTER TABLE tenancy.users ADD PRIMARY KEY (id), ADD UNIQUE (email);
ALTER TABLE sales.products ADD PRIMARY KEY (id), ADD UNIQUE (tenant_id, id);
ALTER TABLE sales.customers ADD PRIMARY KEY (id), ADD UNIQUE (tenant_id, id);
ALTER TABLE sales.invoices ADD PRIMARY KEY (id), ADD UNIQUE (tenant_id, id), ADD UNIQUE (number), ADD CHECK (due_on >= issued_on);
ALTER TABLE sales.invoice_lines ADD PRIMARY KEY (invoice_id, position), ADD CHECK (quantity > 0);
ALTER TABLE billing.payments ADD PRIMARY KEY (id);
ALTER TABLE audit.events ADD PRIMARY KEY (id, occurred_at);
ALTER TABLE "Büro"."Schriftstücke (Ablage)" ADD CONSTRAINT "Schlüssel der Ablage" PRIMARY KEY ("Nr.");
ALTER TABLE "Büro".logos ADD PRIMARY KEY (tenant_id);

-- The tenant is part of the key, so that a row cannot point into another tenant.
ALTER TABLE tenancy.users ADD FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants;
ALTER TABLE sales.products ADD FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants;
ALTER TABLE sales.customers ADD FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants;
ALTER TABLE sales.invoices ADD FOREIGN KEY (tenant_id, customer_id) REFERENCES sales.customers (tenant_id, id);
ALTER TABLE sales.invoice_lines ADD FOREIGN KEY (tenant_id, invoice_id) REFERENCES sales.invoices (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE sales.invoice_lines ADD FOREIGN KEY (tenant_id, product_id) REFERENCES sales.products (tenant_id, id);
ALTER TABLE billing.payments ADD FOREIGN KEY (tenant_id, invoice_id) REFERENCES sales.invoices (tenant_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "Büro"."Schriftstücke (Ablage)" ADD FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants;

CREATE INDEX ON sales.invoices (tenant_id, issued_on DESC) INCLUDE (total);
CREATE INDEX open_invoices_by_due_date ON sales.invoices (due_on) WHERE status IN ('sent', 'overdue');
CREATE INDEX ON sales.customers (tenant_id, lower(name));
CREATE INDEX ON billing.payments (tenant_id, invoice_id);
CREATE INDEX ON audit.events (tenant_id, occurred_at);

CREATE FUNCTION sales.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
CREATE TRIGGER touch BEFORE UPDATE ON sales.invoices FOR EACH ROW EXECUTE FUNCTION sales.touch();

CREATE FUNCTION tenancy.current_tenant() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::integer $$;

-- FORCE binds the owner too; without a tenant set, no row is visible.
SELECT format('ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;'
              ' CREATE POLICY tenant_isolation ON %1$s USING (tenant_id = tenancy.current_tenant())', guarded)
FROM unnest(ARRAY['tenancy.users', 'sales.products', 'sales.customers', 'sales.invoices', 'sales.invoice_lines', 'billing.payments',
                  'billing.refunds', 'audit.events', '"Büro"."Schriftstücke (Ablage)"', '"Büro".logos']) AS guarded
\gexec

CREATE VIEW sales.open_invoices AS
    SELECT i.id, i.tenant_id, i.number, c.name AS customer, i.status, i.issued_on, i.due_on, i.currency, i.total
    FROM sales.invoices i JOIN sales.customers c ON c.tenant_id = i.tenant_id AND c.id = i.customer_id
    WHERE i.status IN ('sent', 'overdue');
COMMENT ON VIEW sales.open_invoices IS 'What is still owed, of the tenant in app.tenant_id';

GRANT USAGE ON SCHEMA tenancy, sales, billing, audit, "Büro" TO invoicing_app, invoicing_reporting, invoicing_statistics;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA tenancy, sales, billing, "Büro" TO invoicing_app;
GRANT DELETE ON sales.invoice_lines TO invoicing_app;
GRANT INSERT ON audit.events TO invoicing_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA tenancy, sales, "Büro" TO invoicing_app;
GRANT SELECT (id, tenant_id, number, status, total) ON sales.invoices TO "Wirtschaftsprüfer";
GRANT SELECT ON sales.invoices, sales.invoice_lines TO invoicing_statistics;
ALTER DEFAULT PRIVILEGES IN SCHEMA sales GRANT SELECT ON TABLES TO invoicing_reporting;
RESET ROLE;

-- Owned by a role with BYPASSRLS: a refresh, and so every restore, runs as the view's owner.
CREATE MATERIALIZED VIEW sales.monthly_revenue AS
    SELECT i.tenant_id, date_trunc('month', i.issued_on)::date AS month, i.currency, count(DISTINCT i.id) AS invoices, sum(l.amount) AS revenue
    FROM sales.invoices i JOIN sales.invoice_lines l ON l.invoice_id = i.id
    GROUP BY 1, 2, 3;
CREATE UNIQUE INDEX ON sales.monthly_revenue (tenant_id, month, currency);
GRANT CREATE ON SCHEMA sales TO invoicing_statistics;
ALTER MATERIALIZED VIEW sales.monthly_revenue OWNER TO invoicing_statistics;
REVOKE CREATE ON SCHEMA sales FROM invoicing_statistics;
GRANT SELECT ON sales.monthly_revenue TO invoicing_reporting;

SELECT format('ALTER LARGE OBJECT %1$s OWNER TO invoicing_owner; GRANT SELECT ON LARGE OBJECT %1$s TO invoicing_app', image)
FROM "Büro".logos
\gexec
COMMENT ON LARGE OBJECT 910002 IS 'Logo, "large"';

ANALYZE;
