import Glibc
import Logging
import ServiceLifecycle
import Settings
import UnixSignals

/// Runs the services side by side; when one of them ends, so does the process.
struct Supervisor {
    /// How long a service may take to end once its task is cancelled.
    private static let cancellationTime: Duration = .seconds(5)
    /// How long a second signal waits for children to be ended, before the process goes without.
    private static let hurry: Duration = .seconds(1)

    let assembly: Assembly

    /// Serves until SIGTERM or SIGINT has drained everything.
    ///
    /// - Throws: The cause, when a service ended by itself.
    func run() async throws {
        let logger = Logger(label: "supervisor")
        var configuration = ServiceGroupConfiguration(services: assembly.services, logger: Logger(label: "services"))
        configuration.maximumGracefulShutdownDuration = assembly.settings.drain.gracePeriod
        configuration.maximumCancellationDuration = Self.cancellationTime
        let group = ServiceGroup(configuration: configuration)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                tasks.addTask { await Self.obey(signals, group, logger) }
                // The services end; the signals never do.
                try await tasks.next()
                tasks.cancelAll()
            }
            logger.notice("stopped")
        } catch {
            logger.critical("a service ended, so the server does", metadata: ["cause": "\(error)"])
            throw error
        }
    }

    private static func obey(_ signals: UnixSignalsSequence, _ group: ServiceGroup, _ logger: Logger) async {
        var stopping = false
        for await signal in signals {
            guard stopping else {
                stopping = true
                logger.notice("shutting down", metadata: ["signal": "\(signal)"])
                await group.triggerGracefulShutdown()
                continue
            }
            logger.warning("second signal: ending at once", metadata: ["signal": "\(signal)"])
            // Exit without waiting: the kernel ends what runs in a sandbox with us.
            _exit(128 + (signal == .sigint ? SIGINT : SIGTERM))
        }
        // Cancelled: the services have ended. Never return before that.
    }
}
