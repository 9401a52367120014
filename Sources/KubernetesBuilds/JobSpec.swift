import Builds
import Identifiers
import Kubernetes
import ObjectStorage

/// One build as a Job: pure, from what is to be built and how to the object that the cluster gets.
struct JobSpec: Sendable {
    /// The longest part of an app's name in that of its Job, so that the name of a pod fits into 63 characters.
    private static let maximumApp = 30
    /// How long a pod has to end after it was told to: nothing in it has anything to put in order.
    private static let gracePeriod: Int64 = 3

    let request: BuildRequest
    let configuration: KubernetesBuildConfiguration
    let template: PodTemplate
    /// Secrets, for one object each.
    let sourceURL: String
    let artifactURL: String
    /// Of a build that makes an image.
    let image: ImageReference?
    /// Where its layers are kept.
    let cacheImage: ImageReference?

    /// Describes a build.
    ///
    /// - Throws: `ExecutorUnavailable` when its image or its cache has no name.
    init(
        _ request: BuildRequest, _ configuration: KubernetesBuildConfiguration, template: PodTemplate,
        sourceURL: String, artifactURL: String
    ) throws {
        self.request = request
        self.configuration = configuration
        self.template = template
        self.sourceURL = sourceURL
        self.artifactURL = artifactURL
        let makesImage = request.recipe.makesImage
        image = makesImage ? try ImageReference(configuration, for: request) : nil
        cacheImage =
            makesImage && configuration.cache ? try ImageReference(cache: configuration, for: request.app) : nil
    }

    /// The same for the same build, so that it can never be there twice.
    static func name(of request: BuildRequest) -> String {
        // The cut may leave a hyphen at the end.
        var app = request.app.rawValue.prefix(maximumApp)
        while app.last == "-" { app.removeLast() }
        return "build-\(app)-\(request.id.lowercased())"
    }

    var name: String { Self.name(of: request) }

    /// The containers, in the order in which they run.
    var steps: [BuildStep] { image == nil ? [.fetch, .build, .store] : [.fetch, .build] }

    private var longest: Duration { configuration.longest(storesArtifact: image == nil) }

    /// The Job as it is created.
    var object: JSON {
        var metadata: JSON = [
            "name": .string(name), "namespace": .string(configuration.namespace), "labels": labels.json,
            "annotations": annotations.json,
        ]
        if let owner { metadata["ownerReferences"] = [owner] }
        return [
            "apiVersion": "batch/v1", "kind": "Job", "metadata": metadata,
            "spec": [
                // A build that fails has failed: what pushed it is told, and nothing is built twice.
                "backoffLimit": 0, "completions": 1, "parallelism": 1,
                "activeDeadlineSeconds": .integer(max(1, longest.components.seconds)),
                "ttlSecondsAfterFinished": .integer(configuration.keepFinished.components.seconds),
                "template": podTemplate,
            ],
        ]
    }

    private var podTemplate: JSON {
        var pod: JSON = ["metadata": ["labels": labels.json, "annotations": podAnnotations.json], "spec": podSpec]
        template.merge(into: &pod)
        return pod
    }

    private var podSpec: JSON {
        var spec: JSON = [
            "restartPolicy": "Never", "serviceAccountName": .string(configuration.serviceAccount),
            "automountServiceAccountToken": false, "enableServiceLinks": false,
            "terminationGracePeriodSeconds": .integer(Self.gracePeriod), "securityContext": podSecurity,
            "volumes": .array(volumes),
        ]
        let containers = steps.map(container)
        // As an init container the build is ordered before what stores its artifact by the node itself.
        spec["initContainers"] = .array(Array(containers.dropLast()))
        spec["containers"] = .array(Array(containers.suffix(1)))
        return spec
    }

    // MARK: Metadata

    private var labels: [String: String] {
        BuildLabels.ours.merging([
            BuildLabels.app: BuildLabels.value(request.app.rawValue),
            BuildLabels.build: BuildLabels.value(request.id),
            BuildLabels.server: BuildLabels.value(configuration.server.name),
            BuildLabels.boot: BuildLabels.value(configuration.server.boot),
        ]) { $1 }
    }

    private var annotations: [String: String] {
        var annotations = [
            BuildLabels.commit: request.commit, BuildLabels.ref: request.ref, BuildLabels.user: request.user,
            BuildLabels.push: request.id,
        ].mapValues(BuildLabels.annotation)
        annotations[BuildLabels.record] = (try? BuildKeys(app: request.app, id: request.id))?.record.rawValue
        annotations[BuildLabels.serverNamespace] = configuration.server.namespace
        return annotations
    }

    private var podAnnotations: [String: String] {
        var annotations = self.annotations
        // A build cannot go on elsewhere; the cluster autoscaler's FAQ names this annotation.
        annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] = "false"
        if request.recipe == .dockerfile {
            // Before 1.30 there was no field for it.
            annotations["container.apparmor.security.beta.kubernetes.io/build"] = "unconfined"
        }
        return annotations
    }

    /// The server's pod, with which its Jobs shall go; the cluster allows that within one namespace only.
    private var owner: JSON? {
        let server = configuration.server
        guard server.namespace == configuration.namespace, let uid = server.uid, !uid.isEmpty else { return nil }
        return ["apiVersion": "v1", "kind": "Pod", "name": .string(server.name), "uid": .string(uid)]
    }
}

extension BuildRecipe {
    /// Whether it makes an image rather than an artifact.
    var makesImage: Bool {
        switch self {
        case .dockerfile, .buildpacks: true
        case .script, .makefile: false
        }
    }
}

extension [String: String] {
    var json: JSON { .object(mapValues(JSON.string)) }
}
