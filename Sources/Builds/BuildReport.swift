package import ObjectStorage

/// What the push is told about its build.
package struct BuildReport: Sendable {
    package let id: String
    package let recipe: BuildRecipe
    package let outcome: BuildOutcome
    /// The recipe's exit code; `nil` when it did not end by itself.
    package let exitCode: Int32?
    /// One sentence: what happened and, where one can know it, what to do.
    package let reason: String
    /// The stored artifact; `nil` when the build failed or left nothing.
    package let artifact: ObjectMetadata?
    /// The image that was made, by an executor that makes images.
    package let image: BuiltImage?
    package let log: ObjectMetadata
    package let recordKey: ObjectKey
    package let phases: [BuildPhaseTiming]

    package var succeeded: Bool { outcome == .succeeded }
}
