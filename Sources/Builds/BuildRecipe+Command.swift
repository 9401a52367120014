extension BuildRecipe {
    /// What is run, as the person who pushed knows it.
    var program: String {
        switch self {
        case .script: ".slipway/build"
        case .dockerfile: "buildah"
        case .makefile: "make"
        }
    }

    /// What the client reads when the recipe starts.
    var heading: String {
        switch self {
        case .script: "Running .slipway/build"
        case .dockerfile: "Building the Dockerfile with buildah"
        case .makefile: "Running make"
        }
    }

    /// The command, started in the source.
    func words(in directory: BuildDirectory) -> [String] {
        switch self {
        case .script: ["./.slipway/build"]
        case .makefile: ["make"]
        case .dockerfile: Self.buildahWords(in: directory)
        }
    }

    /// Builds the Dockerfile and saves the image as `image.tar`, an OCI archive, in the build's output.
    ///
    /// The sandbox stays as it is for every build: buildah runs inside it, as the build's user, without a right on the
    /// host. What buildah needs on top, being root with mounts of its own, it gets from one more user and mount
    /// namespace inside: what the sandbox covered or made read-only is locked in there. The container's files all
    /// belong to that one user (`ignore_chown_errors`), its processes share the sandbox's network and limits
    /// (`--isolation chroot`), and its layers are plain directories (`vfs`), because nothing else works without
    /// privileges. A `RUN` that needs more than one user id fails.
    private static func buildahWords(in directory: BuildDirectory) -> [String] {
        let script = """
            set -e
            export XDG_RUNTIME_DIR=\(directory.temporary) TMPDIR=\(directory.temporary) _CONTAINERS_USERNS_CONFIGURED=1
            storage="--root $HOME/storage --runroot $HOME/run --storage-driver vfs"
            storage="$storage --storage-opt vfs.ignore_chown_errors=true"
            buildah $storage bud --isolation chroot --tag localhost/app .
            buildah $storage push --quiet localhost/app "oci-archive:$SLIPWAY_OUTPUT/image.tar" >/dev/null
            """
        return ["unshare", "--user", "--map-root-user", "--mount", "--", "/bin/sh", "-c", script]
    }
}
