extension BuildRecipe {
    /// What is run, as the person who pushed knows it.
    var program: String {
        switch self {
        case .script: ".slipway/build"
        case .dockerfile: "buildah"
        case .makefile: "make"
        case .buildpacks: "the buildpacks"
        }
    }

    /// What the client reads when the recipe starts.
    var heading: String {
        switch self {
        case .script: "Running .slipway/build"
        case .dockerfile: "Building the Dockerfile with buildah"
        case .makefile: "Running make"
        case .buildpacks: "Running the buildpacks"
        }
    }

    /// The command, started in the source.
    ///
    /// - Parameters:
    ///   - directory: The build's directory.
    ///   - identity: Who the command is in its sandbox.
    /// - Returns: A program and its arguments; nil for a recipe that this machine has nothing for.
    func words(in directory: BuildDirectory, as identity: LocalSandbox.Identity) -> [String]? {
        switch self {
        case .script: ["./.slipway/build"]
        case .makefile: ["make"]
        case .dockerfile: Self.buildahWords(in: directory, as: identity)
        case .buildpacks: nil
        }
    }

    /// Builds the Dockerfile and saves the image as `image.tar`, an OCI archive, in the build's output.
    ///
    /// buildah runs inside the sandbox like every recipe, without a right on the host. It wants to be root with mounts
    /// of its own; see ``LocalSandbox/Identity/containerRoot`` for how it is that when the server is root. Otherwise
    /// it gets one more user namespace inside the sandbox, in which it is root and there is no other user: then
    /// Dockerfiles with `RUN` fail, because the kernel lets no unprivileged user set groups there. In both cases
    /// `RUN` shares the sandbox's network and limits (`--isolation chroot`, without capabilities over mounts), and
    /// layers are plain directories (`vfs`), because mounts of file systems need privileges.
    private static func buildahWords(in directory: BuildDirectory, as identity: LocalSandbox.Identity) -> [String] {
        let script = """
            set -e
            export XDG_RUNTIME_DIR=\(directory.temporary) TMPDIR=\(directory.temporary) _CONTAINERS_USERNS_CONFIGURED=1
            storage="--root $HOME/storage --runroot $HOME/run --storage-driver vfs"
            storage="$storage --storage-opt vfs.ignore_chown_errors=true"
            buildah $storage bud --isolation chroot --tag localhost/app .
            buildah $storage push --quiet localhost/app "oci-archive:$SLIPWAY_OUTPUT/image.tar" >/dev/null
            """
        let shell = ["/bin/sh", "-c", script]
        return switch identity {
        case .containerRoot: shell
        case .buildUser, .nestingUser: ["unshare", "--user", "--map-root-user", "--mount", "--"] + shell
        }
    }
}
