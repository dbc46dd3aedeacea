--
-- PostgreSQL database dump
--


-- Dumped from database version 15.20 (Debian 15.20-0+deb12u1)
-- Dumped by pg_dump version 15.20 (Debian 15.20-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: durable; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA durable;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: history; Type: TABLE; Schema: durable; Owner: -
--

CREATE TABLE durable.history (
    hub text NOT NULL,
    instance_id text NOT NULL,
    sequence_number integer NOT NULL,
    event_type text NOT NULL,
    event text NOT NULL
);


--
-- Name: instances; Type: TABLE; Schema: durable; Owner: -
--

CREATE TABLE durable.instances (
    hub text NOT NULL,
    instance_id text NOT NULL,
    execution_id text NOT NULL,
    name text NOT NULL,
    version text,
    status text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_updated_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    input text,
    output text,
    custom_status text,
    failure text,
    tags text,
    parent_instance_id text,
    parent text,
    locked_by integer,
    lock_expires_at timestamp with time zone,
    turn bigint DEFAULT 0 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02');


--
-- Name: new_events; Type: TABLE; Schema: durable; Owner: -
--

CREATE TABLE durable.new_events (
    sequence_number bigint NOT NULL,
    hub text NOT NULL,
    instance_id text NOT NULL,
    execution_id text,
    visible_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    is_first boolean DEFAULT false NOT NULL,
    is_held boolean DEFAULT false NOT NULL,
    event_type text NOT NULL,
    event text NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.02');


--
-- Name: new_events_sequence_number_seq; Type: SEQUENCE; Schema: durable; Owner: -
--

ALTER TABLE durable.new_events ALTER COLUMN sequence_number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME durable.new_events_sequence_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: new_tasks; Type: TABLE; Schema: durable; Owner: -
--

CREATE TABLE durable.new_tasks (
    sequence_number bigint NOT NULL,
    hub text NOT NULL,
    instance_id text NOT NULL,
    execution_id text NOT NULL,
    task_id integer NOT NULL,
    name text NOT NULL,
    version text,
    input text,
    tags text,
    locked_by integer,
    lock_expires_at timestamp with time zone,
    dequeue_count integer DEFAULT 0 NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.02');


--
-- Name: new_tasks_sequence_number_seq; Type: SEQUENCE; Schema: durable; Owner: -
--

ALTER TABLE durable.new_tasks ALTER COLUMN sequence_number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME durable.new_tasks_sequence_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: owners; Type: TABLE; Schema: durable; Owner: -
--

CREATE TABLE durable.owners (
    owner_id integer NOT NULL,
    machine text NOT NULL,
    process_id integer NOT NULL,
    process_started_at timestamp with time zone NOT NULL
);


--
-- Name: owners_owner_id_seq; Type: SEQUENCE; Schema: durable; Owner: -
--

ALTER TABLE durable.owners ALTER COLUMN owner_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME durable.owners_owner_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: versions; Type: TABLE; Schema: durable; Owner: -
--

CREATE TABLE durable.versions (
    version integer NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Data for Name: history; Type: TABLE DATA; Schema: durable; Owner: -
--

COPY durable.history (hub, instance_id, sequence_number, event_type, event) FROM stdin;
BackupFunctions	event	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:00:59.9176035Z"}
BackupFunctions	event	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"WaitsForEvent","EventId":-1,"Timestamp":"2026-11-21T18:00:59.2137003Z"}
BackupFunctions	event	2	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:00:59.9176035Z"}
BackupFunctions	signaled	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0235963Z"}
BackupFunctions	signaled	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"WaitsForEvent","EventId":-1,"Timestamp":"2026-11-21T18:00:59.849405Z"}
BackupFunctions	signaled	2	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0235963Z"}
BackupFunctions	terminated	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0405641Z"}
BackupFunctions	terminated	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"WaitsForEvent","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0184418Z"}
BackupFunctions	terminated	2	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0405641Z"}
BackupFunctions	suspended	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0436474Z"}
BackupFunctions	suspended	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"WaitsForEvent","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0122671Z"}
BackupFunctions	suspended	2	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0436474Z"}
BackupFunctions	timer	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0490237Z"}
BackupFunctions	timer	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"WaitsForTimer","EventId":-1,"Timestamp":"2026-11-21T18:01:00.019909Z"}
BackupFunctions	timer	2	TimerCreated	{"type":"TimerCreated","FireAt":"2026-11-23T18:01:00.0490237Z","EventId":0,"Timestamp":"2026-11-21T18:01:00.0490237Z"}
BackupFunctions	timer	3	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0490237Z"}
BackupFunctions	activity	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0845614Z"}
BackupFunctions	activity	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"CallsActivity","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0213434Z"}
BackupFunctions	activity	2	TaskScheduled	{"type":"TaskScheduled","Name":"Work","Version":"","EventId":0,"Timestamp":"2026-11-21T18:01:00.0845614Z"}
BackupFunctions	activity	3	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0845614Z"}
BackupFunctions	parent	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0746332Z"}
BackupFunctions	parent	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"CallsChild","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0451015Z"}
BackupFunctions	parent	2	SubOrchestrationInstanceCreated	{"type":"SubOrchestrationInstanceCreated","Name":"WaitsForEvent","InstanceId":"child","EventId":0,"Timestamp":"2026-11-21T18:01:00.0746332Z"}
BackupFunctions	parent	3	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0746332Z"}
BackupFunctions	child	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.1337708Z"}
BackupFunctions	child	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"WaitsForEvent","Parent":{"Name":"CallsChild","InstanceId":"parent","ExecutionId":"12e0ac257b664e2fa4d9a5e80d49e6e2","TaskId":0},"EventId":-1,"Timestamp":"2026-11-21T18:01:00.0746332Z"}
BackupFunctions	child	2	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.1337708Z"}
BackupFunctions	retries	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.1444376Z"}
BackupFunctions	retries	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"Retries","EventId":-1,"Timestamp":"2026-11-21T18:01:00.0920805Z"}
BackupFunctions	retries	2	TaskScheduled	{"type":"TaskScheduled","Name":"Fails","Version":"","EventId":0,"Timestamp":"2026-11-21T18:01:00.1444376Z"}
BackupFunctions	retries	3	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.1444376Z"}
BackupFunctions	finished	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.1533871Z"}
BackupFunctions	finished	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"Finishes","EventId":-1,"Timestamp":"2026-11-21T18:01:00.1086747Z"}
BackupFunctions	finished	2	ExecutionCompleted	{"type":"ExecutionCompleted","Status":"Completed","Result":"\\u0022done\\u0022","EventId":0,"Timestamp":"2026-11-21T18:01:00.1533871Z"}
BackupFunctions	finished	3	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.1533871Z"}
BackupFunctions	failed	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.1943297Z"}
BackupFunctions	failed	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"Throws","EventId":-1,"Timestamp":"2026-11-21T18:01:00.1334213Z"}
BackupFunctions	failed	2	ExecutionCompleted	{"type":"ExecutionCompleted","Status":"Failed","Failure":{"ErrorType":"System.InvalidOperationException","ErrorMessage":"It was meant to fail.","StackTrace":"   at BackupFunctions.EmbeddedHost.Tests.State.OldState.\\u003C\\u003Ec.\\u003CAddWorkflows\\u003Eb__2_8(TaskOrchestrationContext _) in tests/BackupFunctions.EmbeddedHost.Tests/State/OldState.cs:line 47\\n   at BackupFunctions.EmbeddedHost.Tests.Support.Engine.\\u003C\\u003Ec__DisplayClass10_0\\u00601.\\u003C\\u003COrchestrator\\u003Eb__0\\u003Ed.MoveNext() in tests/BackupFunctions.EmbeddedHost.Tests/Support/Engine.cs:line 37\\n--- End of stack trace from previous location ---\\n   at BackupFunctions.EmbeddedHost.Durable.Replay.OrchestrationReplay.Ended(Task\\u00601 run) in src/BackupFunctions.EmbeddedHost/Durable/Replay/OrchestrationReplay.cs:line 152","IsNonRetriable":false},"EventId":0,"Timestamp":"2026-11-21T18:01:00.1943297Z"}
BackupFunctions	failed	3	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.1943297Z"}
BackupFunctions	renewed	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.2023155Z"}
BackupFunctions	renewed	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"Renews","Input":"2","EventId":-1,"Timestamp":"2026-11-21T18:01:00.1691484Z"}
BackupFunctions	renewed	2	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.2023155Z"}
BackupFunctions	retries	4	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.2329077Z"}
BackupFunctions	retries	5	TaskFailed	{"type":"TaskFailed","ScheduledId":0,"Failure":{"ErrorType":"System.InvalidOperationException","ErrorMessage":"The first attempt fails.","StackTrace":"   at BackupFunctions.EmbeddedHost.Tests.State.OldState.\\u003C\\u003Ec__DisplayClass2_0.\\u003CAddWorkflows\\u003Eb__10(String _, CancellationToken _) in tests/BackupFunctions.EmbeddedHost.Tests/State/OldState.cs:line 49\\n   at BackupFunctions.EmbeddedHost.Tests.Support.Engine.\\u003C\\u003Ec__DisplayClass11_0.\\u003CActivity\\u003Eb__0(ActivityCall call, CancellationToken cancellation) in tests/BackupFunctions.EmbeddedHost.Tests/Support/Engine.cs:line 43\\n   at BackupFunctions.EmbeddedHost.Durable.Dispatch.ActivityDispatcher.AnswerAsync(ActivityWorkItem item, CancellationToken cancellation) in src/BackupFunctions.EmbeddedHost/Durable/Dispatch/ActivityDispatcher.cs:line 117","IsNonRetriable":false},"EventId":-1,"Timestamp":"2026-11-21T18:01:00.1597336Z"}
BackupFunctions	retries	6	TimerCreated	{"type":"TimerCreated","FireAt":"2026-11-21T19:01:00.2329077Z","EventId":1,"Timestamp":"2026-11-21T18:01:00.2329077Z"}
BackupFunctions	retries	7	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.2329077Z"}
BackupFunctions	suspended	3	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.2642164Z"}
BackupFunctions	suspended	4	ExecutionSuspended	{"type":"ExecutionSuspended","Reason":"for a while","EventId":-1,"Timestamp":"2026-11-21T18:01:00.245031Z"}
BackupFunctions	suspended	5	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.2642164Z"}
BackupFunctions	terminated	3	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.3053615Z"}
BackupFunctions	terminated	4	ExecutionTerminated	{"type":"ExecutionTerminated","Output":"\\u0022by hand\\u0022","Recursive":false,"EventId":-1,"Timestamp":"2026-11-21T18:01:00.2970452Z"}
BackupFunctions	terminated	5	ExecutionCompleted	{"type":"ExecutionCompleted","Status":"Terminated","Result":"\\u0022by hand\\u0022","EventId":-1,"Timestamp":"2026-11-21T18:01:00.3053615Z"}
BackupFunctions	terminated	6	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T18:01:00.3053615Z"}
\.


