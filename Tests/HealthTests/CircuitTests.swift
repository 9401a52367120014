import Health
import Synchronization
import Testing

@Suite struct CircuitTests {
    @Test("a circuit goes open, closed, open, and says whether a call changed it")
    func transitions() {
        let circuit = Circuit()
        #expect(circuit.state == .open)
        #expect(!circuit.open())
        #expect(circuit.close())
        #expect(circuit.isClosed)
        #expect(!circuit.close())
        #expect(circuit.open())
        #expect(!circuit.isClosed)
    }

    @Test("under contention every closing is matched by exactly one opening")
    func stress() async {
        let circuit = Circuit()
        let counts = Counts()
        await withDiscardingTaskGroup { group in
            for worker in 0..<8 {
                group.addTask {
                    for _ in 0..<20_000 {
                        if worker.isMultiple(of: 2) {
                            if circuit.close() { counts.closings.add(1, ordering: .relaxed) }
                        } else if circuit.open() {
                            counts.openings.add(1, ordering: .relaxed)
                        }
                    }
                }
            }
        }
        let difference = counts.closings.load(ordering: .relaxed) - counts.openings.load(ordering: .relaxed)
        #expect(counts.closings.load(ordering: .relaxed) > 0)
        #expect(difference == (circuit.isClosed ? 1 : 0))
    }

    private final class Counts: Sendable {
        let closings = Atomic<Int>(0)
        let openings = Atomic<Int>(0)
    }
}
