import Glibc
import Logging

/// Writes one line for each event, as text for people or as JSON for collectors.
///
/// A line goes out in a single `write`, so lines of different threads do not mix.
struct LineLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level
    let json: Bool
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, logLevel: Logger.Level, json: Bool) {
        self.label = label
        self.logLevel = logLevel
        self.json = json
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let explicit = event.metadata { all.merge(explicit) { $1 } }
        let fields = all.map { ($0.key, "\($0.value)") }.sorted { $0.0 < $1.0 }
        let bytes = Array(line(level: event.level, message: "\(event.message)", fields: fields).utf8)
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }

    /// The line as it is written now, with its newline.
    func line(level: Logger.Level, message: String, fields: [(String, String)]) -> String {
        let time = LogText.now()
        return json
            ? jsonLine(time: time, level: level, message: message, fields: fields)
            : textLine(time: time, level: level, message: message, fields: fields)
    }

    private func textLine(
        time: String, level: Logger.Level, message: String, fields: [(String, String)]
    ) -> String {
        let pairs = fields.map { " \($0.0)=\(LogText.word($0.1))" }.joined()
        return "\(time) \(level) \(label): \(LogText.printable(message))\(pairs)\n"
    }

    private func jsonLine(
        time: String, level: Logger.Level, message: String, fields: [(String, String)]
    ) -> String {
        let fixed = [("time", time), ("level", "\(level)"), ("logger", label), ("message", message)]
        let names = Set(fixed.map(\.0))
        // A field must not pass for one of ours.
        let rest = fields.map { (names.contains($0.0) ? "field_\($0.0)" : $0.0, $0.1) }
        let members = (fixed + rest).map { "\(LogText.json($0.0)):\(LogText.json($0.1))" }
        return "{\(members.joined(separator: ","))}\n"
    }
}
