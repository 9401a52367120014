import Builds
import Kubernetes

/// What runs in the container `build`.
extension JobSpec {
    /// The program and its arguments.
    var command: [String] {
        switch request.recipe {
        // A shell first: what is missing is then told in the log, and in the exit code that everybody knows.
        case .script: ["/bin/sh", "-c", "exec ./.slipway/build"]
        case .makefile: ["/bin/sh", "-c", "exec make"]
        case .dockerfile: Self.buildkitShell + buildkitArguments
        case .buildpacks: ["/cnb/lifecycle/creator"] + lifecycleArguments
        }
    }

    /// Runs BuildKit and leaves the image's digest where the node takes it.
    ///
    /// buildctl renames a finished file onto that of its metadata, which cannot be done with the termination log, a mount;
    /// and the metadata can be longer than the 4096 bytes that a node takes.
    ///
    /// Folders on a volume with a group of its own (`fsGroup`) inherit that group, and the bit that hands it on. Through the
    /// root of its snapshots BuildKit would give the bit to the folders of images, so its state has a folder without.
    private static let buildkitShell = [
        "/bin/sh", "-c",
        """
        mkdir -m 700 \(Place.buildkitState) && chmod g-s \(Place.buildkitState) || exit
        metadata=$(mktemp) && buildctl-daemonless.sh "$@" --metadata-file "$metadata" || exit
        tr -d ' \\n' <"$metadata" | grep -o '"containerimage.digest":"sha256:[0-9a-f]*"' | \
        sed 's/.*/{&}/' >\(Place.terminationLog)
        """,
        "buildkit",
    ]

    /// Source: "Usage" in BuildKit's README: exporters, and cache in a registry.
    private var buildkitArguments: [String] {
        guard let image else { return [] }
        let insecure = configuration.registryIsInsecure ? ",registry.insecure=true" : ""
        var arguments = [
            "build", "--progress=plain", "--frontend", "dockerfile.v0", "--local", "context=\(Place.source)", "--local",
            "dockerfile=\(Place.source)", "--output", "type=image,name=\(image.name),push=true\(insecure)",
        ]
        if let cacheImage {
            let cache = "type=registry,ref=\(cacheImage.name)\(insecure)"
            // A cache that cannot be written is no reason to lose a build.
            arguments += ["--import-cache", cache, "--export-cache", "\(cache),mode=max,ignore-error=true"]
        }
        return arguments
    }

    /// Source: Platform Interface Specification of Cloud Native Buildpacks, "creator".
    private var lifecycleArguments: [String] {
        guard let image else { return [] }
        var arguments = [
            "-app=\(Place.source)", "-layers=\(Place.layers)", "-report=\(Place.terminationLog)",
        ]
        if let cacheImage {
            arguments.append("-cache-image=\(cacheImage.name)")
        } else {
            arguments.append("-skip-restore")
        }
        if configuration.registryIsInsecure {
            arguments.append("-insecure-registry=\(ImageReference.host(of: configuration.registry))")
        }
        return arguments + [image.name]
    }
}
