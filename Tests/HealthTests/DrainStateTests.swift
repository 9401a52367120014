import Testing

@testable import Health

@Suite struct DrainStateTests {
    @Test("each step of the drain is told, with the time and the pushes that are left")
    func steps() {
        let drain = DrainState(runningPushes: { 2 })
        #expect(drain.phase == .serving)
        #expect(!drain.isDraining)
        #expect(drain.text == nil)

        drain.stillAccepting(until: .now + .seconds(1_000))
        #expect(drain.isDraining)
        #expect(drain.text?.hasPrefix("draining: still accepting connections for ") == true)
        guard case .stillAccepting(let rest) = drain.phase else {
            Issue.record("not accepting")
            return
        }
        #expect(rest <= .seconds(1_000) && rest > .seconds(900))

        drain.waiting(until: .now - .seconds(3))
        #expect(drain.phase == .waiting(for: .zero))
        #expect(drain.text == "draining: no new connections; 2 pushes finish, for at most 0 s")

        drain.ended()
        #expect(drain.phase == .ended)
        #expect(drain.isDraining)
        #expect(drain.text == "draining: finished")
    }

    @Test(
        "the words fit the numbers",
        arguments: [
            (DrainState.Phase.stillAccepting(for: .seconds(2.1)), 0, "draining: still accepting connections for 3 s"),
            (.waiting(for: .seconds(41)), 2, "draining: no new connections; 2 pushes finish, for at most 41 s"),
            (.waiting(for: .seconds(41)), 1, "draining: no new connections; 1 push finishes, for at most 41 s"),
            (.waiting(for: .seconds(41)), 0, "draining: no new connections; no push is running"),
        ])
    func words(phase: DrainState.Phase, pushes: Int, expected: String) {
        #expect(DrainState.text(phase, pushes: pushes) == expected)
    }
}
