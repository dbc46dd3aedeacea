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


--
-- Name: SCHEMA durable; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA durable IS 'logic 31cdc13448279f959db473b87c7c79d3e7e4941e45edc184aa971e58a9dee7b0';


SET default_tablespace = '';

SET default_table_access_method = heap;

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
-- Name: backlog; Type: VIEW; Schema: durable; Owner: -
--

CREATE VIEW durable.backlog AS
 SELECT i.hub,
    i.instance_id,
    i.name,
    i.status,
    i.last_updated_at,
    ( SELECT count(*) AS count
           FROM durable.new_events e
          WHERE ((e.hub = i.hub) AND (e.instance_id = i.instance_id) AND (NOT e.is_held) AND (e.visible_at <= now()))) AS due_events,
    ( SELECT min(e.visible_at) AS min
           FROM durable.new_events e
          WHERE ((e.hub = i.hub) AND (e.instance_id = i.instance_id) AND (NOT e.is_held) AND (e.visible_at > now()))) AS next_timer,
    ( SELECT string_agg(t.name, ', '::text ORDER BY t.sequence_number) AS string_agg
           FROM durable.new_tasks t
          WHERE ((t.hub = i.hub) AND (t.instance_id = i.instance_id))) AS open_activities,
    i.locked_by,
    i.lock_expires_at
   FROM durable.instances i
  WHERE (i.completed_at IS NULL)
  ORDER BY i.last_updated_at;


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
-- Name: payloads; Type: TABLE; Schema: durable; Owner: -
--

