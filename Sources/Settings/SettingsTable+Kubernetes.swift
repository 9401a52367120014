extension SettingsTable {
    static let kubernetesKubeconfig = Setting(
        "kubernetes.kubeconfig", .optionalPath, default: "",
        help: "How to reach the cluster; empty: as a pod in it, else as kubectl does.")
    static let kubernetesContext = Setting(
        "kubernetes.context", .word("NAME", expected: "the name of a context"), default: "",
        help: "Context of the kubeconfig; empty: its current one.")
    static let kubernetesNamespace = Setting(
        "kubernetes.namespace", .kubernetesName, default: "slipway-builds", help: "Where builds run.")
    static let kubernetesServiceAccount = Setting(
        "kubernetes.service-account", .kubernetesName, default: "slipway-build",
        help: "Service account of builds; they get no token of it.")
    static let kubernetesImage = Setting(
        "kubernetes.image", .image, default: "",
        help: "Slipway's own image, with which builds fetch their source and store what they leave.")
    static let kubernetesBuildImage = Setting(
        "kubernetes.build-image", .image, default: "buildpack-deps:bookworm",
        help: "Image in which .slipway/build and Makefiles run.")
    static let kubernetesBuildkitImage = Setting(
        "kubernetes.buildkit-image", .image, default: "moby/buildkit:v0.19.0-rootless",
        help: "Image of rootless BuildKit, which builds Dockerfiles.")
    static let kubernetesBuilderImage = Setting(
        "kubernetes.builder-image", .image, default: "paketobuildpacks/builder-jammy-base:0.4.466",
        help: "Image of a Cloud Native Buildpacks builder, for trees without a recipe; empty: none.")
    static let kubernetesRegistry = Setting(
        "kubernetes.registry", .word("REGISTRY", expected: "a registry, such as registry.example.com/team"),
        default: "",
        help: "Where images go, such as registry.example.com/team; empty: no images are built.")
    static let kubernetesRegistryInsecure = Setting(
        "kubernetes.registry-insecure", SettingKind<KubernetesSettings.Switch>.choice, default: "off",
        help: "Whether the registry speaks plain HTTP.")
    static let kubernetesImageName = Setting(
        "kubernetes.image-name", .word("NAME", expected: "a name with {app} in it"),
        default: "{registry}/{app}:{commit}",
        help: "Names of images; {registry}, {app}, {commit} and {build} stand for themselves.")
    static let kubernetesCache = Setting(
        "kubernetes.cache", SettingKind<KubernetesSettings.Switch>.choice, default: "on",
        help: "Whether layers are kept in the registry for the next build of an app.")
    static let kubernetesCacheImage = Setting(
        "kubernetes.cache-image", .word("NAME", expected: "a name with {app} in it"),
        default: "{registry}/{app}-cache",
        help: "Where layers are kept; {registry} and {app} stand for themselves.")
    static let kubernetesRegistrySecret = Setting(
        "kubernetes.registry-secret", .optionalKubernetesNamePattern, default: "",
        help:
            "Secret (kubernetes.io/dockerconfigjson) of the builds' namespace for pushing images; {app} stands for itself."
    )
    static let kubernetesPodTemplates = Setting(
        "kubernetes.pod-templates", .optionalPath, default: "",
        help: "Directory of pod templates: app.APP.yaml, else RECIPE.yaml, else default.yaml.")
    static let kubernetesStartTimeout = Setting(
        "kubernetes.start-timeout", .duration(.seconds(1)...longest), default: "5m",
        help: "How long a build may wait for its pod to start.")
    static let kubernetesKeepFinished = Setting(
        "kubernetes.keep-finished", .duration(.zero...longest), default: "10m",
        help: "How long ended Jobs stay to be looked at.")
    static let kubernetesPodName = Setting(
        "kubernetes.pod-name", .optionalKubernetesName, default: "",
        help:
            "This server's own pod, by which builds of a server that is gone are found; empty: host's name and random id."
    )
    static let kubernetesPodNamespace = Setting(
        "kubernetes.pod-namespace", .optionalKubernetesName, default: "",
        help: "This server's own namespace; empty: that of its credentials.")
    static let kubernetesPodUID = Setting(
        "kubernetes.pod-uid", .word("UID", expected: "the UID of a pod"), default: "",
        help: "This server's own pod's UID; where builds run in the same namespace, they go with the pod.")

    static let kubernetes = SettingGroup(
        title: "Kubernetes executor",
        settings: [
            kubernetesKubeconfig.definition, kubernetesContext.definition, kubernetesNamespace.definition,
            kubernetesServiceAccount.definition, kubernetesImage.definition, kubernetesBuildImage.definition,
            kubernetesBuildkitImage.definition, kubernetesBuilderImage.definition, kubernetesRegistry.definition,
            kubernetesRegistryInsecure.definition, kubernetesImageName.definition, kubernetesCache.definition,
            kubernetesCacheImage.definition,
            kubernetesRegistrySecret.definition, kubernetesPodTemplates.definition, kubernetesStartTimeout.definition,
            kubernetesKeepFinished.definition, kubernetesPodName.definition, kubernetesPodNamespace.definition,
            kubernetesPodUID.definition,
        ])
}
