import FoundationEssentials

/// An installation as people make theirs: a kustomization on top of the trial's.
struct Overlay: Sendable {
    let directory: TemporaryDirectory
    /// Pod templates by the name of the file: `default`, a recipe, or `app.` and an app.
    let templates: [String: String]
    /// Lines for the access file.
    let access: String

    /// Where it is.
    var path: String { directory("overlay") }

    /// The program's version, which is the image's tag.
    static var version: String {
        get throws {
            let source = String(
                decoding: try HostFile.read("\(TestBed.root)/Sources/slipway/Version.swift"), as: UTF8.self)
            guard let found = source.firstMatch(of: /current = "([^"]+)"/) else {
                throw Failed("Version.swift has no version")
            }
            return String(found.1)
        }
    }

    /// The image of this version, loaded into the cluster; another one by `CLUSTER_TEST_IMAGE`.
    static var image: String {
        get throws { try Kubectl.variable("CLUSTER_TEST_IMAGE") ?? "slipway:\(version)" }
    }

    /// How long ended Jobs stay.
    static let keepFinished = 20

    /// What pods of builds ask for, so that fifty fit onto a small node.
    static func template(build: String = "", metadata: String = "", spec: String = "") -> String {
        let small = "resources: {requests: {cpu: 10m, memory: 16Mi, ephemeral-storage: 1Mi}, limits: {memory: 256Mi}}"
        let own = build.contains("resources:") ? build : "\(small)\n\(build)"
        return """
            \(metadata)
            spec:
              \(spec)
              containers:
                - name: fetch-source
                  \(small)
                - name: store-artifact
                  \(small)
                - name: build
                  \(own.replacing("\n", with: "\n      "))

            """
    }

    /// Writes it.
    ///
    /// - Parameter budgets: The API in which the cluster knows disruption budgets.
    /// - Throws: ``Failed`` when the version is not found.
    func write(budgets: String) throws {
        try directory.makeDirectory("overlay")
        try directory.write("overlay/access.yaml", access)
        try directory.write("overlay/settings.yaml", Self.settings)
        for (name, text) in templates { try directory.write("overlay/\(name).yaml", text) }
        let files = templates.keys.sorted().map { "      - \($0).yaml" }.joined(separator: "\n")
        // kustomize takes relative paths only.
        let trial =
            String(repeating: "../", count: path.split(separator: "/").count)
            + "\(TestBed.root.dropFirst())/manifests/overlays/trial"
        let image = try Self.image
        try directory.write(
            "overlay/kustomization.yaml",
            """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
              - \(trial)
            configMapGenerator:
              - name: slipway-settings
                namespace: slipway
                behavior: replace
                files: [settings.yaml]
              - name: slipway-access
                namespace: slipway
                behavior: replace
                files: [access.yaml]
              - name: slipway-pod-templates
                namespace: slipway
                behavior: replace
                files:
            \(files)
            patches:
              - target: {kind: Namespace}
                patch: |
                  - {op: add, path: /metadata/labels/\(Self.mark.replacing("/", with: "~1")), value: "yes"}
              - target: {kind: PodDisruptionBudget}
                patch: |
                  - {op: replace, path: /apiVersion, value: \(budgets)}
            \(budgets == "policy/v1" ? "" : Self.oldBudgets)
              - target: {kind: Deployment, name: slipway}
                patch: |
                  - {op: replace, path: /spec/template/spec/containers/0/image, value: "\(image)"}
                  - {op: replace, path: /spec/template/spec/containers/0/resources/requests/cpu, value: 50m}
              - target: {kind: Deployment, name: slipway}
                patch: |
                  apiVersion: apps/v1
                  kind: Deployment
                  metadata: {name: slipway}
                  spec:
                    template:
                      spec:
                        containers:
                          - name: slipway
                            env: [{name: SLIPWAY_KUBERNETES_IMAGE, value: "\(image)"}]
            \(TestBed.isHere ? Self.privilegedBuilds : Self.nodePorts)

            """)
    }

    /// The label of what these tests have installed, and may remove.
    static let mark = "slipway.dev/end-to-end-tests"

    /// What budgets did not have before policy/v1.
    private static let oldBudgets = "      - {op: remove, path: /spec/unhealthyPodEvictionPolicy}"

    /// Where services' own addresses are not reached from here, nodes' are.
    private static let nodePorts = """
          - target: {kind: Service, name: "slipway|slipway-s3"}
            patch: |
              - {op: replace, path: /spec/type, value: NodePort}
        """

    /// As the guide has it for Dockerfiles.
    private static let privilegedBuilds = """
          - target: {kind: Namespace, name: slipway-builds}
            patch: |
              - {op: replace, path: /metadata/labels/pod-security.kubernetes.io~1enforce, value: privileged}
        """

    /// Where images go, and what runs in place of BuildKit; without buildpacks, `make` goes on to build.
    private static let images = """
        registry: \(TestBed.images.place)
          registry-insecure: on
          registry-secret: registry
          buildkit-image: local.test/buildctl:1
          builder-image: ""
        """

    /// Those of the trial, and small numbers where waiting would be long.
    private static let settings = """
        executor: kubernetes
        storage: s3
        s3:
          bucket: slipway
          endpoint: http://slipway-s3.slipway.svc:8333
          credentials-dir: /etc/slipway/s3
        build:
          max-concurrent: 60
        kubernetes:
          build-image: debian:bookworm
          keep-finished: \(keepFinished)s
          \(TestBed.isHere ? images : "")
        drain:
          delay: 5s
          grace-period: 60s
        log:
          format: json

        """
}
