/// How a pushed tree says that it wants to be built.
package enum BuildRecipe: String, Sendable, Equatable, Codable, CaseIterable {
    /// An executable `.slipway/build`, run as it is.
    case script
    /// A `Dockerfile`, built into an OCI archive by buildah.
    case dockerfile
    /// A `Makefile`, built with `make`.
    case makefile

    /// The path in the tree that asks for this recipe.
    package var path: String {
        switch self {
        case .script: ".slipway/build"
        case .dockerfile: "Dockerfile"
        case .makefile: "Makefile"
        }
    }

    /// Chooses the recipe of a tree: the script, else the Dockerfile where buildah is there, else the Makefile.
    ///
    /// A symbolic link counts as what it is named: whether it leads anywhere is for the build to find out, inside its
    /// sandbox.
    ///
    /// - Parameters:
    ///   - hasBuildah: Whether the executor can build a Dockerfile.
    ///   - entry: Tells what a path in the tree is; `nil` when there is nothing.
    /// - Returns: The recipe to build with.
    /// - Throws: ``BuildDetectionError`` when there is nothing that can be built, and whatever `entry` throws.
    package static func detect(
        hasBuildah: Bool, entry: (String) async throws -> SourceEntryKind?
    ) async throws -> BuildRecipe {
        switch try await entry(BuildRecipe.script.path) {
        case .executable, .symlink: return .script
        // Someone wrote a build script: falling back to another recipe would hide the mistake.
        case .file: throw BuildDetectionError.scriptNotExecutable
        case .directory, .submodule: throw BuildDetectionError.scriptNotAFile
        case nil: break
        }
        let hasDockerfile = try await isFile(entry(BuildRecipe.dockerfile.path))
        if hasDockerfile, hasBuildah { return .dockerfile }
        if try await isFile(entry(BuildRecipe.makefile.path)) { return .makefile }
        throw hasDockerfile ? BuildDetectionError.buildahMissing : BuildDetectionError.nothingToBuild
    }

    private static func isFile(_ kind: SourceEntryKind?) -> Bool {
        switch kind {
        case .file, .executable, .symlink: true
        case .directory, .submodule, nil: false
        }
    }
}
