import Testing

@testable import Builds

@Suite struct BuildRecipeTests {
    @Test(
        "the recipe is the script, else the Dockerfile where buildah is, else the Makefile",
        arguments: [
            ([".slipway/build": .executable, "Dockerfile": .file, "Makefile": .file], true, .script),
            ([".slipway/build": .symlink], false, .script),
            (["Dockerfile": .file, "Makefile": .file], true, .dockerfile),
            (["Dockerfile": .file, "Makefile": .file], false, .makefile),
            (["Dockerfile": .directory, "Makefile": .symlink], true, .makefile),
        ] as [([String: SourceEntryKind], Bool, BuildRecipe)])
    func choice(entries: [String: SourceEntryKind], hasBuildah: Bool, expected: BuildRecipe) async throws {
        let recipe = try await BuildRecipe.detect(hasBuildah: hasBuildah) { entries[$0] }
        #expect(recipe == expected)
    }

    @Test(
        "a tree without a recipe is refused with words that say what to do",
        arguments: [
            ([".slipway/build": .file, "Makefile": .file], .scriptNotExecutable, "git update-index --chmod=+x"),
            ([".slipway/build": .directory], .scriptNotAFile, "expected an executable script"),
            (["Dockerfile": .file], .buildahMissing, "apt-get install buildah"),
            (["Makefile": .submodule], .nothingToBuild, ".slipway/build, then a Dockerfile, then a Makefile"),
            ([:], .nothingToBuild, "nothing to build"),
        ] as [([String: SourceEntryKind], BuildDetectionError, String)])
    func refusal(entries: [String: SourceEntryKind], expected: BuildDetectionError, words: String) async {
        await #expect(throws: expected) { try await BuildRecipe.detect(hasBuildah: false) { entries[$0] } }
        #expect(expected.description.contains(words))
    }
}
