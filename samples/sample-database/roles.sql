-- Roles belong to the server, so they may be there from an earlier load.
SELECT format('CREATE ROLE %I %s', name, attributes)
FROM (VALUES
    ('invoicing_owner',      'NOLOGIN'),
    ('invoicing_app',        'LOGIN'),
    ('invoicing_reporting',  'LOGIN'),
    -- Owns the materialised view: a refresh runs as its owner and must see every tenant.
    ('invoicing_statistics', 'NOLOGIN BYPASSRLS'),
    -- May log in, but nothing lets it connect to the sample database.
    ('invoicing_former',     'LOGIN'),
    ('Wirtschaftsprüfer',    'NOLOGIN')
) AS wanted (name, attributes)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name)
\gexec

GRANT "Wirtschaftsprüfer" TO invoicing_reporting;

\getenv app_password SAMPLE_APP_PASSWORD
\if :{?app_password}
ALTER ROLE invoicing_app PASSWORD :'app_password';
\endif
\getenv reporting_password SAMPLE_REPORTING_PASSWORD
\if :{?reporting_password}
ALTER ROLE invoicing_reporting PASSWORD :'reporting_password';
ALTER ROLE invoicing_former PASSWORD :'reporting_password';
\endif
