/// How a pushed tree says that it wants to be built.
package enum BuildRecipe: String, Sendable, Equatable, Codable, CaseIterable {
    /// An executable `.slipway/build`, run as it is.
    case script
    /// A `Dockerfile`, built into an image.
    case dockerfile
    /// A `Makefile`, built with `make`.
    case makefile
    /// Whatever it is: Cloud Native Buildpacks find out, and make an image of it.
    case buildpacks

    /// Chooses the recipe of a tree: the script, else the Dockerfile where the executor builds those, else buildpacks where
    /// it has those, else the Makefile.
    ///
    /// A symbolic link counts as what it is named: whether it leads anywhere is for the build to find out, inside its
    /// sandbox.
    ///
    /// - Parameters:
    ///   - abilities: What the executor can build.
    ///   - entry: Tells what a path in the tree is; `nil` when there is nothing.
    /// - Returns: The recipe to build with.
    /// - Throws: ``BuildDetectionError`` when there is nothing that can be built, and whatever `entry` throws.
    package static func detect(
        _ abilities: BuildAbilities, entry: (String) async throws -> SourceEntryKind?
    ) async throws -> BuildRecipe {
        switch try await entry(".slipway/build") {
        case .executable, .symlink: return .script
        // Someone wrote a build script: falling back to another recipe would hide the mistake.
        case .file: throw BuildDetectionError.scriptNotExecutable
        case .directory, .submodule: throw BuildDetectionError.scriptNotAFile
        case nil: break
        }
        var remedy: String?
        if try await isFile(entry("Dockerfile")) {
            switch abilities.dockerfiles {
            case .yes: return .dockerfile
            case .no(let needed): remedy = needed
            }
        }
        if abilities.buildpacks { return .buildpacks }
        if try await isFile(entry("Makefile")) { return .makefile }
        throw remedy.map(BuildDetectionError.dockerfileUnsupported) ?? BuildDetectionError.nothingToBuild
    }

    private static func isFile(_ kind: SourceEntryKind?) -> Bool {
        switch kind {
        case .file, .executable, .symlink: true
        case .directory, .submodule, nil: false
        }
    }
}
