import Glibc
import Logging
import ServiceLifecycle
import Settings
import UnixSignals

/// Runs the services side by side; when one of them ends, so does the process.
struct Supervisor {
    /// How long after the grace period a service that does not end is waited for.
    private static let reserve: Duration = .seconds(5)

    /// A signal that comes again within this time is the same one: `timeout` and `tini -g` signal a process and its group.
    private static let repetition: Duration = .seconds(1)
    /// How long pushes have after a second signal to tell their clients that the builder is restarting.
    private static let lastWords: Duration = .milliseconds(500)

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
            let haste = try await withThrowingTaskGroup(of: Haste?.self) { tasks in
                tasks.addTask {
                    try await group.run()
                    return nil
                }
                tasks.addTask { await Self.obey(signals, group, gracePeriod, logger) }
                // The services end, or somebody is in a hurry.
                let haste = try await tasks.next() ?? nil
                tasks.cancelAll()
                return haste
            }
            // Nothing is tidied up: the kernel ends what still runs in a sandbox with us.
            if let haste { _exit(haste.status) }
            await assembly.shutdown()
            logger.notice("stopped")
        } catch {
            await assembly.shutdown()
            logger.critical("a service ended, so the server stops", metadata: ["cause": "\(error)"])
            throw error
        }
    }

    /// A second signal: services are cancelled, and nobody waits for their end for long.
    private struct Haste: Sendable {
        /// As a shell tells an end by a signal.
        let status: Int32
    }

    /// - Returns: When a second signal came; `nil` when the services ended before.
    private static func obey(
        _ signals: UnixSignalsSequence, _ group: ServiceGroup, _ gracePeriod: Duration, _ logger: Logger
    ) async -> Haste? {
        var first: (signal: UnixSignal, time: ContinuousClock.Instant)?
        for await signal in signals {
            guard let begun = first else {
                first = (signal, .now)
                logger.notice("shutting down", metadata: ["signal": "\(signal)"])
                watch(gracePeriod, logger)
                await group.triggerGracefulShutdown()
                continue
            }
            guard signal != begun.signal || ContinuousClock.now - begun.time >= repetition else {
                logger.notice(
                    "the same signal again: taken for one; send it again to end at once",
                    metadata: ["signal": "\(signal)"])
                continue
            }
            logger.warning("second signal: ending at once", metadata: ["signal": "\(signal)"])
            let haste = Haste(status: 128 + (signal == .sigint ? SIGINT : SIGTERM))
            Task.detached {
                try await Task.sleep(for: lastWords)
                _exit(haste.status)
            }
            return haste
        }
        return nil
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
