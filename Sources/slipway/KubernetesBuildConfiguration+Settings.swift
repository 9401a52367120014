import FoundationEssentials
import Identifiers
import Kubernetes
import KubernetesBuilds
import Settings

extension KubernetesBuildConfiguration {
    /// Builds that run at one time where nobody said how many: the cluster's quota is the real limit.
    private static let usualConcurrency = 100

    /// - Parameters:
    ///   - settings: The settings in force.
    ///   - cluster: Says which namespace we are in, where the settings do not.
    /// - Throws: ``StartError``, one line that names the setting.
    init(_ settings: Settings, cluster: KubernetesConfiguration) throws {
        let kubernetes = settings.kubernetes
        let isInCluster = kubernetes.podName != nil
        let identity = KubernetesServerIdentity(
            name: try kubernetes.podName ?? ServerID.name(in: settings.dataDirectory),
            namespace: kubernetes.podNamespace ?? (isInCluster ? cluster.namespace : nil),
            uid: kubernetes.podUID.isEmpty ? nil : kubernetes.podUID, boot: PushID.generate().rawValue)
        self.init(image: kubernetes.image, server: identity)
        namespace = kubernetes.namespace
        serviceAccount = kubernetes.serviceAccount
        buildImage = kubernetes.buildImage
        buildkitImage = kubernetes.buildkitImage
        builderImage = kubernetes.builderImage
        registry = kubernetes.registry
        registryIsInsecure = kubernetes.registryIsInsecure
        imageName = kubernetes.imageName
        cache = kubernetes.cache
        cacheImage = kubernetes.cacheImage
        registrySecret = kubernetes.registrySecret
        podTemplates = kubernetes.podTemplates
        timeout = settings.build.timeout
        startTimeout = kubernetes.startTimeout
        keepFinished = kubernetes.keepFinished
        maximumConcurrentBuilds =
            settings.build.maxConcurrent > 0 ? settings.build.maxConcurrent : Self.usualConcurrency
        maximumLogSize = settings.build.maxLogSize
        maximumArtifactSize = settings.build.maxArtifactSize
        authorities = try Self.authorities(settings)
        try Self.checkArtifactSize(settings)
    }

    /// Pods that store an artifact must come to an end.
    ///
    /// - Throws: ``StartError``, one line that names the setting.
    static func checkArtifactSize(_ settings: Settings) throws(StartError) {
        if let problem = problem(withArtifactsOf: settings.build.maxArtifactSize) {
            throw StartError("build.max-artifact-size: \(problem)")
        }
    }

    /// Builds reach the bucket by the same address, so they trust the same authorities.
    ///
    /// - Throws: ``StartError``, one line that names the setting.
    static func authorities(_ settings: Settings) throws(StartError) -> BuildAuthorities? {
        guard settings.storage.kind == .s3, let path = settings.storage.s3.caFile else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw StartError("s3.ca-file: \(path) cannot be read")
        }
        do {
            return try BuildAuthorities(pem: text)
        } catch {
            throw StartError("s3.ca-file: \(path) cannot be used with executor = kubernetes: \(error)")
        }
    }
}
