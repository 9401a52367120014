/// One reading of a log: finds what was delivered before, and gives what follows.
struct LogPass {
    private enum Phase: Equatable {
        /// Nothing is passed on until the anchor comes.
        case seeking(LogTime)
        /// The anchor came; so many bytes behind it were dealt with before.
        case skipping(Int64)
        case delivering
    }

    private var parser: LogEntryParser
    private var phase: Phase
    /// How far delivery has come.
    private(set) var position: LogPosition
    /// Bytes that were new in this pass.
    private(set) var fresh: Int64 = 0
    /// Whether the anchor was not there although later entries were: the node has rotated the log away.
    private(set) var isGapFound = false
    /// The beginning of what the kubelet itself said.
    private(set) var remark: [UInt8] = []

    private static let maximumRemark = 300

    /// Begins a reading.
    ///
    /// - Parameters:
    ///   - position: What was delivered before.
    ///   - shape: Where stamps may be.
    init(from position: LogPosition, _ shape: LogShape) {
        self.position = position
        parser = LogEntryParser(shape)
        phase = position.anchor.map { .seeking($0) } ?? .delivering
    }

    /// Whether the reading has come to where delivery had ended before.
    var hasCaughtUp: Bool { phase == .delivering || phase == .skipping(0) }

    /// Takes bytes of the answer.
    ///
    /// - Parameters:
    ///   - bytes: What came.
    ///   - now: The time by our clock.
    /// - Returns: Content that was not delivered before.
    mutating func consume(_ bytes: [UInt8], at now: LogTime = .now) -> [UInt8] {
        var output: [UInt8] = []
        var parser = self.parser
        parser.consume(bytes, at: now) { piece in take(piece, &output) }
        self.parser = parser
        return output
    }

    /// Takes the end of the log for its end: what looked like the beginning of a stamp was content.
    ///
    /// - Returns: What is left of it.
    mutating func finish() -> [UInt8] {
        guard parser.holdsContent else { return [] }
        var output: [UInt8] = []
        take(.content(parser.held[...]), &output)
        return output
    }

    private mutating func take(_ piece: LogEntryParser.Piece, _ output: inout [UInt8]) {
        switch (piece, phase) {
        case (.stamp(let time), .seeking(let anchor)):
            if time == anchor {
                phase = .skipping(position.passed)
            } else if time > anchor {
                // All that came before the anchor has earlier stamps: it is not in this log any more.
                isGapFound = true
                phase = .delivering
                position.restart(at: time)
            }
        case (.stamp(let time), .skipping(let rest)) where rest > 0:
            guard let newest = position.newest, time > newest else { break }
            // There is less behind the anchor than was delivered: this is not the log that it was.
            isGapFound = true
            phase = .delivering
            position.restart(at: time)
        case (.stamp(let time), _):
            phase = .delivering
            position.begin(time)
        case (.inner, .seeking), (.content, .seeking): break
        case (.inner(_, let bytes), .skipping(let rest)) where rest > 0:
            // It counts whatever it was taken for before; what was content is delivered to its end.
            take(.content(bytes), &output)
        case (.inner(let time, let bytes), _):
            phase = .delivering
            position.goOn(time, length: bytes.count)
        case (.content(let content), .skipping(let rest)):
            let skipped = min(rest, Int64(content.count))
            phase = .skipping(rest - skipped)
            deliver(content.dropFirst(Int(skipped)), &output)
        case (.content(let content), .delivering): deliver(content, &output)
        case (.unstamped(let bytes), .delivering), (.unstamped(let bytes), .skipping):
            remark += bytes.prefix(Self.maximumRemark - remark.count)
        case (.unstamped, .seeking): break
        }
    }

    private mutating func deliver(_ content: ArraySlice<UInt8>, _ output: inout [UInt8]) {
        output += content
        position.advance(content.count)
        fresh += Int64(content.count)
    }
}