--
-- Data for Name: instances; Type: TABLE DATA; Schema: durable; Owner: -
--

COPY durable.instances (hub, instance_id, execution_id, name, version, status, created_at, last_updated_at, completed_at, input, output, custom_status, failure, tags, parent_instance_id, parent, locked_by, lock_expires_at, turn, attempts) FROM stdin;
BackupFunctions	event	b50afa29d3ff482dbddcd4c0d6c357d0	WaitsForEvent	\N	Running	2026-11-21 18:00:59.2137+00	2026-11-21 18:00:59.917603+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	1	0
BackupFunctions	signaled	a310f1aeb40a48af9f937a0e756be2ad	WaitsForEvent	\N	Running	2026-11-21 18:00:59.849405+00	2026-11-21 18:01:00.023596+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	1	0
BackupFunctions	timer	ed3fd3049c47490a8680cb4d6c34941b	WaitsForTimer	\N	Running	2026-11-21 18:01:00.019909+00	2026-11-21 18:01:00.049023+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	1	0
BackupFunctions	parent	12e0ac257b664e2fa4d9a5e80d49e6e2	CallsChild	\N	Running	2026-11-21 18:01:00.045101+00	2026-11-21 18:01:00.074633+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	1	0
BackupFunctions	activity	c0666cff205e4f798e85f1e2da666a84	CallsActivity	\N	Running	2026-11-21 18:01:00.021343+00	2026-11-21 18:01:00.084561+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	1	0
BackupFunctions	finished	f331163f626b41e287637e0e20062541	Finishes	\N	Completed	2026-11-21 18:01:00.108674+00	2026-11-21 18:01:00.153387+00	2026-11-21 18:01:00.153387+00	\N	"done"	\N	\N	\N	\N	\N	\N	\N	1	0
BackupFunctions	child	afda3907643b4b5a8c26c1ba986f0672	WaitsForEvent	\N	Running	2026-11-21 18:01:00.074633+00	2026-11-21 18:01:00.13377+00	\N	\N	\N	\N	\N	\N	parent	{"Name":"CallsChild","InstanceId":"parent","ExecutionId":"12e0ac257b664e2fa4d9a5e80d49e6e2","TaskId":0}	\N	\N	1	0
BackupFunctions	terminated	45d1386513e34ecfa061a6be8bf05659	WaitsForEvent	\N	Terminated	2026-11-21 18:01:00.018441+00	2026-11-21 18:01:00.305361+00	2026-11-21 18:01:00.305361+00	\N	"by hand"	\N	\N	\N	\N	\N	\N	\N	2	0
BackupFunctions	planned	47849460bf97428192090a5686fb5670	Finishes	\N	Pending	2026-11-21 18:01:00.174793+00	2026-11-21 18:01:00.174793+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	0	0
BackupFunctions	renewed	9c903bd47454414882ddd3763031998f	Renews	\N	Running	2026-11-21 18:01:00.07199+00	2026-11-21 18:01:00.202315+00	\N	2	\N	\N	\N	\N	\N	\N	\N	\N	3	0
BackupFunctions	failed	b477951115bf4587bf38313d233a81c8	Throws	\N	Failed	2026-11-21 18:01:00.133421+00	2026-11-21 18:01:00.194329+00	2026-11-21 18:01:00.194329+00	\N	\N	\N	{"ErrorType":"System.InvalidOperationException","ErrorMessage":"It was meant to fail.","StackTrace":"   at BackupFunctions.EmbeddedHost.Tests.State.OldState.\\u003C\\u003Ec.\\u003CAddWorkflows\\u003Eb__2_8(TaskOrchestrationContext _) in tests/BackupFunctions.EmbeddedHost.Tests/State/OldState.cs:line 47\\n   at BackupFunctions.EmbeddedHost.Tests.Support.Engine.\\u003C\\u003Ec__DisplayClass10_0\\u00601.\\u003C\\u003COrchestrator\\u003Eb__0\\u003Ed.MoveNext() in tests/BackupFunctions.EmbeddedHost.Tests/Support/Engine.cs:line 37\\n--- End of stack trace from previous location ---\\n   at BackupFunctions.EmbeddedHost.Durable.Replay.OrchestrationReplay.Ended(Task\\u00601 run) in src/BackupFunctions.EmbeddedHost/Durable/Replay/OrchestrationReplay.cs:line 152","IsNonRetriable":false}	\N	\N	\N	\N	\N	1	0
BackupFunctions	retries	2b0dcf31a3704c0295765a779ca121d8	Retries	\N	Running	2026-11-21 18:01:00.09208+00	2026-11-21 18:01:00.232907+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	2	0
BackupFunctions	suspended	a6232f22afe74147927d08130af2b78b	WaitsForEvent	\N	Suspended	2026-11-21 18:01:00.012267+00	2026-11-21 18:01:00.264216+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	3	0
\.


