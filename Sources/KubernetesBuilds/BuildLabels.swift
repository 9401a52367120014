/// The names of labels and annotations on Jobs and their pods, and what may be their values.
enum BuildLabels {
    static let managedBy = "app.kubernetes.io/managed-by"
    static let component = "app.kubernetes.io/component"
    static let app = "slipway.dev/app"
    static let build = "slipway.dev/build"
    static let server = "slipway.dev/server"
    static let boot = "slipway.dev/boot"

    static let commit = "slipway.dev/commit"
    static let ref = "slipway.dev/ref"
    static let user = "slipway.dev/user"
    static let push = "slipway.dev/push"
    static let record = "slipway.dev/record"
    /// The namespace of the server's pod; missing when it is in none.
    static let serverNamespace = "slipway.dev/server-namespace"

    /// What all Jobs of ours have.
    static let ours = [managedBy: "slipway", component: "build"]
    /// What labels and annotations of ours start with.
    static let prefix = "slipway.dev/"

    /// The longest value of a label (Kubernetes documentation, "Labels and Selectors").
    private static let maximumValue = 63
    /// Longer than any name of a branch that people read.
    private static let maximumAnnotation = 1024

    /// A text as the value of a label: at most 63 of `A-Z a-z 0-9 - _ .`, with a letter or digit at both ends.
    static func value(_ text: String) -> String {
        var bytes = text.utf8.prefix(maximumValue).map { byte in
            isLetterOrDigit(byte) || "-_.".utf8.contains(byte) ? byte : UInt8(ascii: "-")
        }[...]
        while let last = bytes.last, !isLetterOrDigit(last) { bytes.removeLast() }
        while let first = bytes.first, !isLetterOrDigit(first) { bytes.removeFirst() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A text as the value of an annotation: one line, and not too long.
    static func annotation(_ text: String) -> String { text.oneLine(maximumAnnotation) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
