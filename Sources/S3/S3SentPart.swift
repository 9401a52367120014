/// A part that the server has.
struct S3SentPart: Sendable {
    let number: Int
    let size: Int
    /// As the server gave it, without quotes.
    let etag: String
    let sha256: [UInt8]
}
