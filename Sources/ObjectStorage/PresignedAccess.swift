/// What a presigned URL allows.
package enum PresignedAccess: String, Sendable, CaseIterable {
    /// Reading the object.
    case get = "GET"
    /// Putting it.
    case put = "PUT"
}
