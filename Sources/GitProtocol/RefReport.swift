/// One line of a report: a ref and what became of it.
package struct RefReport: Equatable, Sendable {
    /// The name, byte for byte as the client gave it; otherwise git does not know what is meant.
    package let name: [UInt8]

    /// What became of it.
    package let result: RefResult

    /// Reports on a ref whose name is a text.
    package init(ref: String, result: RefResult) {
        self.init(name: Array(ref.utf8), result: result)
    }

    /// Reports on a ref whose name may be anything, such as ``RejectedCommand/name``.
    package init(name: [UInt8], result: RefResult) {
        self.name = name
        self.result = result
    }
}
