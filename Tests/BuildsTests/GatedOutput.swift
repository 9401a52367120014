import Builds
import Synchronization

/// A client that stops to read when the build's own output begins, until it is opened.
final class GatedOutput: BuildOutput {
    private enum Gate {
        case ajar
        case closed([CheckedContinuation<Void, Never>])
        case open
    }

    private let gate = Mutex(Gate.ajar)
    private let written = Mutex(0)

    var count: Int { written.withLock { $0 } }
    var isClosed: Bool { gate.withLock { if case .closed = $0 { true } else { false } } }

    func write(_ bytes: [UInt8]) async throws {
        written.withLock { $0 += bytes.count }
        guard bytes.starts(with: "y\n".utf8) else { return }
        await withCheckedContinuation { continuation in
            let passes = gate.withLock { gate in
                switch gate {
                case .open: return true
                case .ajar: gate = .closed([continuation])
                case .closed(let waiting): gate = .closed(waiting + [continuation])
                }
                return false
            }
            if passes { continuation.resume() }
        }
    }

    func open() {
        let waiting = gate.withLock { gate -> [CheckedContinuation<Void, Never>] in
            defer { gate = .open }
            if case .closed(let waiting) = gate { return waiting }
            return []
        }
        for continuation in waiting { continuation.resume() }
    }
}
