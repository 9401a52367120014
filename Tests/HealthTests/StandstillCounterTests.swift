import Testing

@testable import Health

@Suite struct StandstillCounterTests {
    @Test("looks without a move are counted, and a move ends the count")
    func counting() {
        var counter = StandstillCounter(count: 1)
        var seen: [Int] = []
        for count: UInt64? in [nil, nil, 1, 1, 1, 2, 2, nil, 2, 2, 0] {
            counter.look([count])
            seen.append(counter.looks[0])
        }
        #expect(seen == [0, 0, 0, 1, 2, 0, 1, 0, 0, 1, 0])
    }

    @Test("a process that was stopped for an hour has looked once since: nothing stands still")
    func stopped() {
        // Looks and beats both cease with SIGSTOP; there is no clock that could tell the counter of it.
        var counter = StandstillCounter(count: 2)
        for beat in 1...UInt64(5) { counter.look([beat, 1_000 + beat]) }
        counter.look([5, 1_005])
        #expect(counter.looks == [1, 1])
        counter.look([6, 1_006])
        #expect(counter.looks == [0, 0])
    }

    @Test("counts that are too many or too few do no harm")
    func mismatch() {
        var counter = StandstillCounter(count: 1)
        counter.look([1, 2, 3])
        counter.look([])
        #expect(counter.looks == [0])
    }
}
