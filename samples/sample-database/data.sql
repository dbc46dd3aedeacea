-- Deterministic content: every choice is a hash of the row's number. Runs as a superuser, whom row level security does not bind.
SET timezone TO 'UTC';
SET search_path TO '';
SET synchronous_commit TO off;
\if :{?scale}
\else
\set scale 1
\endif

\set tenants 24
SELECT greatest(1, round(500 * :scale))::int AS customers_each,
       greatest(1, round(125 * :scale))::int AS products_each,
       greatest(24, round(127000 * :scale))::int AS invoices,
       greatest(24, round(150000 * :scale))::int AS events,
       greatest(24, round(2000 * :scale))::int AS papers
\gset

\set first_names '{Ada,Alan,Barbara,Björn,Chloë,Dennis,Edsger,Frances,Grace,Hedy,Ida,Jürgen,Katherine,Łukasz,Margaret,Niklaus,Ólafur,Radia,Sophie,Søren,Tim,Ursula,Vint,Whitfield,Zoë}'
\set last_names '{Allen,Berners-Lee,Cerf,Dijkstra,Goldwasser,Hamilton,Hopper,Johnson,Kowalski,Lamarr,Liskov,Lovelace,Müller,Naur,Ørsted,Perlman,Rhodes,Ritchie,Schäfer,Turing,Wilson,Wirth,Żeleński}'
\set companies '{"Bakery","Bicycle Works","Boatyard","Brewery","Carpentry","Clinic","Consulting","Dairy","Engineering","Film Studio","Foundry","Garage","Hotel","Ironmongery","Joinery","Laboratory","Logistics","Nursery","Optics","Pharmacy","Printing House","Quarry","Roastery","Sawmill","Shipping","Textiles","Vineyard","Workshop"}'
\set forms '{"GmbH","AG","Ltd","SARL","& Sons","e.K.","B.V.","S.p.A.","Oy","ApS"}'
\set streets '{"Bahnhofstraße","Church Lane","Hauptstraße","High Street","Industrieweg","Königsallee","Mill Road","Rue de la Gare","Schlossplatz","Station Road","Via Roma","Østergade"}'
\set cities '{"Aarhus","Berlin","Bordeaux","Bristol","Genève","Graz","Kraków","Köln","Leeds","Lyon","Malmö","München","Porto","Rotterdam","Torino","Zürich"}'
\set countries '{DK,DE,FR,GB,CH,AT,PL,DE,GB,FR,SE,DE,PT,NL,IT,CH}'
\set adjectives '{"Adjustable","Calibrated","Certified","Compact","Corrosion-resistant","Custom-made","Double-walled","Fire-proof","Folding","Galvanised","Heavy-duty","Insulated","Lightweight","Modular","Precision-ground","Recycled","Reinforced","Stainless","Tempered","Waterproof"}'
\set things '{"assembly bench","ball bearing","cable duct","control cabinet","conveyor belt","cooling unit","desk lamp","door hinge","drill bit set","extension lead","filter cartridge","flange gasket","hydraulic hose","label printer","mounting bracket","office chair","packing tape","pressure gauge","pump housing","safety gloves","server rack","shelf divider","spare fuse","storage crate","tool trolley","valve seat"}'
\set purposes '{"for outdoor use","for the assembly line","for the new warehouse","as agreed by telephone","replacement under warranty","including delivery and fitting","spare part, second source","for the maintenance contract","as in last year''s order","sample, not for resale","with certificate of origin","packed on a returnable pallet"}'
\set remarks '{"Please pay within thirty days of the date of this invoice, quoting its number.","Thank you for your order; the goods remain our property until they are paid for in full.","Delivered in two parts because of a delay at customs.","Reverse charge: the recipient owes the value added tax.","The discount for the framework agreement has been taken off already.","Freight and packaging are included in the prices of the lines above.","Questions about this invoice? Our accounts office answers on weekdays from nine to five."}'
\set actions '{"invoice.created","invoice.sent","invoice.paid","invoice.reminded","customer.updated","product.priced","user.signed_in","report.exported"}'
\set agents '{"Mozilla/5.0 (X11; Linux x86_64; rv:128.0)","Mozilla/5.0 (Windows NT 10.0; Win64; x64)","Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5)","invoicing-mobile/4.2 (iOS 18)","invoicing-api/2.1"}'

-- A number below bound that depends on the row and on what it is for (salt) only.
CREATE FUNCTION pg_temp.below(bound int, n bigint, salt int) RETURNS int LANGUAGE sql IMMUTABLE
    AS $$ SELECT ((hashint8extended(n, salt) & 2147483647) % bound)::int $$;
