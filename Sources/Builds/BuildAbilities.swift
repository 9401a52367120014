/// What an executor can build now, besides scripts and Makefiles.
package struct BuildAbilities: Sendable, Equatable {
    /// Whether a Dockerfile can be built, and if not, what an operator would have to do.
    package enum Dockerfiles: Sendable, Equatable {
        case yes
        case no(remedy: String)
    }

    package let dockerfiles: Dockerfiles
    /// Whether a tree without a recipe of its own is given to Cloud Native Buildpacks, which find out what it is.
    package let buildpacks: Bool

    package init(dockerfiles: Dockerfiles, buildpacks: Bool = false) {
        self.dockerfiles = dockerfiles
        self.buildpacks = buildpacks
    }
}
