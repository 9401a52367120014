/// Why a push ends before it is understood.
///
/// What these repeat of the client's bytes is printable and short.
package enum ReceivePackError: Error, Equatable, Sendable {
    /// How much of a bad line a message repeats, in bytes.
    static let maximumExcerptLength = 100

    case packetLine(PacketLineError)
    /// A packet of protocol version 2, or data where there can be none.
    case unexpectedPacket
    case malformedCommand(String)
    case malformedShallow(String)
    case refNameTooLong(Int)
    case duplicate(RefName)
    case tooManyCommands
    case tooManyCommandBytes
    case capabilities(CapabilitiesError)
    /// A command that is not the first has capabilities.
    case lateCapabilities
    case objectFormat(String)
    case pushCertificate
    case tooManyPushOptions
    case pushOptionTooLong(Int)
    case badPushOption
    /// The client's stream ended in the middle of something.
    case endedEarly(during: String)
}

extension ReceivePackError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .packetLine(let error):
            error.description
        case .unexpectedPacket:
            "expected the commands of a push, got a packet of another protocol version; is the client git?"
        case .malformedCommand(let line):
            "expected a command like \"<old id> <new id> refs/heads/main\", got \"\(line)\"; is the client git?"
        case .malformedShallow(let line):
            "expected \"shallow\" and an object id, got \"\(line)\"; is the client git?"
        case .refNameTooLong(let length):
            "the name of a ref has at most \(RefName.maximumLength) bytes, one of \(length) came; rename it"
        case .duplicate(let ref):
            "multiple updates for ref '\(ClientText.line(ref.rawValue, maximumBytes: Self.maximumExcerptLength))' not allowed; "
                + "name each ref once"
        case .tooManyCommands:
            "one push changes at most \(ReceivePackParser.maximumCommands) refs; push them in several parts"
        case .tooManyCommandBytes:
            "the commands of one push have at most \(ReceivePackParser.maximumCommandBytes >> 20) MiB; "
                + "push the refs in several parts"
        case .capabilities(let error):
            error.description
        case .lateCapabilities:
            "expected capabilities only with the first command, got more with a later one; is the client git?"
        case .objectFormat(let format):
            "expected object format sha1, got \"\(format)\"; this server keeps SHA-1 repositories only"
        case .pushCertificate:
            "signed pushes are not taken here; push with --no-signed"
        case .tooManyPushOptions:
            "a push has at most \(ReceivePackParser.maximumPushOptions) options; give fewer with -o"
        case .pushOptionTooLong(let length):
            "a push option has at most \(ReceivePackParser.maximumPushOptionLength) bytes, one of \(length) came"
        case .badPushOption:
            "a push option is UTF-8 text without control characters, one is not; look at what is given with -o"
        case .endedEarly(let part):
            "the client ended the connection in the middle of \(part); push again"
        }
    }
}
