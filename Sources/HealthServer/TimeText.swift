import Health

/// Times as the page shows them: UTC and how long ago, because at night nobody can count.
enum TimeText {
    /// Longest time that a clock time alone is clear for: half a day and a little, so that no hour comes twice.
    private static let clockAlone = Duration.seconds(20 * 3600)
    /// Longest time that a date is clear for without its year.
    private static let dateAlone = Duration.seconds(300 * 86_400)

    /// "14:02 UTC", with the date when it was not lately: "22 Nov 14:02 UTC".
    ///
    /// - Parameters:
    ///   - time: The moment.
    ///   - now: What "lately" is counted from.
    /// - Returns: The text, always with "UTC".
    static func clock(_ time: WallTime, now: WallTime) -> String {
        let clock = "\(time.clockUTC) UTC"
        let age = now.duration(since: time)
        if age < clockAlone { return clock }
        let parts = time.iso8601.prefix(10).split(separator: "-")
        guard age < dateAlone, parts.count == 3, let month = Int(parts[1]), let day = Int(parts[2]),
            HTTPDate.months.indices.contains(month - 1)
        else { return "\(time.iso8601.prefix(10)) \(clock)" }
        return "\(day) \(HTTPDate.months[month - 1]) \(clock)"
    }

    /// "14:02:07 UTC".
    static func clockWithSeconds(_ time: WallTime) -> String { "\(time.iso8601.dropFirst(11).prefix(8)) UTC" }

    /// "4 s ago".
    static func ago(_ time: WallTime, now: WallTime) -> String {
        let age = now.duration(since: time)
        return age < .seconds(1) ? "just now" : "\(words(age)) ago"
    }

    /// A time that a machine took: "< 0.1 ms", "0.4 ms", "12 ms", "1.2 s".
    static func latency(_ duration: Duration) -> String {
        let milliseconds = max(0, duration / .milliseconds(1))
        switch milliseconds {
        case ..<0.05: return "< 0.1 ms"
        case ..<10: return "\(tenths(milliseconds)) ms"
        case ..<1000: return "\(Int(milliseconds.rounded())) ms"
        case ..<100_000: return "\(tenths(milliseconds / 1000)) s"
        default: return words(duration)
        }
    }

    /// A time to within a part in sixty, in one unit: "42 s", "3 min", "5 h", "2 days".
    static func words(_ duration: Duration) -> String {
        let seconds = max(0, Int((duration / .seconds(1)).rounded()))
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) days"
        }
    }

    /// A time that people wait: "42 s", "3 min 20 s", "2 h 5 min", "3 days 4 h".
    static func span(_ duration: Duration) -> String {
        let seconds = max(0, Int((duration / .seconds(1)).rounded()))
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<600: return "\(seconds / 60) min\(rest(seconds % 60, "s"))"
        case ..<3600: return "\(seconds / 60) min"
        case ..<86_400: return "\(seconds / 3600) h\(rest(seconds % 3600 / 60, "min"))"
        case ..<172_800: return "1 day\(rest(seconds % 86_400 / 3600, "h"))"
        default: return "\(seconds / 86_400) days\(rest(seconds % 86_400 / 3600, "h"))"
        }
    }

    private static func rest(_ number: Int, _ unit: String) -> String { number == 0 ? "" : " \(number) \(unit)" }

    private static func tenths(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
