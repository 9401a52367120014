import TestSupport
import Testing

@testable import Health

@Suite struct SaturationTests {
    @Test("full at 100 %, free again at 80 %")
    func hysteresis() {
        var saturation = Saturation(limit: 1_024)
        var seen: [Bool] = []
        for count in [0, 1_023, 1_024, 1_023, 820, 819, 1_023, 1_500, 900, 0] {
            saturation.observe(count: count)
            seen.append(saturation.isFull)
        }
        #expect(seen == [false, false, true, true, true, false, false, true, true, false])
    }

    @Test("any limit can be filled and freed", arguments: [Int.min, -1, 0, 1, 2, 3, 4, 5, 64, Int.max])
    func limits(limit: Int) {
        var saturation = Saturation(limit: limit)
        #expect(!saturation.isFull)
        saturation.observe(count: saturation.limit)
        #expect(saturation.isFull)
        #expect((0..<saturation.limit).contains(Saturation.countThatFrees(limit: saturation.limit)))
        saturation.observe(count: 0)
        #expect(!saturation.isFull)
    }

    @Test("what is wrong is said with numbers")
    func words() {
        #expect(SlotsReading(count: 5, limit: 10, isFull: false).problem == nil)
        let logins = LoginPlacesReading(count: 60, limit: 64, isFull: true)
        #expect(
            SlotsReading(count: 70, limit: 1_024, isFull: false, loginPlaces: logins).problem
                == "login places 60 of 64 taken by clients that have not logged in; ready again at 51")
        #expect(
            SlotsReading(count: 1_024, limit: 1_024, isFull: true).problem
                == "all 1024 connections are taken; ready again at 819")
        #expect(
            SlotsReading(count: 900, limit: 1_024, isFull: true).problem
                == "900 of 1024 connections are taken; ready again at 819")
    }
}