--
-- Data for Name: new_events; Type: TABLE DATA; Schema: durable; Owner: -
--

COPY durable.new_events (sequence_number, hub, instance_id, execution_id, visible_at, is_first, is_held, event_type, event) FROM stdin;
9	BackupFunctions	timer	ed3fd3049c47490a8680cb4d6c34941b	2026-11-23 18:01:00.049023+00	f	f	TimerFired	{"type":"TimerFired","TimerId":0,"FireAt":"2026-11-23T18:01:00.0490237Z","EventId":-1,"Timestamp":"2026-11-23T18:01:00.0490237Z"}
16	BackupFunctions	planned	47849460bf97428192090a5686fb5670	2026-11-24 18:01:00.17374+00	t	f	ExecutionStarted	{"type":"ExecutionStarted","Name":"Finishes","EventId":-1,"Timestamp":"2026-11-21T18:01:00.1747938Z"}
19	BackupFunctions	retries	2b0dcf31a3704c0295765a779ca121d8	2026-11-21 19:01:00.232907+00	f	f	TimerFired	{"type":"TimerFired","TimerId":1,"FireAt":"2026-11-21T19:01:00.2329077Z","EventId":-1,"Timestamp":"2026-11-21T19:01:00.2329077Z"}
20	BackupFunctions	suspended	\N	-infinity	f	t	EventRaised	{"type":"EventRaised","Name":"go","Input":"\\u0022done\\u0022","EventId":-1,"Timestamp":"2026-11-21T18:01:00.2950308Z"}
22	BackupFunctions	signaled	\N	-infinity	f	f	EventRaised	{"type":"EventRaised","Name":"go","Input":"\\u0022done\\u0022","EventId":-1,"Timestamp":"2026-11-21T18:01:10.378742Z"}
\.


