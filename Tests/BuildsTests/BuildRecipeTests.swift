import Testing

@testable import Builds

@Suite struct BuildRecipeTests {
    private static let able = BuildAbilities(dockerfiles: .yes)
    private static let unable = BuildAbilities(dockerfiles: .no(remedy: "install it"))

    @Test("where there are buildpacks, they take what has no script and no Dockerfile that can be built")
    func buildpacks() async throws {
        let all = BuildAbilities(dockerfiles: .yes, buildpacks: true)
        let some = BuildAbilities(dockerfiles: .no(remedy: ""), buildpacks: true)
        for (entries, abilities, expected) in [
            ([".slipway/build": .executable], all, .script), (["Dockerfile": .file], all, .dockerfile),
            (["Dockerfile": .file], some, .buildpacks), (["Makefile": .file], all, .buildpacks),
            ([:], all, .buildpacks),
        ] as [([String: SourceEntryKind], BuildAbilities, BuildRecipe)] {
            #expect(try await BuildRecipe.detect(abilities) { entries[$0] } == expected)
        }
    }

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
        let recipe = try await BuildRecipe.detect(hasBuildah ? Self.able : Self.unable) { entries[$0] }
        #expect(recipe == expected)
    }

    @Test(
        "a tree without a recipe is refused with words that say what to do",
        arguments: [
            ([".slipway/build": .file, "Makefile": .file], .scriptNotExecutable, "git update-index --chmod=+x"),
            ([".slipway/build": .directory], .scriptNotAFile, "expected an executable script"),
            (["Dockerfile": .file], .dockerfileUnsupported(remedy: "install it"), "but install it"),
            (["Makefile": .submodule], .nothingToBuild, ".slipway/build, then a Dockerfile, then a Makefile"),
            ([:], .nothingToBuild, "nothing to build"),
        ] as [([String: SourceEntryKind], BuildDetectionError, String)])
    func refusal(entries: [String: SourceEntryKind], expected: BuildDetectionError, words: String) async {
        await #expect(throws: expected) { try await BuildRecipe.detect(Self.unable) { entries[$0] } }
        #expect(expected.description.contains(words))
    }
}
