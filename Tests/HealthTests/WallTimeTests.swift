import Health
import Testing

@Suite struct WallTimeTests {
    @Test(
        "a moment is written as ISO 8601 and as hour and minute",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"), (1_783_173_725.9, "2026-07-04T14:02:05Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
        ])
    func text(seconds: Double, expected: String) {
        let time = WallTime(secondsSinceEpoch: seconds)
        #expect(time.iso8601 == expected)
        #expect("\(time)" == expected)
        #expect(time.clockUTC == String(expected.dropFirst(11).prefix(5)))
    }

    @Test("no number of seconds is too odd to be written", arguments: [-1, 1e300, -1e300, .infinity, -.infinity])
    func extremes(seconds: Double) {
        #expect(WallTime(secondsSinceEpoch: seconds).iso8601.count == 20)
    }

    @Test("every day of 400 years follows the one before")
    func days() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var second = 0.0
        for year in 1970..<2370 {
            let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
            for month in 1...12 {
                let length = lengths[month - 1] + (month == 2 && isLeap ? 1 : 0)
                for day in 1...length {
                    let (m, d) = (month < 10 ? "0\(month)" : "\(month)", day < 10 ? "0\(day)" : "\(day)")
                    guard WallTime(secondsSinceEpoch: second).iso8601 == "\(year)-\(m)-\(d)T00:00:00Z" else {
                        Issue.record("\(second) is not \(year)-\(m)-\(d)")
                        return
                    }
                    second += 86_400
                }
            }
        }
    }

    @Test("durations between moments are never negative")
    func durations() {
        let early = WallTime(secondsSinceEpoch: 100)
        let late = early.advanced(by: .seconds(2.5))
        #expect(early < late)
        #expect(late.duration(since: early) == .seconds(2.5))
        #expect(early.duration(since: late) == .zero)
    }
}
