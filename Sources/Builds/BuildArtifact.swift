package import ObjectStorage

/// What a build left to be kept, as a tar.gz that is made while it is stored.
package struct BuildArtifact: Sendable {
    private let body: @Sendable (any ObjectWriter) async throws -> Void

    /// Makes an artifact of a function that writes it.
    package init(_ body: @escaping @Sendable (any ObjectWriter) async throws -> Void) { self.body = body }

    /// Streams the artifact, in constant memory.
    ///
    /// - Throws: ``BuildArtifactError`` when it cannot be taken, and what `writer` throws.
    package func write(to writer: any ObjectWriter) async throws { try await body(writer) }
}
