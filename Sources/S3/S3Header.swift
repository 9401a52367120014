/// Names of headers that are used in several places.
enum S3Header {
    /// Metadata of ours: which put made the object, so that a put finds its own effect after a lost answer.
    static let mark = "x-amz-meta-slipway-put"
    /// Metadata of ours: bytes per part, without which nobody can check the hash of an object in parts.
    static let partSize = "x-amz-meta-slipway-part-size"
    /// The SHA-256 of what is sent, in Base64; S3 refuses what does not fit, and gives it back when the object is read.
    static let sha256 = "x-amz-checksum-sha256"
    static let crc32 = "x-amz-checksum-crc32"
    /// What content is when nobody says so; some servers take a missing type for that of a form.
    static let contentType = (name: "content-type", value: "application/octet-stream")
}