--
-- Data for Name: new_tasks; Type: TABLE DATA; Schema: durable; Owner: -
--

COPY durable.new_tasks (sequence_number, hub, instance_id, execution_id, task_id, name, version, input, tags, locked_by, lock_expires_at, dequeue_count) FROM stdin;
1	BackupFunctions	activity	c0666cff205e4f798e85f1e2da666a84	0	Work		\N	\N	\N	\N	0
\.


--
-- Data for Name: owners; Type: TABLE DATA; Schema: durable; Owner: -
--

COPY durable.owners (owner_id, machine, process_id, process_started_at) FROM stdin;
\.


--
-- Data for Name: versions; Type: TABLE DATA; Schema: durable; Owner: -
--

COPY durable.versions (version, applied_at) FROM stdin;
1	2026-11-21 18:00:58.95415+00
\.


--
-- Name: new_events_sequence_number_seq; Type: SEQUENCE SET; Schema: durable; Owner: -
--

SELECT pg_catalog.setval('durable.new_events_sequence_number_seq', 22, true);


--
-- Name: new_tasks_sequence_number_seq; Type: SEQUENCE SET; Schema: durable; Owner: -
--

SELECT pg_catalog.setval('durable.new_tasks_sequence_number_seq', 2, true);


--
-- Name: owners_owner_id_seq; Type: SEQUENCE SET; Schema: durable; Owner: -
--

