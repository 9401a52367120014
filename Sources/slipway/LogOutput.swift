import Glibc
import Logging
import Settings

/// Where log lines go and how they look: standard error, text on a terminal, JSON otherwise.
enum LogOutput {
    /// Sets the process's logging up; called once.
    static func bootstrap(_ settings: LogSettings) {
        let level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        let json = isJSON(settings)
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, logLevel: level, json: json)
        }
    }

    /// The line of a critical event by which the process ends: whoever writes it must not wait for anybody.
    ///
    /// - Returns: The line, with its newline.
    static func lastLine(_ text: String, _ settings: LogSettings) -> String {
        LineLogHandler(label: "watchdog", logLevel: .critical, json: isJSON(settings)).line(
            level: .critical, message: text, fields: [])
    }

    private static func isJSON(_ settings: LogSettings) -> Bool {
        switch settings.format {
        case .auto: isatty(STDERR_FILENO) == 0
        case .text: false
        case .json: true
        }
    }
}
