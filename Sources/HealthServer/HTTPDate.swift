import Health

/// The `Date` field's form of a time, RFC 9110, section 5.6.7.
enum HTTPDate {
    /// From the day of 1970-01-01.
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    /// In English, whatever the host speaks.
    static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Writes a time as `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// - Parameter time: Within the years that ``WallTime`` can name.
    /// - Returns: The text.
    static func text(_ time: WallTime) -> String {
        // "1994-11-06T08:49:37Z"
        let parts = time.iso8601.split { "-TZ".contains($0) }
        guard parts.count == 4, let month = Int(parts[1]), months.indices.contains(month - 1) else { return "" }
        let day = days[Int(max(0, time.secondsSinceEpoch) / 86_400) % 7]
        return "\(day), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]) GMT"
    }
}
