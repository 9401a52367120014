import Dispatch
import Glibc

/// Asks one probe again and again, on a thread of its own: the tests' threads are as busy as all else.
struct Prober: Sendable {
    let port: UInt16
    let path: String
    /// All questions on one connection, or each on a new one.
    let keepsAlive: Bool

    /// Asks at a steady pace; what is late does not make the next one late.
    func ask(_ count: Int, every pause: Duration) async -> [ProbeClient.Answer] {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "prober").async {
                let client = ProbeClient(port: port, keepsAlive: keepsAlive)
                let start = ContinuousClock.now
                let answers = (0..<count).map { number in
                    let early = start + pause * number - .now
                    if early > .zero { usleep(UInt32(early / .microseconds(1))) }
                    return client.ask(path)
                }
                continuation.resume(returning: answers)
            }
        }
    }
}
