import Logging
import Synchronization

/// Keeps what is logged.
final class LogBook: Sendable {
    private let kept = Mutex<[(level: Logger.Level, line: String)]>([])

    /// Those from info on, as "level message key=value…", keys sorted.
    var lines: [String] { kept.withLock { $0.filter { $0.level >= .info }.map { "\($0.level) \($0.line)" } } }

    var logger: Logger { Logger(label: "test") { _ in Handler(book: self) } }

    private struct Handler: LogHandler {
        let book: LogBook
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let pairs = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
            book.kept.withLock { $0.append((event.level, "\(event.message)\(pairs)")) }
        }
    }
}
