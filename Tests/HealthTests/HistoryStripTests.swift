import TestSupport
import Testing

@testable import Health

@Suite struct HistoryStripTests {
    private func minute(_ minute: Double) -> WallTime { WallTime(secondsSinceEpoch: minute * 60) }

    @Test("each minute tells whether its checks succeeded, failed, or both")
    func kinds() {
        var strip = HistoryStrip()
        strip.record(success: true, at: minute(1_000))
        strip.record(success: true, at: minute(1_001))
        strip.record(success: false, at: minute(1_001.5))
        strip.record(success: false, at: minute(1_003))
        let buckets = strip.buckets(until: minute(1_003.9))
        #expect(buckets.count == 60)
        #expect(buckets.suffix(5) == [.none, .up, .partly, .none, .down])
        #expect(strip.buckets(until: minute(1_059)).prefix(2) == [.up, .partly])
        #expect(strip.buckets(until: minute(1_060)).first == .partly)
        #expect(strip.buckets(until: minute(1_064)) == Array(repeating: .none, count: 60))
    }

    @Test("it agrees with a list of all checks, whatever the times")
    func fuzz() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        var strip = HistoryStrip()
        var all: [(minute: Int, success: Bool)] = []
        var time = 50_000
        for _ in 0..<500 {
            time += Int.random(in: 0...3, using: &random) == 0 ? Int.random(in: 0...70, using: &random) : 0
            let success = Bool.random(using: &random)
            strip.record(success: success, at: minute(Double(time)))
            all.append((time, success))
            let expected = (time - 59...time).map { minute -> HistoryBucket in
                switch Set(all.filter { $0.minute == minute }.map(\.success)) {
                case [true, false]: .partly
                case [true]: .up
                case [false]: .down
                default: .none
                }
            }
            guard strip.buckets(until: minute(Double(time))) == expected else {
                Issue.record("differs with seed \(seed)")
                return
            }
        }
    }

    @Test("no time of the clock is too odd", arguments: [-1e300, -1, 0, 1e300, .infinity])
    func extremes(seconds: Double) {
        var strip = HistoryStrip()
        let time = WallTime(secondsSinceEpoch: seconds)
        strip.record(success: true, at: time)
        #expect(strip.buckets(until: time).last == .up)
    }
}
