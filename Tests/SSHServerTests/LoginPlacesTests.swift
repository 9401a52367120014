import Health
import Testing

@testable import SSHServer

@Suite("Places for logins") struct LoginPlacesTests {
    private let start = ContinuousClock.now

    private func places(_ limit: Int, taken: [(address: String, age: Duration)]) -> LoginPlaces {
        var places = LoginPlaces(limit: limit)
        for (number, holder) in taken.enumerated() {
            places.take(UInt64(number), from: holder.address, at: start - holder.age)
        }
        return places
    }

    @Test("while there is room, everybody gets in, from wherever")
    func room() {
        #expect(places(1, taken: []).decision(for: "a", at: start) == .free)
        #expect(
            places(3, taken: [("a", .zero), ("a", .zero)]).decision(for: "a", at: start) == .free)
    }

    @Test("whoever holds most of the places loses the oldest to somebody else at once")
    func fairness() {
        let taken: [(String, Duration)] = [("b", .seconds(1)), ("a", .seconds(1)), ("a", .zero), ("a", .zero)]
        #expect(places(4, taken: taken).decision(for: "c", at: start) == .takes(1))
        // With one more than the other they are even afterwards, with fewer it would be the other's turn.
        #expect(places(4, taken: taken).decision(for: "b", at: start) == .takes(1))
        #expect(places(4, taken: taken).decision(for: "a", at: start) == .refused)
        #expect(places(2, taken: [("a", .zero), ("b", .zero)]).decision(for: "c", at: start) == .refused)
    }

    @Test("who has been there for long without a login goes for a newcomer, the oldest first")
    func age() {
        let old = LoginPlaces.protectedTime
        let places = places(3, taken: [("a", old + .seconds(1)), ("a", old), ("a", .zero)])
        #expect(places.decision(for: "a", at: start) == .takes(0))
        #expect(places.decision(for: "b", at: start) == .takes(0))
    }

    @Test("the reading counts whom no newcomer could replace, with hysteresis")
    func reading() {
        var places = LoginPlaces(limit: 10)
        func reading(_ after: Duration) -> LoginPlacesReading { places.reading(at: start + after) }
        for number in 0..<9 { places.take(UInt64(number), from: "a", at: start) }
        #expect(reading(.zero) == LoginPlacesReading(count: 9, limit: 10, isFull: false))
        places.take(9, from: "a", at: start + .seconds(1))
        #expect(reading(.seconds(1)) == LoginPlacesReading(count: 10, limit: 10, isFull: true))
        places.free(0, at: start + .seconds(1))
        #expect(reading(.seconds(1)) == LoginPlacesReading(count: 9, limit: 10, isFull: true))
        places.free(0, at: start + .seconds(1))
        places.free(1, at: start + .seconds(1))
        #expect(reading(.seconds(1)) == LoginPlacesReading(count: 8, limit: 10, isFull: false))
        places.take(10, from: "b", at: start + .seconds(2))
        places.take(11, from: "b", at: start + .seconds(2))
        #expect(reading(.seconds(2)).isFull)
        // They have all been there for long; whoever comes takes a place of theirs.
        #expect(reading(.seconds(60)) == LoginPlacesReading(count: 0, limit: 10, isFull: false))
        #expect(places.count == 10)
    }

    @Test("an attacker with one address never keeps others out, however fast they come")
    func oneAttacker() {
        var places = LoginPlaces(limit: 8)
        var next: UInt64 = 0
        func come(from address: String, at now: ContinuousClock.Instant) -> Bool {
            next += 1
            switch places.decision(for: address, at: now) {
            case .free: break
            case .takes(let loser): places.free(loser, at: now)
            case .refused: return false
            }
            places.take(next, from: address, at: now)
            return true
        }
        var refused = 0
        for millisecond in 0..<2_000 {
            let now = start + .milliseconds(millisecond)
            _ = come(from: "attacker", at: now)
            if millisecond % 100 == 50 {
                let user = next + 1
                if !come(from: "user \(millisecond)", at: now) { refused += 1 }
                // It logs in before the next one comes.
                places.free(user, at: now)
            }
        }
        #expect(refused == 0)
        #expect(places.count <= 8)
    }
}
