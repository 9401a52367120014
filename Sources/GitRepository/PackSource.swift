import Synchronization

/// The bytes of a pack as they come from a client, with a start that is looked at before they are passed on.
final class PackSource: Sendable {
    private struct State {
        var buffered: [UInt8]
        var passed: Int64 = 0
        var hasEnded = false
    }

    private let next: @Sendable () async throws -> [UInt8]?
    private let state: Mutex<State>

    /// Takes the source.
    ///
    /// - Parameters:
    ///   - initial: Bytes of the pack that were received with the commands.
    ///   - next: Yields the rest, nil at its end.
    init(initial: [UInt8], next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.next = next
        state = Mutex(State(buffered: initial))
    }

    /// Bytes passed on so far.
    var passed: Int64 { state.withLock { $0.passed } }

    /// The start of the pack, which is still to be passed on.
    ///
    /// - Parameter count: How many bytes are wanted.
    /// - Returns: At least as many, or fewer when the input ends before.
    /// - Throws: What the source throws.
    func peek(_ count: Int) async throws -> [UInt8] {
        var bytes = state.withLock { $0.buffered }
        while bytes.count < count, let more = try await more() {
            bytes += more
            let collected = bytes
            state.withLock { $0.buffered = collected }
        }
        return bytes
    }

    /// The next bytes, nil at the end.
    func read() async throws -> [UInt8]? {
        let buffered = state.withLock { state in
            defer { state.buffered = [] }
            return state.buffered
        }
        let bytes: [UInt8]?
        if buffered.isEmpty { bytes = try await more() } else { bytes = buffered }
        state.withLock { $0.passed += Int64(bytes?.count ?? 0) }
        return bytes
    }

    /// Asks the source, but never again after its end.
    private func more() async throws -> [UInt8]? {
        if state.withLock({ $0.hasEnded }) { return nil }
        let bytes = try await next()
        if bytes == nil { state.withLock { $0.hasEnded = true } }
        return bytes
    }
}
