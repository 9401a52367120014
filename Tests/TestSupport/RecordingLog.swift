package import Logging
import Synchronization

/// Keeps the lines that were logged: level, message and metadata.
package final class RecordingLog: Sendable {
    private let stored = Mutex<[String]>([])
    private let level: Logger.Level
    private let omitted: Set<String>
    private let hook: @Sendable (_ line: String) -> Void

    /// Makes an empty log.
    ///
    /// - Parameters:
    ///   - level: What is less important is not kept.
    ///   - omitted: Metadata that is not kept, because it differs from run to run.
    ///   - hook: Gets each line, before whoever logs it goes on.
    package init(
        level: Logger.Level = .trace, without omitted: Set<String> = [],
        hook: @escaping @Sendable (_ line: String) -> Void = { _ in }
    ) {
        self.level = level
        self.omitted = omitted
        self.hook = hook
    }

    package var lines: [String] { stored.withLock { $0 } }

    package var logger: Logger { Logger(label: "test") { _ in Handler(log: self, logLevel: level) } }

    private struct Handler: LogHandler {
        let log: RecordingLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let pairs = (event.metadata ?? [:]).filter { !log.omitted.contains($0.key) }
                .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            let line = (["\(event.level): \(event.message)"] + pairs).joined(separator: " | ")
            log.stored.withLock { $0.append(line) }
            log.hook(line)
        }
    }
}