CREATE FUNCTION pg_temp.pick(words text[], n bigint, salt int) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT words[1 + (hashint8extended(n, salt) & 2147483647) % cardinality(words)] $$;
CREATE FUNCTION pg_temp.bytes(blocks int, seed text) RETURNS bytea LANGUAGE sql IMMUTABLE
    AS $$ SELECT string_agg(sha256(convert_to(seed || b, 'UTF8')), ''::bytea ORDER BY b) FROM generate_series(1, blocks) b $$;

INSERT INTO tenancy.tenants (id, slug, name, created_at)
SELECT n, format('tenant-%s', lpad(n::text, 2, '0')),
       concat_ws(' ', pg_temp.pick(:'last_names', n, 1), (:'companies'::text[])[n], pg_temp.pick(:'forms', n, 3)),
       timestamptz '2023-03-26 00:30+00' + n * interval '9 days 7 hours'
FROM generate_series(1, :tenants) n;

INSERT INTO tenancy.users (id, tenant_id, email, display_name, is_admin, last_login_at) OVERRIDING SYSTEM VALUE
SELECT n, 1 + (n - 1) % :tenants, format('user%s@tenant-%s.example', n, lpad((1 + (n - 1) % :tenants)::text, 2, '0')),
       pg_temp.pick(:'first_names', n, 11) || ' ' || pg_temp.pick(:'last_names', n, 12), n <= :tenants,
       CASE WHEN pg_temp.below(5, n, 13) > 0 THEN timestamptz '2025-10-26 00:15+00' - pg_temp.below(8000000, n, 14) * interval '1 second' END
FROM generate_series(1, :tenants * 50) n;

-- Row n of products and customers belongs to tenant 1 + (n - 1) % tenants, so that others can find one of their tenant.
INSERT INTO sales.products (id, tenant_id, sku, description, unit_price) OVERRIDING SYSTEM VALUE
SELECT n, 1 + (n - 1) % :tenants, format('%s-%s', upper(left(md5(n::text), 4)), n),
       pg_temp.pick(:'adjectives', n, 21) || ' ' || pg_temp.pick(:'things', n, 22), (1 + pg_temp.below(250000, n, 23)) / 100.0
FROM generate_series(1, :tenants * :products_each) n;

INSERT INTO sales.customers (id, tenant_id, name, street, city, country, tags, created_at) OVERRIDING SYSTEM VALUE
SELECT n, 1 + (n - 1) % :tenants,
       concat_ws(' ', pg_temp.pick(:'last_names', n, 31), pg_temp.pick(:'companies', n, 32), pg_temp.pick(:'forms', n, 33)),
       pg_temp.pick(:'streets', n, 34) || ' ' || 1 + pg_temp.below(180, n, 35),
       -- One salt for both: a city lies in its country.
       pg_temp.pick(:'cities', n, 36), pg_temp.pick(:'countries', n, 36),
       CASE pg_temp.below(4, n, 37) WHEN 0 THEN '{}' WHEN 1 THEN '{wholesale}' WHEN 2 THEN '{retail,"pays late"}' ELSE '{export,"VAT \"reverse\" charge",NULL}' END::text[],
       timestamptz '2023-04-01 08:00+00' + pg_temp.below(60000000, n, 38) * interval '1 second'
FROM generate_series(1, :tenants * :customers_each) n;

INSERT INTO sales.invoice_lines (invoice_id, position, tenant_id, product_id, description, quantity, unit_price)
SELECT i, p, t, 1 + (t - 1) + :tenants * pg_temp.below(:products_each, i * 8 + p, 42),
       concat_ws(' ', pg_temp.pick(:'adjectives', i * 8 + p, 43), pg_temp.pick(:'things', i * 8 + p, 44), pg_temp.pick(:'purposes', i * 8 + p, 45)),
       (1 + pg_temp.below(40000, i * 8 + p, 46)) / 1000.0, (1 + pg_temp.below(99900, i * 8 + p, 47)) / 100.0
FROM generate_series(1, :invoices) i,
     LATERAL (SELECT 1 + pg_temp.below(:tenants, i, 41) AS t) tenant,
     LATERAL generate_series(1, 1 + pg_temp.below(6, i, 48)) p;

INSERT INTO sales.invoices (id, tenant_id, customer_id, number, status, issued_on, due_on, currency, total, note, updated_at)
    OVERRIDING SYSTEM VALUE
