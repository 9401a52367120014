/// A container image that a build made and pushed to its registry.
package struct BuiltImage: Sendable, Equatable, Codable {
    /// With its tag, without a digest: `registry.example.com/team/blog:1a2b3c…`.
    package let reference: String
    /// `sha256:` and 64 hex digits.
    package let digest: String

    package init(reference: String, digest: String) {
        self.reference = reference
        self.digest = digest
    }

    /// What deploys exactly this image.
    package var pinned: String { "\(reference)@\(digest)" }
}
