import ServiceLifecycle

/// Something that runs beside the servers until the shutdown: a watch, a monitor.
struct BackgroundService: Service {
    private let body: @Sendable () async -> Void

    /// - Parameter body: Runs until it is cancelled.
    init(_ body: @escaping @Sendable () async -> Void) { self.body = body }

    func run() async throws {
        await cancelWhenGracefulShutdown { await body() }
    }
}
