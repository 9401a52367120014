/// The steps of a build, in their order.
package enum BuildPhase: String, Sendable, Codable, CaseIterable {
    /// Waiting for a pod that gets the source, in a cluster.
    case fetch
    /// Streaming the source out of the store into a fresh directory.
    case unpack
    /// Running the recipe.
    case build
    /// Storing what the recipe left in `$SLIPWAY_OUTPUT`.
    case artifact
}
