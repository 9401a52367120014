import Glibc
import Logging
import Settings

/// Where log lines go and how they look: standard error, text on a terminal, JSON otherwise.
enum LogOutput {
    /// Sets the process's logging up; called once.
    static func bootstrap(_ settings: LogSettings) {
        let level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        let json =
            switch settings.format {
            case .auto: isatty(STDERR_FILENO) == 0
            case .text: false
            case .json: true
            }
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, logLevel: level, json: json)
        }
    }
}
