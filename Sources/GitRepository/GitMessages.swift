import Synchronization

/// What a git child says on standard error: progress is told apart, the rest kept for the error, both bounded.
final class GitMessages: Sendable {
    /// Lines kept: the first ones name the cause.
    private static let maximumLines = 20

    /// Bytes kept of a line.
    private static let maximumLineLength = 500

    private struct State {
        var line: [UInt8] = []
        var lines: [String] = []
        var lastProgress: ContinuousClock.Instant?
    }

    /// Time between two updates of one progress line.
    private let progressInterval: Duration
    private let state = Mutex(State())

    init(progressInterval: Duration = .milliseconds(100)) {
        self.progressInterval = progressInterval
    }

    /// The lines that were no progress, without the host's paths and control characters.
    var lines: [String] { state.withLock { $0.lines } }

    /// All lines in one, for searching.
    var text: String { lines.joined(separator: "\n") }

    /// Takes what the child wrote.
    ///
    /// - Parameter bytes: Any piece of its standard error.
    /// - Returns: Progress that is worth passing on: whole lines, and updates of a line when the last is old enough.
    @discardableResult
    func append(_ bytes: [UInt8]) -> [UInt8] {
        state.withLock { state in
            var progress: [UInt8] = []
            for byte in bytes {
                if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                    progress += end(with: byte, &state)
                } else if state.line.count < Self.maximumLineLength {
                    state.line.append(byte)
                }
            }
            return progress
        }
    }

    private func end(with terminator: UInt8, _ state: inout State) -> [UInt8] {
        let line = state.line
        state.line.removeAll(keepingCapacity: true)
        guard Self.isProgress(line) else {
            if !line.isEmpty, state.lines.count < Self.maximumLines { state.lines.append(Self.readable(line)) }
            return []
        }
        let now = ContinuousClock.now
        if terminator == UInt8(ascii: "\r"), let last = state.lastProgress, now - last < progressInterval { return [] }
        state.lastProgress = now
        return line + [terminator]
    }

    /// Git's progress is "Resolving deltas:  42% (5/12)"; its messages start with who says them.
    private static func isProgress(_ line: [UInt8]) -> Bool {
        line.contains(UInt8(ascii: "%"))
            && !["error:", "fatal:", "warning:", "hint:"].contains { line.starts(with: $0.utf8) }
    }

    private static func readable(_ line: [UInt8]) -> String {
        let printable = line.map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: "?") : $0 }
        return HostPaths.removed(from: String(decoding: printable, as: UTF8.self))
    }
}
