import PushPipeline
import Synchronization

/// A client whose bytes are given, and whose other side is recorded.
final class ScriptedChannel: ClientChannel {
    private struct State {
        var input: [[UInt8]]
        var output: [UInt8] = []
        var errors: [UInt8] = []
    }

    /// What happens when the given bytes have been read.
    enum Ending: Sendable {
        case endOfInput
        case silence
    }

    struct HungUp: Error {}

    private let state: Mutex<State>
    private let ending: Ending
    private let isGone: Bool

    init(input: [[UInt8]] = [], ending: Ending = .endOfInput, isGone: Bool = false) {
        state = Mutex(State(input: input))
        self.ending = ending
        self.isGone = isGone
    }

    var output: [UInt8] { state.withLock { $0.output } }
    var outputText: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: state.withLock { $0.errors }, as: UTF8.self) }

    func read() async throws -> [UInt8]? {
        if isGone { throw HungUp() }
        let next = state.withLock { $0.input.isEmpty ? nil : $0.input.removeFirst() }
        if next == nil, ending == .silence { try await Task.sleep(for: .seconds(3600)) }
        return next
    }

    func write(_ bytes: [UInt8]) async throws {
        if isGone { throw HungUp() }
        state.withLock { $0.output += bytes }
    }

    func writeError(_ bytes: [UInt8]) async throws {
        if isGone { throw HungUp() }
        state.withLock { $0.errors += bytes }
    }
}