CREATE TABLE durable.payloads (
    hub text NOT NULL,
    instance_id text NOT NULL,
    payload_id text NOT NULL,
    data bytea NOT NULL
);
ALTER TABLE ONLY durable.payloads ALTER COLUMN data SET STORAGE EXTERNAL;


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
BackupFunctions	event	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.4510976Z"}
BackupFunctions	event	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"WaitsForEvent","EventId":-1,"Timestamp":"2026-11-21T19:15:04.3987757Z"}
BackupFunctions	event	2	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.4510976Z"}
BackupFunctions	signaled	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.500673Z"}
BackupFunctions	signaled	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"WaitsForEvent","EventId":-1,"Timestamp":"2026-11-21T19:15:04.4415083Z"}
BackupFunctions	signaled	2	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.500673Z"}
BackupFunctions	parent	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5085697Z"}
BackupFunctions	parent	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"CallsChild","EventId":-1,"Timestamp":"2026-11-21T19:15:04.491338Z"}
BackupFunctions	parent	2	SubOrchestrationInstanceCreated	{"type":"SubOrchestrationInstanceCreated","Name":"WaitsForEvent","InstanceId":"child","EventId":0,"Timestamp":"2026-11-21T19:15:04.5085697Z"}
BackupFunctions	parent	3	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5085697Z"}
BackupFunctions	suspended	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5464787Z"}
BackupFunctions	suspended	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"WaitsForEvent","EventId":-1,"Timestamp":"2026-11-21T19:15:04.4572369Z"}
BackupFunctions	suspended	2	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5464787Z"}
BackupFunctions	timer	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5302625Z"}
BackupFunctions	timer	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"WaitsForTimer","EventId":-1,"Timestamp":"2026-11-21T19:15:04.4735892Z"}
BackupFunctions	timer	2	TimerCreated	{"type":"TimerCreated","FireAt":"2026-11-23T19:15:04.5302625Z","EventId":0,"Timestamp":"2026-11-21T19:15:04.5302625Z"}
BackupFunctions	timer	3	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5302625Z"}
BackupFunctions	terminated	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5551039Z"}
BackupFunctions	terminated	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"WaitsForEvent","EventId":-1,"Timestamp":"2026-11-21T19:15:04.469398Z"}
BackupFunctions	terminated	2	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5551039Z"}
BackupFunctions	child	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5579441Z"}
BackupFunctions	child	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"WaitsForEvent","Parent":{"Name":"CallsChild","InstanceId":"parent","ExecutionId":"0e17ef01540b4b45a734413b56767d31","TaskId":0},"EventId":-1,"Timestamp":"2026-11-21T19:15:04.5085697Z"}
BackupFunctions	child	2	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5579441Z"}
BackupFunctions	activity	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5474412Z"}
BackupFunctions	activity	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"CallsActivity","EventId":-1,"Timestamp":"2026-11-21T19:15:04.4756094Z"}
BackupFunctions	activity	2	TaskScheduled	{"type":"TaskScheduled","Name":"Work","Version":"","EventId":0,"Timestamp":"2026-11-21T19:15:04.5474412Z"}
BackupFunctions	activity	3	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5474412Z"}
BackupFunctions	retries	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.574434Z"}
BackupFunctions	retries	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"Retries","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5130776Z"}
BackupFunctions	retries	2	TaskScheduled	{"type":"TaskScheduled","Name":"Fails","Version":"","EventId":0,"Timestamp":"2026-11-21T19:15:04.574434Z"}
BackupFunctions	retries	3	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.574434Z"}
BackupFunctions	finished	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5742344Z"}
BackupFunctions	finished	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"Finishes","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5553818Z"}
BackupFunctions	finished	2	ExecutionCompleted	{"type":"ExecutionCompleted","Status":"Completed","Result":"\\u0022done\\u0022","EventId":0,"Timestamp":"2026-11-21T19:15:04.5742344Z"}
BackupFunctions	finished	3	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5742344Z"}
BackupFunctions	failed	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5983644Z"}
BackupFunctions	failed	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"Throws","EventId":-1,"Timestamp":"2026-11-21T19:15:04.559872Z"}
BackupFunctions	failed	2	ExecutionCompleted	{"type":"ExecutionCompleted","Status":"Failed","Failure":{"ErrorType":"System.InvalidOperationException","ErrorMessage":"It was meant to fail.","StackTrace":"   at BackupFunctions.EmbeddedHost.Tests.State.OldState.\\u003C\\u003Ec.\\u003CAddWorkflows\\u003Eb__2_8(TaskOrchestrationContext _) in /tests/BackupFunctions.EmbeddedHost.Tests/State/OldState.cs:line 47\\n   at BackupFunctions.EmbeddedHost.Tests.Support.Engine.\\u003C\\u003Ec__DisplayClass10_0\\u00601.\\u003C\\u003COrchestrator\\u003Eb__0\\u003Ed.MoveNext() in /tests/BackupFunctions.EmbeddedHost.Tests/Support/Engine.cs:line 37\\n--- End of stack trace from previous location ---\\n   at BackupFunctions.EmbeddedHost.Durable.Replay.OrchestrationReplay.Ended(Task\\u00601 run) in /src/BackupFunctions.EmbeddedHost/Durable/Replay/OrchestrationReplay.cs:line 157","IsNonRetriable":false},"EventId":0,"Timestamp":"2026-11-21T19:15:04.5983644Z"}
BackupFunctions	failed	3	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5983644Z"}
BackupFunctions	renewed	0	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.6042439Z"}
BackupFunctions	renewed	1	ExecutionStarted	{"type":"ExecutionStarted","Name":"Renews","Input":"2","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5881023Z"}
BackupFunctions	renewed	2	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.6042439Z"}
BackupFunctions	suspended	3	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.6223941Z"}
BackupFunctions	suspended	4	ExecutionSuspended	{"type":"ExecutionSuspended","Reason":"for a while","EventId":-1,"Timestamp":"2026-11-21T19:15:04.6068847Z"}
BackupFunctions	suspended	5	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.6223941Z"}
BackupFunctions	retries	4	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.6225951Z"}
BackupFunctions	retries	5	TaskFailed	{"type":"TaskFailed","ScheduledId":0,"Failure":{"ErrorType":"System.InvalidOperationException","ErrorMessage":"The first attempt fails.","StackTrace":"   at BackupFunctions.EmbeddedHost.Tests.State.OldState.\\u003C\\u003Ec__DisplayClass2_0.\\u003CAddWorkflows\\u003Eb__10(String _, CancellationToken _) in /tests/BackupFunctions.EmbeddedHost.Tests/State/OldState.cs:line 49\\n   at BackupFunctions.EmbeddedHost.Tests.Support.Engine.\\u003C\\u003Ec__DisplayClass11_0.\\u003CActivity\\u003Eb__0(ActivityCall call, CancellationToken cancellation) in /tests/BackupFunctions.EmbeddedHost.Tests/Support/Engine.cs:line 43\\n   at BackupFunctions.EmbeddedHost.Durable.Dispatch.ActivityDispatcher.AnswerAsync(ActivityWorkItem item, CancellationToken cancellation) in /src/BackupFunctions.EmbeddedHost/Durable/Dispatch/ActivityDispatcher.cs:line 119","IsNonRetriable":false},"EventId":-1,"Timestamp":"2026-11-21T19:15:04.5999242Z"}
BackupFunctions	retries	6	TimerCreated	{"type":"TimerCreated","FireAt":"2026-11-21T20:15:04.6225951Z","EventId":1,"Timestamp":"2026-11-21T19:15:04.6225951Z"}
BackupFunctions	retries	7	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.6225951Z"}
BackupFunctions	terminated	3	OrchestratorStarted	{"type":"OrchestratorStarted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.6440529Z"}
BackupFunctions	terminated	4	ExecutionTerminated	{"type":"ExecutionTerminated","Output":"\\u0022by hand\\u0022","Recursive":false,"EventId":-1,"Timestamp":"2026-11-21T19:15:04.6310239Z"}
BackupFunctions	terminated	5	ExecutionCompleted	{"type":"ExecutionCompleted","Status":"Terminated","Result":"\\u0022by hand\\u0022","EventId":-1,"Timestamp":"2026-11-21T19:15:04.6440529Z"}
BackupFunctions	terminated	6	OrchestratorCompleted	{"type":"OrchestratorCompleted","EventId":-1,"Timestamp":"2026-11-21T19:15:04.6440529Z"}
\.


