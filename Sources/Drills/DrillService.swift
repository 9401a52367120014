import Glibc
package import Health
package import Logging
import ServiceLifecycle

/// Carries out the drills that befall the process itself, and reminds everybody that faults are on.
package struct DrillService: Service {
    /// What is done on purpose, once the server accepts connections.
    package enum Blow: Sendable, Equatable {
        /// Every thread of Swift's pool stands still.
        case blockPool
        /// A service ends by itself: this one.
        case end
    }

    /// How often the log says that faults are on.
    private static let reminder: Duration = .seconds(60)
    /// Longer than anybody waits for the end of a process that stands still.
    private static let standstill: UInt32 = 3600
    /// More than there are threads in Swift's pool, which has one for each core.
    private static let blockersPerCore = 2

    private let faults: [String]
    private let blows: [Blow]
    private let circuits: [Circuit]
    private let logger: Logger

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - faults: All that is simulated, as it was asked for; not empty.
    ///   - blows: What befalls the process itself.
    ///   - circuits: Closed when the server accepts and the probes are answered, which the blows wait for.
    ///   - logger: Told at the start, and again and again.
    package init(faults: [String], blows: [Blow], circuits: [Circuit], logger: Logger) {
        self.faults = faults
        self.blows = blows
        self.circuits = circuits
        self.logger = logger
    }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            remind()
            if !blows.isEmpty { try await strike() }
            while !Task.isCancelled {
                do { try await Task.sleep(for: Self.reminder) } catch { return }
                remind()
            }
        }
    }

    private func strike() async throws {
        // Cancelled by a shutdown that comes first.
        while !circuits.allSatisfy(\.hasBeenClosed) {
            guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return }
        }
        if blows.contains(.blockPool) {
            logger.critical("a drill blocks all of Swift's threads now")
            for _ in 0..<Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) * Self.blockersPerCore {
                Task.detached { _ = sleep(Self.standstill) }
            }
        }
        if blows.contains(.end) { throw DrillOver() }
    }

    private func remind() {
        logger.critical(
            "FAULTS ARE SIMULATED ON PURPOSE (--simulate)", metadata: ["faults": "\(faults.joined(separator: ", "))"])
    }
}

/// A service ended on purpose.
struct DrillOver: Error, CustomStringConvertible {
    var description: String { "a service ended on purpose (--simulate service=down)" }
}
