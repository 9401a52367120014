/// One user of the access file.
package struct AccessUser: Sendable, Equatable {
    /// The longest user name, in characters.
    package static let maximumNameLength = 64

    /// Letters, digits, `.`, `_` and `-`; safe in log lines, object keys and environment variables.
    package let name: String

    /// What the user may push to.
    package let grant: AppGrant

    /// The keys that prove who it is, in the order of the file.
    package let keys: [PublicKey]

    /// Whether the text may be a user name.
    static func isValid(name: String) -> Bool {
        (1...maximumNameLength).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default:
                    false
                }
            }
    }
}