--
-- Data for Name: instances; Type: TABLE DATA; Schema: durable; Owner: -
--

COPY durable.instances (hub, instance_id, execution_id, name, version, status, created_at, last_updated_at, completed_at, input, output, custom_status, failure, tags, parent_instance_id, parent, locked_by, lock_expires_at, turn, attempts) FROM stdin;
BackupFunctions	event	6d7eaa21fda0423c9bf2c8395038ee5d	WaitsForEvent	\N	Running	2026-11-21 19:15:04.398775+00	2026-11-21 19:15:04.451097+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	1	0
BackupFunctions	signaled	e4f19c876cd44f4ab4ab6b3b1a341316	WaitsForEvent	\N	Running	2026-11-21 19:15:04.441508+00	2026-11-21 19:15:04.500673+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	1	0
BackupFunctions	parent	0e17ef01540b4b45a734413b56767d31	CallsChild	\N	Running	2026-11-21 19:15:04.491338+00	2026-11-21 19:15:04.508569+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	1	0
BackupFunctions	timer	77bab3b628644436899ae8ae646ea131	WaitsForTimer	\N	Running	2026-11-21 19:15:04.473589+00	2026-11-21 19:15:04.530262+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	1	0
BackupFunctions	activity	668761b885f543a9945b63ed14ab4279	CallsActivity	\N	Running	2026-11-21 19:15:04.475609+00	2026-11-21 19:15:04.547441+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	1	0
BackupFunctions	child	7f6c725263d14597b4d0869e30d48063	WaitsForEvent	\N	Running	2026-11-21 19:15:04.508569+00	2026-11-21 19:15:04.557944+00	\N	\N	\N	\N	\N	\N	parent	{"Name":"CallsChild","InstanceId":"parent","ExecutionId":"0e17ef01540b4b45a734413b56767d31","TaskId":0}	\N	\N	1	0
BackupFunctions	finished	0b323d00b24840d5a0d693e450129bfb	Finishes	\N	Completed	2026-11-21 19:15:04.555381+00	2026-11-21 19:15:04.574234+00	2026-11-21 19:15:04.574234+00	\N	"done"	\N	\N	\N	\N	\N	\N	\N	1	0
BackupFunctions	planned	c5570132f0934ac4ae6ea5bb8f9568b0	Finishes	\N	Pending	2026-11-21 19:15:04.587882+00	2026-11-21 19:15:04.587882+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	0	0
BackupFunctions	retries	55d6b76b035442c0b47cd95437a0871c	Retries	\N	Running	2026-11-21 19:15:04.513077+00	2026-11-21 19:15:04.622595+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	2	0
BackupFunctions	failed	04ed1125ef384eeda7e759e31e409f02	Throws	\N	Failed	2026-11-21 19:15:04.559872+00	2026-11-21 19:15:04.598364+00	2026-11-21 19:15:04.598364+00	\N	\N	\N	{"ErrorType":"System.InvalidOperationException","ErrorMessage":"It was meant to fail.","StackTrace":"   at BackupFunctions.EmbeddedHost.Tests.State.OldState.\\u003C\\u003Ec.\\u003CAddWorkflows\\u003Eb__2_8(TaskOrchestrationContext _) in /tests/BackupFunctions.EmbeddedHost.Tests/State/OldState.cs:line 47\\n   at BackupFunctions.EmbeddedHost.Tests.Support.Engine.\\u003C\\u003Ec__DisplayClass10_0\\u00601.\\u003C\\u003COrchestrator\\u003Eb__0\\u003Ed.MoveNext() in /tests/BackupFunctions.EmbeddedHost.Tests/Support/Engine.cs:line 37\\n--- End of stack trace from previous location ---\\n   at BackupFunctions.EmbeddedHost.Durable.Replay.OrchestrationReplay.Ended(Task\\u00601 run) in /src/BackupFunctions.EmbeddedHost/Durable/Replay/OrchestrationReplay.cs:line 157","IsNonRetriable":false}	\N	\N	\N	\N	\N	1	0
BackupFunctions	renewed	0dbd246ee0e94824a700cb49cb13fc48	Renews	\N	Running	2026-11-21 19:15:04.503672+00	2026-11-21 19:15:04.604243+00	\N	2	\N	\N	\N	\N	\N	\N	\N	\N	3	0
BackupFunctions	terminated	d657fc144dc942c189871ebb35d365c0	WaitsForEvent	\N	Terminated	2026-11-21 19:15:04.469398+00	2026-11-21 19:15:04.644052+00	2026-11-21 19:15:04.644052+00	\N	"by hand"	\N	\N	\N	\N	\N	\N	\N	2	0
BackupFunctions	suspended	debd8cefc35c49688af0bfa573e397ee	WaitsForEvent	\N	Suspended	2026-11-21 19:15:04.457236+00	2026-11-21 19:15:04.622394+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	3	0
\.


