import Testing

/// A pod that does not start, or does not end well, and what the pusher has to read.
///
/// Each has an app of its own, for which the installation has a pod template.
enum Trouble: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case noCPU = "no-cpu"
    case noMemory = "no-memory"
    case noNode = "no-node"
    case quota
    case notAdmitted = "not-admitted"
    case unknownImage = "unknown-image"
    case unreachableRegistry = "unreachable-registry"
    case badImageName = "bad-image-name"
    case neverPulled = "never-pulled"
    case slowPull = "slow-pull"
    case missingSecret = "missing-secret"
    case missingVolume = "missing-volume"
    case noSource = "no-source"
    case noProgram = "no-program"
    case outOfMemory = "out-of-memory"
    case evicted
    case deadline
    case jobDeleted = "job-deleted"
    case podDeleted = "pod-deleted"

    /// How a push with it ends.
    enum End: Sendable, Equatable {
        /// It would wait for long, and is cancelled.
        case cancelled
        /// By itself, with this outcome in the record.
        case outcome(String)
    }

    var testDescription: String { rawValue }

    /// Those that this cluster can be brought into.
    static var possible: [Trouble] {
        allCases.filter { TestBed.isHere || ![.slowPull, .unknownImage, .unreachableRegistry, .noSource].contains($0) }
    }

    /// What it has in the image's place where it is about the image.
    func image(_ run: String) -> String {
        switch self {
        case .unknownImage: "\(TestBed.registry)/nobody/nothing:1"
        case .unreachableRegistry: "unreachable.test/team/tool:1"
        case .badImageName: "Team/Tool:1"
        case .neverPulled: "local.test/nothing:1"
        case .slowPull: "\(TestBed.registry)/\(pulledName(run)):1"
        default: "debian:bookworm"
        }
    }

    /// The name of an image that has to be pulled.
    func pulledName(_ run: String) -> String { "tests/\(rawValue)-\(run)" }

    func template(_ run: String) -> String {
        func resources(_ requests: String, limits: String = "") -> String {
            "resources: {requests: {ephemeral-storage: 1Mi, \(requests)}, limits: {\(limits)}}"
        }
        switch self {
        case .noCPU: return Overlay.template(build: resources("cpu: 30, memory: 16Mi"))
        case .noMemory: return Overlay.template(build: resources("cpu: 10m, memory: 32Gi", limits: "memory: 32Gi"))
        case .noNode: return Overlay.template(spec: "nodeSelector: {slipway.dev.test/pool: none}")
        case .quota: return Overlay.template(build: resources("cpu: 41, memory: 16Mi"))
        case .notAdmitted: return Overlay.template(build: resources("cpu: 10m, memory: 33Gi", limits: "memory: 33Gi"))
        case .unknownImage, .unreachableRegistry, .badImageName, .slowPull:
            return Overlay.template(build: "image: \(image(run))")
        case .neverPulled: return Overlay.template(build: "image: \(image(run))\nimagePullPolicy: Never")
        case .missingSecret:
            return Overlay.template(
                build: "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: no-such-secret, key: token}}}]")
        case .missingVolume:
            return Overlay.template(
                build: "volumeMounts: [{name: cache, mountPath: /cache}]",
                spec: "volumes: [{name: cache, configMap: {name: no-such-map}}]")
        case .noSource:
            return Overlay.template(spec: "hostAliases: [{ip: \(TestBed.host), hostnames: [slipway-s3.slipway.svc]}]")
        case .outOfMemory: return Overlay.template(build: resources("cpu: 10m, memory: 16Mi", limits: "memory: 64Mi"))
        case .evicted: return Overlay.template(spec: "volumes: [{name: workspace, emptyDir: {sizeLimit: 20Mi}}]")
        case .noProgram, .deadline, .jobDeleted, .podDeleted: return Overlay.template()
        }
    }

    /// The lines of `.slipway/build`.
    var script: String {
        switch self {
        case .noProgram: "no-such-program"
        // As the container's first process, as the node ends that one alone.
        case .outOfMemory: "exec tail /dev/zero"
        case .evicted: "head -c 60M /dev/zero >\"$HOME/big\"; echo written; sleep 600"
        case .deadline, .jobDeleted, .podDeleted: "echo here; sleep 600"
        default: "echo built"
        }
    }

    /// What the pusher reads, each somewhere.
    func words(_ run: String) -> [String] {
        switch self {
        case .noCPU: ["Waiting for a node: no node has 30 CPUs free (0/", "Insufficient cpu"]
        case .noMemory: ["Waiting for a node: no node has 32 GiB of memory free (0/", "Insufficient memory"]
        case .noNode: ["Waiting for a node: no node is one that the pod's template names (0/"]
        case .quota:
            [
                "The namespace's quota is used up: slipway-builds, requested: requests.cpu=41, used: ",
                "limited: requests.cpu=40",
            ]
        case .notAdmitted:
            ["The cluster does not accept the build's pod: ", "maximum memory usage per Container is 32Gi"]
        case .unknownImage: ["The image \(image(run)) cannot be pulled: ", "not found"]
        case .unreachableRegistry: ["The image \(image(run)) cannot be pulled: ", "connection refused"]
        case .badImageName: ["The image's name \(image(run)) is not valid"]
        case .neverPulled: ["The image \(image(run)) is not on the node, and its template forbids to pull it"]
        case .slowPull: ["Pulling the image \(image(run)) ", "remote: built "]
        case .missingSecret:
            ["The container build lacks something that its template names: ", "secret \"no-such-secret\" not found"]
        case .missingVolume: ["A volume of the build's pod cannot be mounted: ", "configmap \"no-such-map\" not found"]
        case .noSource: ["the source could not be fetched: the object store has no such object (404)"]
        case .noProgram: ["exit code 127: a command was not found"]
        case .outOfMemory:
            [".slipway/build was killed because it took more memory than the container build may, 64Mi (OOMKilled)"]
        case .evicted:
            [".slipway/build was ended because its pod was evicted: Usage of EmptyDir volume \"workspace\" exceeds"]
        case .deadline: ["time"]
        case .jobDeleted: ["its Job was deleted; push again"]
        case .podDeleted: ["its pod was deleted"]
        }
    }

    var end: End {
        switch self {
        case .noCPU, .noMemory, .noNode, .quota, .unreachableRegistry: .cancelled
        case .slowPull: .outcome("succeeded")
        case .notAdmitted, .unknownImage, .badImageName, .neverPulled, .missingSecret, .missingVolume:
            .outcome("refused")
        case .noProgram, .evicted: .outcome("failed")
        case .outOfMemory: .outcome("signalled")
        case .deadline: .outcome("timedOut")
        case .noSource, .jobDeleted, .podDeleted: .outcome("error")
        }
    }
}