SELECT pg_catalog.setval('durable.owners_owner_id_seq', 1, true);


--
-- Name: history history_pkey; Type: CONSTRAINT; Schema: durable; Owner: -
--

ALTER TABLE ONLY durable.history
    ADD CONSTRAINT history_pkey PRIMARY KEY (hub, instance_id, sequence_number);


--
-- Name: instances instances_pkey; Type: CONSTRAINT; Schema: durable; Owner: -
--

ALTER TABLE ONLY durable.instances
    ADD CONSTRAINT instances_pkey PRIMARY KEY (hub, instance_id);


--
-- Name: new_events new_events_pkey; Type: CONSTRAINT; Schema: durable; Owner: -
--

ALTER TABLE ONLY durable.new_events
    ADD CONSTRAINT new_events_pkey PRIMARY KEY (sequence_number);


--
-- Name: new_tasks new_tasks_pkey; Type: CONSTRAINT; Schema: durable; Owner: -
--

ALTER TABLE ONLY durable.new_tasks
    ADD CONSTRAINT new_tasks_pkey PRIMARY KEY (sequence_number);


--
-- Name: owners owners_pkey; Type: CONSTRAINT; Schema: durable; Owner: -
--

ALTER TABLE ONLY durable.owners
    ADD CONSTRAINT owners_pkey PRIMARY KEY (owner_id);


