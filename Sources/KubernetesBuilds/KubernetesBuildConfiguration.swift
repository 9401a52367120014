/// How builds run in a cluster.
package struct KubernetesBuildConfiguration: Sendable {
    /// A pod that hangs while it stores its artifact is there for so long.
    private static let longestStoreMargin = Duration.seconds(24 * 60 * 60)

    /// Where the Jobs are.
    package var namespace = "slipway-builds"
    package var serviceAccount = "slipway-build"
    /// Slipway's own, for what fetches the source and stores the artifact.
    package var image: String
    /// For scripts and Makefiles.
    package var buildImage = "debian:bookworm"
    package var buildkitImage = "moby/buildkit:v0.19.0-rootless"
    /// With buildpacks and their lifecycle; empty for none.
    package var builderImage = ""
    /// Where images are pushed to, as in `registry.example.org/team`; empty: no images are built.
    package var registry = ""
    /// Whether the registry is asked without TLS.
    package var registryIsInsecure = false
    /// What images are called, with `{registry}`, `{app}`, `{commit}` and `{build}` to be replaced.
    package var imageName = "{registry}/{app}:{commit}"
    /// Whether layers are kept in the registry for the next build.
    package var cache = true
    /// Where, with `{registry}` and `{app}` to be replaced.
    package var cacheImage = "{registry}/{app}-cache"
    /// A Secret of type `kubernetes.io/dockerconfigjson` in the builds' namespace, with `{app}` to be replaced.
    ///
    /// What a build of an image runs can read it: one without `{app}` gives every app's images to every pusher.
    package var registrySecret: String?
    /// The directory with operators' pod templates.
    package var podTemplates: String?
    /// From the start of the recipe to its end.
    package var timeout = Duration.seconds(30 * 60)
    /// How long a pod may be pending: waiting for a node, for room in a quota, for images.
    package var startTimeout = Duration.seconds(5 * 60)
    /// How long the cluster keeps a Job that has ended.
    package var keepFinished = Duration.seconds(10 * 60)
    package var maximumConcurrentBuilds = 8
    /// Bytes of output; a build that writes more is ended.
    package var maximumLogSize: Int64 = 1 << 30
    /// Bytes of what a build leaves in `$SLIPWAY_OUTPUT`, before compression and after.
    package var maximumArtifactSize: Int64 = 4 << 30
    /// Whom to trust at the object store, where its certificate is of a private authority.
    package var authorities: BuildAuthorities?
    package var server: KubernetesServerIdentity
    package var timing = KubernetesTiming()

    /// Makes the usual configuration.
    ///
    /// - Parameters:
    ///   - image: Slipway's own.
    ///   - server: Who runs the builds.
    package init(image: String, server: KubernetesServerIdentity) {
        self.image = image
        self.server = server
    }

    /// How long a pod may take to fetch its source: longer than the pod itself tries, so that it says why it failed.
    var fetchMargin: Duration { TransferLimits().total + timing.besidesTransfer }

    /// How long a pod may take to store its artifact: the largest one is archived, and sent twice at the slowest pace
    /// that its pod puts up with.
    var storeMargin: Duration { Self.storeMargin(of: maximumArtifactSize, timing) }

    private static func storeMargin(of size: Int64, _ timing: KubernetesTiming) -> Duration {
        .seconds(size / timing.archivingRate) + TransferLimits().time(for: size) + timing.besidesTransfer
    }

    /// How long a pod may take besides what is waited for and built.
    ///
    /// - Parameter size: Bytes of the largest artifact.
    /// - Returns: The time to fetch its source and to store that.
    package static func transfers(withArtifactsOf size: Int64) -> Duration {
        let timing = KubernetesTiming()
        return TransferLimits().total + timing.besidesTransfer + storeMargin(of: size, timing)
    }

    /// Why artifacts may not be so large, in words; nil when they may.
    package static func problem(withArtifactsOf size: Int64) -> String? {
        let time = storeMargin(of: size, KubernetesTiming())
        guard time > longestStoreMargin else { return nil }
        return """
            storing the largest artifact from a pod may take \(time.words), and at most \
            \(longestStoreMargin.words) are sensible; got \(size) bytes, set less
            """
    }

    /// The longest that a build's pod may be there: its images of two kinds may be waited for, each for its time.
    ///
    /// The Job's own deadline, which ends what no server watches any more, and how long the URL lives to which the artifact
    /// is put.
    ///
    /// - Parameter storesArtifact: Whether it does; builds of images do not.
    /// - Returns: The sum of the longest times of its steps.
    func longest(storesArtifact: Bool) -> Duration {
        timeout + startTimeout * 2 + fetchMargin + (storesArtifact ? storeMargin : .zero)
    }

    /// Whether images can be built at all.
    var buildsImages: Bool { !registry.isEmpty }
}
