/// Settings of the executor that builds as Jobs of a Kubernetes cluster.
package struct KubernetesSettings: Sendable, Equatable {
    package enum Switch: String, Sendable, CaseIterable {
        case on, off
    }

    /// nil: in-cluster, else as kubectl finds it.
    package let kubeconfig: String?
    /// Empty: the kubeconfig's current one.
    package let context: String
    package let namespace: String
    package let serviceAccount: String
    /// Slipway's own.
    package let image: String
    package let buildImage: String
    package let buildkitImage: String
    /// Empty: no buildpacks.
    package let builderImage: String
    /// Without a slash at its end; empty: no images are built.
    package let registry: String
    package let registryIsInsecure: Bool
    /// With `{registry}`, `{app}`, `{commit}` and `{build}` to be replaced.
    package let imageName: String
    package let cache: Bool
    package let cacheImage: String
    /// With `{app}` to be replaced, where each app has its own.
    package let registrySecret: String?
    package let podTemplates: String?
    package let startTimeout: Duration
    package let keepFinished: Duration
    package let podName: String?
    package let podNamespace: String?
    /// Empty: not known.
    package let podUID: String

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        kubeconfig = try resolver.value(SettingsTable.kubernetesKubeconfig)
        context = try resolver.value(SettingsTable.kubernetesContext)
        namespace = try resolver.value(SettingsTable.kubernetesNamespace)
        serviceAccount = try resolver.value(SettingsTable.kubernetesServiceAccount)
        image = try resolver.value(SettingsTable.kubernetesImage)
        buildImage = try resolver.value(SettingsTable.kubernetesBuildImage)
        buildkitImage = try resolver.value(SettingsTable.kubernetesBuildkitImage)
        builderImage = try resolver.value(SettingsTable.kubernetesBuilderImage)
        registry = PathText.withoutTrailingSlashes(try resolver.value(SettingsTable.kubernetesRegistry))
        registryIsInsecure = try resolver.value(SettingsTable.kubernetesRegistryInsecure) == .on
        imageName = try resolver.value(SettingsTable.kubernetesImageName)
        cache = try resolver.value(SettingsTable.kubernetesCache) == .on
        cacheImage = try resolver.value(SettingsTable.kubernetesCacheImage)
        registrySecret = try resolver.value(SettingsTable.kubernetesRegistrySecret)
        podTemplates = try resolver.value(SettingsTable.kubernetesPodTemplates)
        startTimeout = try resolver.value(SettingsTable.kubernetesStartTimeout)
        keepFinished = try resolver.value(SettingsTable.kubernetesKeepFinished)
        podName = try resolver.value(SettingsTable.kubernetesPodName)
        podNamespace = try resolver.value(SettingsTable.kubernetesPodNamespace)
        podUID = try resolver.value(SettingsTable.kubernetesPodUID)
        guard imageName.contains("{app}") else {
            throw SettingsError(
                resolver.place(of: SettingsTable.kubernetesImageName.definition),
                "expected a name with {app} in it, so that no app's image replaces another's; got \(imageName)")
        }
        guard cacheImage.contains("{app}"), cacheImage != imageName else {
            throw SettingsError(
                resolver.place(of: SettingsTable.kubernetesCacheImage.definition),
                "expected a name with {app} in it that is not kubernetes.image-name; got \(cacheImage)")
        }
    }

    /// What must be set for builds to run at all.
    ///
    /// - Throws: ``SettingsError``.
    func require(
        _ resolver: SettingsResolver, storage: StorageSettings, build: BuildSettings
    ) throws(SettingsError) {
        guard !image.isEmpty else {
            throw SettingsError(
                resolver.place(of: SettingsTable.kubernetesImage.definition),
                "expected Slipway's own image, because executor is kubernetes; got nothing")
        }
        guard storage.kind == .s3 || storage.publicURL != nil else {
            throw SettingsError(
                resolver.place(of: SettingsTable.storagePublicURL.definition),
                "expected an address at which builds reach this server, or storage = s3, because executor is kubernetes"
            )
        }
        guard storage.kind != .s3 || storage.s3.endpoint != nil || !build.exceedsOneUpload else {
            throw SettingsError(
                resolver.place(of: SettingsTable.buildMaxArtifactSize.definition),
                """
                expected at most 5GiB, because executor is kubernetes and storage is s3 without an s3.endpoint: builds store their \
                artifact with one request, and Amazon's S3 takes no more in one; got \(build.maxArtifactSize) bytes
                """)
        }
    }
}
