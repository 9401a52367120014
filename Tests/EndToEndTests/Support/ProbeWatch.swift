import Dispatch
import Glibc
import Synchronization

/// Asks `/livez` and `/readyz` five times a second, as long as it is there.
///
/// On a thread of its own, so that it asks whatever the test does.
final class ProbeWatch: Sendable {
    private struct State {
        var isOver = false
        var count = 0
        var failures: [String] = []
    }

    private static let pause: useconds_t = 200_000

    private let state: StateBox

    /// What outlives this object for a moment.
    private final class StateBox: Sendable {
        let content = Mutex(State())
    }

    /// Begins.
    init(_ server: SlipwayServer) {
        let box = StateBox()
        state = box
        let port = server.healthPort
        DispatchQueue(label: "probe-watch", qos: .userInteractive).async {
            let client = ProbeClient(port: port, keepsAlive: false)
            let start = ContinuousClock.now
            while !box.content.withLock(\.isOver) {
                for path in ["/livez", "/readyz"] {
                    let answer = client.ask(path)
                    box.content.withLock { state in
                        state.count += 1
                        guard answer.status != 200 else { return }
                        state.failures.append("\(path) \(answer.status) after \(ContinuousClock.now - start)")
                    }
                }
                usleep(Self.pause)
            }
        }
    }

    deinit { state.content.withLock { $0.isOver = true } }

    /// How many answers there were so far.
    var count: Int { state.content.withLock(\.count) }

    /// All that were not 200.
    var failures: [String] { state.content.withLock(\.failures) }
}
