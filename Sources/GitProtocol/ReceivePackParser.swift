/// Reads a client's side of a push up to the pack, fed with bytes as they come.
///
/// Does no I/O: the caller reads and feeds, this says when the request is complete. An error is final; the same one comes
/// again if more is fed. What is kept while reading is bounded by the limits below and one packet.
package struct ReceivePackParser: Sendable {
    /// The most refs one push may change: far above a mirror of a large repository's branches and tags.
    package static let maximumCommands = 10_000

    /// The most bytes of commands, packet lengths included; 10,000 commands of usual length are about 1 MiB.
    package static let maximumCommandBytes = 4 << 20

    /// The most push options; each is a note from the user to the server.
    package static let maximumPushOptions = 64

    /// The longest push option, in bytes.
    package static let maximumPushOptionLength = 1024

    /// The longest name of a ref that is answered in a report rather than by ending the push, in bytes (`PATH_MAX`).
    package static let maximumReportedNameLength = 4096

    private enum State: Sendable {
        case commands
        case pushOptions
        case complete(ReceivePackRequest)
        case failed(ReceivePackError)
    }

    private var state = State.commands
    private var decoder = PacketLineDecoder()
    private var list = CommandList()
    private var pushOptions: [String] = []

    package init() {}

    /// Takes bytes as they came.
    ///
    /// - Parameter bytes: The next bytes of the stream, split anywhere.
    /// - Returns: The request as soon as it is complete, from then on every time; `nil` while more is needed. Bytes
    ///   behind the request are kept for ``takeRemainder()``.
    /// - Throws: ``ReceivePackError`` when this is no push that can be answered ref by ref.
    package mutating func consume(_ bytes: [UInt8]) throws(ReceivePackError) -> ReceivePackRequest? {
        if case .failed(let error) = state { throw error }
        decoder.append(bytes)
        do throws(ReceivePackError) {
            while true {
                if case .complete(let request) = state { return request }
                guard let packet = try nextPacket() else { return nil }
                try take(packet)
            }
        } catch {
            state = .failed(error)
            throw error
        }
    }

    /// Hands out the bytes that came behind the request: the start of the pack.
    ///
    /// Call it once, when the request is complete, and read the rest of the pack from the connection.
    package mutating func takeRemainder() -> [UInt8] {
        decoder.takeRemainder()
    }

    /// Says that the client ended its stream.
    ///
    /// - Throws: ``ReceivePackError`` when it stopped in the middle of its request. Nothing at all is no error: the client
    ///   saw the advertisement and had nothing to push. Nor is a complete request; whether a pack followed is for the
    ///   reader of the pack to say.
    package func endOfInput() throws(ReceivePackError) {
        switch state {
        case .complete: return
        case .failed(let error): throw error
        case .commands where list.isEmpty && decoder.pendingCount == 0: return
        case .commands: throw .endedEarly(during: "its commands")
        case .pushOptions: throw .endedEarly(during: "its push options")
        }
    }

    private mutating func nextPacket() throws(ReceivePackError) -> PacketLine? {
        do throws(PacketLineError) {
            return try decoder.next()
        } catch {
            throw .packetLine(error)
        }
    }

    private mutating func take(_ packet: PacketLine) throws(ReceivePackError) {
        switch (packet, state) {
        case (.data(let payload), .commands):
            try list.add(payload)
        case (.data(let payload), .pushOptions):
            try addPushOption(Self.withoutNewline(payload))
        case (.flush, .commands) where list.capabilities.contains("push-options"):
            state = .pushOptions
        case (.flush, _):
            state = .complete(request)
        case (.delimiter, _), (.responseEnd, _), (.data, _):
            throw .unexpectedPacket
        }
    }

    private var request: ReceivePackRequest {
        ReceivePackRequest(
            commands: list.commands, rejected: list.rejected, capabilities: list.capabilities,
            pushOptions: pushOptions, shallow: list.shallow)
    }

    private mutating func addPushOption(_ bytes: [UInt8]) throws(ReceivePackError) {
        guard pushOptions.count < Self.maximumPushOptions else { throw .tooManyPushOptions }
        guard bytes.count <= Self.maximumPushOptionLength else { throw .pushOptionTooLong(bytes.count) }
        guard !bytes.contains(where: \.isControl), let option = String(validating: bytes, as: UTF8.self) else {
            throw .badPushOption
        }
        pushOptions.append(option)
    }

    /// Drops the one newline that a line may end with.
    static func withoutNewline(_ payload: [UInt8]) -> [UInt8] {
        payload.last == UInt8(ascii: "\n") ? payload.dropLast() : payload
    }
}
