/// Takes the time stamps out of a log, as its bytes arrive, however they are cut.
///
/// Lines may be of any length, and end in nothing; content may be any bytes.
struct LogEntryParser {
    /// A piece of a log.
    enum Piece: Equatable {
        /// A line begins; its content follows.
        case stamp(LogTime)
        /// A line goes on in another entry; with the bytes of its stamp and of the space behind it.
        case inner(LogTime, ArraySlice<UInt8>)
        case content(ArraySlice<UInt8>)
        /// Something at the beginning of a line that has no stamp: the rest of a line that began before what was asked
        /// for, or a message of the kubelet itself.
        case unstamped(ArraySlice<UInt8>)
    }

    /// Stamps in the middle of a line that are later than this after the one before are content.
    private static let maximumStep: Int64 = 86_400
    /// Seconds by which a node's clock may be ahead of ours: all machines of a cluster are meant to have the same time,
    /// and what a program prints lies further ahead as a rule.
    static let maximumAhead: Int64 = 5

    private enum Place {
        case lineStart
        case content
        case unstamped
    }

    private let shape: LogShape
    private var place = Place.lineStart
    private var last: LogTime?
    /// The latest stamp at the beginning of a line, where it is beyond doubt: by it the node's clock is known.
    private var latest: LogTime?
    /// Whether content came since the last stamp: no runtime keeps empty parts.
    private var hasContent = false
    /// The end of what came that may be the beginning of a stamp; shorter than one.
    private(set) var held: [UInt8] = []

    /// Begins a log.
    ///
    /// - Parameter shape: Where stamps may be.
    init(_ shape: LogShape) { self.shape = shape }

    /// Whether what is held is surely content if nothing follows.
    var holdsContent: Bool { place == .content && !held.isEmpty }

    /// Takes more bytes.
    ///
    /// - Parameters:
    ///   - more: What came.
    ///   - now: The time by our clock.
    ///   - body: Called for each piece, in order.
    mutating func consume(_ more: [UInt8], at now: LogTime, _ body: (Piece) -> Void) {
        let bytes = held.isEmpty ? more : held + more
        held = []
        var position = bytes.startIndex
        while position < bytes.endIndex {
            switch place {
            case .lineStart:
                switch LogTime.match(bytes[position...]) {
                case .no: place = .unstamped
                case .unfinished:
                    held = Array(bytes[position...])
                    return
                case .stamp(let time, let length):
                    latest = max(time, latest ?? time)
                    begin(time)
                    body(.stamp(time))
                    position += length
                }
            case .unstamped:
                let end = Self.lineEnd(bytes[position...])
                body(.unstamped(bytes[position..<end]))
                if bytes[end - 1] == UInt8(ascii: "\n") { place = .lineStart }
                position = end
            case .content: position = content(bytes, from: position, at: now, body)
            }
        }
    }

    /// Takes content up to the end of its line, a stamp, or the end of what is there.
    ///
    /// - Returns: Where to go on.
    private mutating func content(
        _ bytes: [UInt8], from start: Int, at now: LogTime, _ body: (Piece) -> Void
    ) -> Int {
        let end = Self.lineEnd(bytes[start...])
        let endsLine = bytes[end - 1] == UInt8(ascii: "\n")
        if shape == .entries {
            var search = start
            while let candidate = bytes[search..<end].firstIndex(of: UInt8(ascii: "2")) {
                switch LogTime.match(bytes[candidate...]) {
                case .stamp(let time, let length) where isPlausible(time, hasContent || candidate > start, at: now):
                    emit(bytes[start..<candidate], body)
                    begin(time)
                    body(.inner(time, bytes[candidate..<(candidate + length)]))
                    return candidate + length
                case .unfinished:
                    emit(bytes[start..<candidate], body)
                    held = Array(bytes[candidate...])
                    return bytes.endIndex
                default: search = candidate + 1
                }
            }
        }
        emit(bytes[start..<end], body)
        if endsLine { place = .lineStart }
        return end
    }

    private mutating func emit(_ content: ArraySlice<UInt8>, _ body: (Piece) -> Void) {
        guard !content.isEmpty else { return }
        hasContent = true
        body(.content(content))
    }

    private mutating func begin(_ time: LogTime) {
        last = time
        hasContent = false
        place = .content
    }

    private func isPlausible(_ time: LogTime, _ followsContent: Bool, at now: LogTime) -> Bool {
        guard followsContent, let last else { return false }
        // No entry is from the future.
        guard time.seconds <= max(now, latest ?? now).seconds + Self.maximumAhead else { return false }
        return time >= last && time.seconds - last.seconds <= Self.maximumStep && time.isUTC == last.isUTC
    }

    /// Behind the next line feed, or the end.
    private static func lineEnd(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
    }
}
