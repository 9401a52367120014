/// The value of `GIT_PROTOCOL`: colon-separated keys and values such as `version=2` (git's protocol-v2 document).
enum GitProtocolVariable {
    /// Far above anything git sends, far below what could matter.
    static let maximumLength = 128

    /// Whether `value` is one that may be handed on to `git upload-pack`.
    static func isValid(_ value: String) -> Bool {
        !value.isEmpty && value.utf8.count <= maximumLength
            && value.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || [UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "-")].contains(byte)
            }
    }
}
