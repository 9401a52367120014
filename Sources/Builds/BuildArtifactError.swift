/// Why what a build left cannot become its artifact; the build has then failed.
package struct BuildArtifactError: Error, Equatable, CustomStringConvertible {
    package let reason: String

    package init(reason: String) { self.reason = reason }

    package var description: String { "what the build left in $SLIPWAY_OUTPUT cannot be stored: \(reason)" }
}
