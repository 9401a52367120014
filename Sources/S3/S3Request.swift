/// One call, not yet signed.
struct S3Request: Sendable {
    let operation: S3Operation
    /// Of the object in its bucket, prefix included; nil for the bucket itself.
    let name: String?
    var query: [(name: String, value: String)] = []
    /// Besides those of the signature.
    var headers: [(name: String, value: String)] = []
    var payload = S3Payload.empty

    /// Makes a call.
    ///
    /// - Parameters:
    ///   - operation: What to do.
    ///   - name: Of the object; nil for the bucket itself.
    init(_ operation: S3Operation, _ name: String?) {
        self.operation = operation
        self.name = name
    }
}