--
-- Data for Name: new_events; Type: TABLE DATA; Schema: durable; Owner: -
--

COPY durable.new_events (sequence_number, hub, instance_id, execution_id, visible_at, is_first, is_held, event_type, event) FROM stdin;
11	BackupFunctions	timer	77bab3b628644436899ae8ae646ea131	2026-11-23 19:15:04.530262+00	f	f	TimerFired	{"type":"TimerFired","TimerId":0,"FireAt":"2026-11-23T19:15:04.5302625Z","EventId":-1,"Timestamp":"2026-11-23T19:15:04.5302625Z"}
16	BackupFunctions	planned	c5570132f0934ac4ae6ea5bb8f9568b0	2026-11-24 19:15:04.587857+00	t	f	ExecutionStarted	{"type":"ExecutionStarted","Name":"Finishes","EventId":-1,"Timestamp":"2026-11-21T19:15:04.5878828Z"}
19	BackupFunctions	retries	55d6b76b035442c0b47cd95437a0871c	2026-11-21 20:15:04.622595+00	f	f	TimerFired	{"type":"TimerFired","TimerId":1,"FireAt":"2026-11-21T20:15:04.6225951Z","EventId":-1,"Timestamp":"2026-11-21T20:15:04.6225951Z"}
20	BackupFunctions	suspended	\N	-infinity	f	t	EventRaised	{"type":"EventRaised","Name":"go","Input":"\\u0022done\\u0022","EventId":-1,"Timestamp":"2026-11-21T19:15:04.62924Z"}
22	BackupFunctions	signaled	\N	-infinity	f	f	EventRaised	{"type":"EventRaised","Name":"go","Input":"\\u0022done\\u0022","EventId":-1,"Timestamp":"2026-11-21T19:15:05.6943044Z"}
\.


--
-- Data for Name: new_tasks; Type: TABLE DATA; Schema: durable; Owner: -
--

COPY durable.new_tasks (sequence_number, hub, instance_id, execution_id, task_id, name, version, input, tags, locked_by, lock_expires_at, dequeue_count) FROM stdin;
1	BackupFunctions	activity	668761b885f543a9945b63ed14ab4279	0	Work		\N	\N	\N	\N	0
\.


--
-- Data for Name: owners; Type: TABLE DATA; Schema: durable; Owner: -
--

COPY durable.owners (owner_id, machine, process_id, process_started_at) FROM stdin;
\.


--
-- Data for Name: payloads; Type: TABLE DATA; Schema: durable; Owner: -
--

COPY durable.payloads (hub, instance_id, payload_id, data) FROM stdin;
\.


--
-- Data for Name: versions; Type: TABLE DATA; Schema: durable; Owner: -
--

COPY durable.versions (version, applied_at) FROM stdin;
1	2026-11-21 19:15:04.306225+00
2	2026-11-21 19:15:04.306225+00
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
-- Name: payloads payloads_pkey; Type: CONSTRAINT; Schema: durable; Owner: -
--

ALTER TABLE ONLY durable.payloads
    ADD CONSTRAINT payloads_pkey PRIMARY KEY (hub, instance_id, payload_id);


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
-- Name: payloads payloads_hub_instance_id_fkey; Type: FK CONSTRAINT; Schema: durable; Owner: -
--

ALTER TABLE ONLY durable.payloads
    ADD CONSTRAINT payloads_hub_instance_id_fkey FOREIGN KEY (hub, instance_id) REFERENCES durable.instances(hub, instance_id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


