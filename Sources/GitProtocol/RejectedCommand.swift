/// A command whose ref has a name that is not allowed: answered with `ng`, while the others go on.
package struct RejectedCommand: Equatable, Sendable {
    /// How much of the name is kept for showing, in bytes.
    private static let maximumTextLength = 200

    /// The name, byte for byte, for the report (see ``RefReport``).
    package let name: [UInt8]

    /// Why it is not allowed, fit for the report.
    package let reason: String

    /// Whether the command would have deleted the ref; if not, a pack comes.
    package let isDelete: Bool

    init(name: [UInt8], reason: RefNameError, isDelete: Bool) {
        self.name = name
        self.reason = reason.description
        self.isDelete = isDelete
    }

    /// The name for people and logs: printable and cut.
    package var refText: String { ClientText.line(name, maximumBytes: Self.maximumTextLength) }
}