--
-- Name: versions versions_pkey; Type: CONSTRAINT; Schema: durable; Owner: -
--

ALTER TABLE ONLY durable.versions
    ADD CONSTRAINT versions_pkey PRIMARY KEY (version);


--
-- Name: instances_by_creation; Type: INDEX; Schema: durable; Owner: -
--

CREATE INDEX instances_by_creation ON durable.instances USING btree (hub, created_at, instance_id);


--
-- Name: instances_by_parent; Type: INDEX; Schema: durable; Owner: -
--

CREATE INDEX instances_by_parent ON durable.instances USING btree (hub, parent_instance_id) WHERE (parent_instance_id IS NOT NULL);


--
-- Name: instances_locked; Type: INDEX; Schema: durable; Owner: -
--

CREATE INDEX instances_locked ON durable.instances USING btree (hub, lock_expires_at) WHERE (lock_expires_at IS NOT NULL);


--
-- Name: new_events_by_instance; Type: INDEX; Schema: durable; Owner: -
--

CREATE INDEX new_events_by_instance ON durable.new_events USING btree (hub, instance_id);


--
-- Name: new_events_due; Type: INDEX; Schema: durable; Owner: -
--

CREATE INDEX new_events_due ON durable.new_events USING btree (hub, visible_at, sequence_number) WHERE (NOT is_held);


--
-- Name: new_tasks_by_instance; Type: INDEX; Schema: durable; Owner: -
--

CREATE INDEX new_tasks_by_instance ON durable.new_tasks USING btree (hub, instance_id);


--
-- Name: new_tasks_in_order; Type: INDEX; Schema: durable; Owner: -
--

CREATE INDEX new_tasks_in_order ON durable.new_tasks USING btree (hub, sequence_number);


--
-- Name: history history_hub_instance_id_fkey; Type: FK CONSTRAINT; Schema: durable; Owner: -
--

ALTER TABLE ONLY durable.history
    ADD CONSTRAINT history_hub_instance_id_fkey FOREIGN KEY (hub, instance_id) REFERENCES durable.instances(hub, instance_id) ON DELETE CASCADE;


--
-- Name: new_events new_events_hub_instance_id_fkey; Type: FK CONSTRAINT; Schema: durable; Owner: -
--

ALTER TABLE ONLY durable.new_events
    ADD CONSTRAINT new_events_hub_instance_id_fkey FOREIGN KEY (hub, instance_id) REFERENCES durable.instances(hub, instance_id) ON DELETE CASCADE;


--
-- Name: new_tasks new_tasks_hub_instance_id_fkey; Type: FK CONSTRAINT; Schema: durable; Owner: -
--

ALTER TABLE ONLY durable.new_tasks
    ADD CONSTRAINT new_tasks_hub_instance_id_fkey FOREIGN KEY (hub, instance_id) REFERENCES durable.instances(hub, instance_id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


