import Glibc
import Logging
import ServiceLifecycle
import Settings
import UnixSignals

/// Runs the services side by side; when one of them ends, so does the process.
struct Supervisor {
    /// How long after the grace period a service that does not end is waited for.
    private static let reserve: Duration = .seconds(5)

    let assembly: Assembly

    /// Serves until SIGTERM or SIGINT has drained everything.
    ///
    /// - Throws: The cause, when a service ended by itself.
    func run() async throws {
        let logger = Logger(label: "supervisor")
        var configuration = ServiceGroupConfiguration(services: assembly.services, logger: Logger(label: "services"))
        configuration.maximumGracefulShutdownDuration = assembly.settings.drain.gracePeriod
        let group = ServiceGroup(configuration: configuration)
        let gracePeriod = assembly.settings.drain.gracePeriod
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        do {
            try assembly.selfWatch.startWatchdog()
            defer { assembly.selfWatch.stopWatchdog() }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                tasks.addTask { await Self.obey(signals, group, gracePeriod, logger) }
                // The services end; the signals never do.
                try await tasks.next()
                tasks.cancelAll()
            }
            await assembly.shutdown()
            logger.notice("stopped")
        } catch {
            await assembly.shutdown()
            logger.critical("a service ended, so the server stops", metadata: ["cause": "\(error)"])
            throw error
        }
    }

    private static func obey(
        _ signals: UnixSignalsSequence, _ group: ServiceGroup, _ gracePeriod: Duration, _ logger: Logger
    ) async {
        var stopping = false
        for await signal in signals {
            guard stopping else {
                stopping = true
                logger.notice("shutting down", metadata: ["signal": "\(signal)"])
                watch(gracePeriod, logger)
                await group.triggerGracefulShutdown()
                continue
            }
            logger.warning("second signal: ending at once", metadata: ["signal": "\(signal)"])
            // Exit without waiting: the kernel ends what runs in a sandbox with us.
            _exit(128 + (signal == .sigint ? SIGINT : SIGTERM))
        }
        // Cancelled: the services have ended. Never return before that.
    }

    /// Ends the process if the services do not: one that hangs must not make a restart wait for the kill.
    private static func watch(_ gracePeriod: Duration, _ logger: Logger) {
        Task.detached {
            try await Task.sleep(for: gracePeriod + reserve)
            logger.critical("a service did not stop in time; ending without it", metadata: ["after": "\(gracePeriod)"])
            _exit(EXIT_FAILURE)
        }
    }
}