SELECT invoice_id, tenant_id, 1 + (tenant_id - 1) + :tenants * pg_temp.below(:customers_each, invoice_id, 51),
       format('RE-%s', 99999 + invoice_id),
       (CASE WHEN pg_temp.below(10, invoice_id, 56) < 8 THEN 'paid' ELSE pg_temp.pick('{draft,sent,overdue,"written off"}', invoice_id, 52) END)::sales.invoice_status,
       issued_on, issued_on + 30, pg_temp.pick('{EUR,EUR,EUR,CHF,GBP,SEK}', invoice_id, 53), total,
       CASE WHEN pg_temp.below(4, invoice_id, 54) > 0 THEN pg_temp.pick(:'remarks', invoice_id, 55) END,
       issued_on + interval '10 hours' + pg_temp.below(86400, invoice_id, 57) * interval '1 second 7 microseconds'
FROM (SELECT invoice_id, min(tenant_id) AS tenant_id, sum(amount) AS total,
             date '2025-01-01' + (invoice_id * 365 / (:invoices + 1))::int AS issued_on
      FROM sales.invoice_lines GROUP BY invoice_id) lines
ORDER BY invoice_id;

INSERT INTO billing.payments (id, tenant_id, invoice_id, paid_at, amount, reference)
SELECT md5('payment ' || id)::uuid, tenant_id, id, issued_on + pg_temp.below(3000000, id, 61) * interval '1 second', total,
       format('%s / %s', number, pg_temp.pick('{"bank transfer","direct debit","card","cheque"}', id, 62))
FROM sales.invoices WHERE status = 'paid' ORDER BY id;

INSERT INTO audit.events (id, tenant_id, occurred_at, action, payload)
SELECT n, 1 + pg_temp.below(:tenants, n, 71), timestamptz '2025-01-01 00:00+00' + (n * 33000000::bigint / :events) * interval '1 second',
       pg_temp.pick(:'actions', n, 72),
       jsonb_build_object('user', 1 + pg_temp.below(:tenants * 50, n, 73), 'agent', pg_temp.pick(:'agents', n, 74),
                          'address', format('2001:db8::%s', to_hex(pg_temp.below(65535, n, 75))), 'took_ms', pg_temp.below(900, n, 76))
FROM generate_series(1, :events) n;

INSERT INTO "Büro"."Schriftstücke (Ablage)"
SELECT 5000 + 5 * (n - 1), 1 + pg_temp.below(:tenants, n, 81), CASE WHEN n % 7 > 0 THEN pg_temp.below(900000, n, 82) / 100.0 END,
       -- Everything COPY has to escape: tab, line feed, carriage return, backslash, and what looks like NULL and the end mark.
       CASE n % 9 WHEN 0 THEN E'Ångström\tund\n"Zeilenumbruch"\r' WHEN 1 THEN E'C:\\Büro\\neu' WHEN 2 THEN E'\\N' WHEN 3 THEN E'\\.' WHEN 4 THEN ''
                  ELSE pg_temp.pick(:'things', n, 83) || ' – 契約書 № ' || n || ' 🧾' END,
       CASE WHEN n % 11 > 0 THEN timestamptz '2025-03-30 00:59:59.999999+00' + n * interval '37 minutes' END,
       CASE WHEN n % 5 = 0 THEN pg_temp.bytes(8, 'paper ' || n) END
FROM generate_series(1, :papers) n;

-- Fixed object numbers, so that two loads are equal. One is empty, one larger than a page of pg_largeobject many times over.
SELECT lo_from_bytea(910000 + n, CASE n WHEN 1 THEN '' WHEN 2 THEN pg_temp.bytes(8192, 'logo 2') ELSE pg_temp.bytes(512, 'logo ' || n) END)
FROM generate_series(1, 8) n;
INSERT INTO "Büro".logos SELECT n, 910000 + n FROM generate_series(1, 8) n;

-- Sequences stand where the product would have left them.
SELECT setval(pg_get_serial_sequence('tenancy.tenants', 'id'), :tenants),
       setval(pg_get_serial_sequence('tenancy.users', 'id'), :tenants * 50),
       setval(pg_get_serial_sequence('sales.products', 'id'), :tenants * :products_each),
       setval(pg_get_serial_sequence('sales.customers', 'id'), :tenants * :customers_each),
       setval(pg_get_serial_sequence('sales.invoices', 'id'), :invoices),
       setval(pg_get_serial_sequence('"Büro"."Schriftstücke (Ablage)"', 'Nr.'), 5000 + 5 * :papers, false),
       setval('sales.invoice_number', 99999 + :invoices);
