namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>
/// The keys of host.json as the Functions host (HostJsonFileConfigurationSource), its HTTP extension (HttpOptions) and the durable extension
/// (DurableTaskOptions) know them, and which of them have an effect here.
/// </summary>
internal static class HostJsonKeys
{
    private static readonly KnownKey DurableTask = KnownKey.Section(
        StringComparer.OrdinalIgnoreCase,
        [
            .. Each(
                KnownKey.Applied,
                "hubName", "defaultVersion", "maxConcurrentActivityFunctions", "maxConcurrentOrchestratorFunctions",
                "storeInputsInOrchestrationHistory", "overridableExistingInstanceStates", "maxOrchestrationActions", "versionMatchStrategy",
                "versionFailureStrategy"),
            ("httpSettings", KnownKey.Section(
                StringComparer.OrdinalIgnoreCase,
                ("useForwardedHost", KnownKey.Applied),
                ("defaultAsyncRequestSleepTimeMilliseconds", KnownKey.NotApplied))),
            ("useGracefulShutdown", KnownKey.Always("true")),
            ("extendedSessionsEnabled", KnownKey.Always("false")),
            ("storageProvider", KnownKey.Elsewhere("the state is in PostgreSQL, see STATE_CONNECTION")),
            .. Each(
                KnownKey.NotApplied,
                "extendedSessionIdleTimeoutInSeconds", "tracing", "notifications", "notificationUrl",
                "maxConcurrentEntityFunctions", "entityMessageReorderWindowInMinutes", "maxEntityOperationBatchSize",
                "rollbackEntityOperationsOnExceptions", "useSeparateQueueForEntityWorkItems", "localRpcEndpointEnabled", "useAppLease",
                "appLeaseOptions", "throwStatusExceptionsOnRaiseEvent", "maxGrpcMessageSizeInBytes", "grpcHttpClientTimeout"),
        ]);

    private static readonly KnownKey Http = KnownKey.Section(
        StringComparer.OrdinalIgnoreCase,
        [
            ("routePrefix", KnownKey.Applied),
            ("customHeaders", KnownKey.Applied),
            ("hsts", KnownKey.Elsewhere("the proxy that speaks https sets that header")),
            .. Each(KnownKey.NotApplied, "maxOutstandingRequests", "maxConcurrentRequests", "dynamicThrottlesEnabled"),
        ]);

    private static readonly KnownKey Logging = KnownKey.Section(
        StringComparer.OrdinalIgnoreCase,
        [("logLevel", KnownKey.Applied), .. Each(KnownKey.NotApplied, "console", "fileLoggingMode", "applicationInsights")]);

    public static KnownKey All { get; } = KnownKey.Section(
        StringComparer.Ordinal,
        [
            ("version", KnownKey.Applied),
            ("logging", Logging),
            ("extensions", KnownKey.Section(StringComparer.OrdinalIgnoreCase, ("durableTask", DurableTask), ("http", Http))),
            ("functionTimeout", KnownKey.Elsewhere("functions run as long as they need")),
            ("retry", KnownKey.Elsewhere("put a retry attribute on the timer function")),
            ("functions", KnownKey.Elsewhere("switch a function off by AzureWebJobs.NAME.Disabled")),
            .. Each(
                KnownKey.NotApplied,
                "watchDirectories", "watchFiles", "queues", "serviceBus", "eventHub", "singleton", "aggregator", "healthMonitor",
                "extensionBundle", "managedDependencies", "customHandler", "httpWorker", "concurrency", "sendCanceledInvocationsToWorker",
                "metadataProviderTimeout", "telemetryMode"),
        ]);

    private static IEnumerable<(string Name, KnownKey Key)> Each(KnownKey key, params IEnumerable<string> names) => names.Select(name => (name, key));
}
