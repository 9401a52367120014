import Builds
import Identifiers
import Kubernetes

extension JobSpec {
    /// Paths in the containers.
    enum Place {
        static let workspace = "/workspace"
        static let source = "/workspace/source"
        static let output = "/workspace/output"
        static let home = "/workspace/home"
        static let temporary = "/workspace/tmp"
        /// Of buildpacks' layers, which become a part of the image under this path.
        static let layers = "/layers"
        static let registry = "/var/run/slipway/registry"
        /// Where BuildKit's image keeps its state ("VOLUME" in its Dockerfile).
        static let buildkit = "/home/user/.local/share/buildkit"
        static let buildkitState = "\(buildkit)/state"
        static let terminationLog = "/dev/termination-log"
    }

    /// The names of volumes that templates must not use.
    static let volumeNames = ["workspace", registryVolume, "buildkit", "layers"]
    /// The one with the registry's credentials, which the node names when it cannot mount it.
    static let registryVolume = "registry"
    /// The platform interface with which the lifecycle is told what to do: the first that knows insecure registries.
    private static let platformInterface = "0.13"

    func container(_ step: BuildStep) -> JSON {
        var container: JSON = [
            "name": .string(step.rawValue), "image": .string(image(of: step)), "imagePullPolicy": "IfNotPresent",
            "env": .array(environment(of: step).map { ["name": .string($0.name), "value": .string($0.value)] }),
            "volumeMounts": .array(mounts(of: step)), "securityContext": security(of: step),
            "terminationMessagePath": .string(Place.terminationLog), "terminationMessagePolicy": "File",
            "resources": resources(of: step),
        ]
        if step == .build {
            container["workingDir"] = .string(Place.source)
            container["command"] = .array(command.map(JSON.string))
        } else {
            // The image's own entry point is Slipway.
            container["args"] = [.string(step.rawValue)]
        }
        return container
    }

    private func image(of step: BuildStep) -> String {
        guard step == .build else { return configuration.image }
        return switch request.recipe {
        case .script, .makefile: configuration.buildImage
        case .dockerfile: configuration.buildkitImage
        case .buildpacks: configuration.builderImage
        }
    }

    /// What a container takes, where no template says more: Slipway's own only stream.
    private func resources(of step: BuildStep) -> JSON {
        guard step != .build else { return [:] }
        return [
            "requests": ["cpu": "50m", "memory": "64Mi"], "limits": ["memory": "512Mi"],
        ]
    }

    // MARK: Environment

    private func environment(of step: BuildStep) -> [(name: String, value: String)] {
        switch step {
        case .fetch:
            // A large tree may take long; the pod is there for nothing else.
            return [("SLIPWAY_SOURCE_URL", sourceURL), ("SLIPWAY_SOURCE_SHA256", request.source.sha256 ?? "")] + trust
        case .store:
            return [
                ("SLIPWAY_ARTIFACT_URL", artifactURL),
                ("SLIPWAY_MAX_ARTIFACT_SIZE", String(configuration.maximumArtifactSize)),
            ] + trust
        case .build: return buildEnvironment
        }
    }

    private var trust: [(name: String, value: String)] {
        configuration.authorities.map { [("SLIPWAY_CA_PEM", $0.pem)] } ?? []
    }

    private var buildEnvironment: [(name: String, value: String)] {
        var environment = [
            ("CI", "true"), ("SLIPWAY_APP", request.app.rawValue), ("SLIPWAY_COMMIT", request.commit),
            ("SLIPWAY_REF", request.ref), ("SLIPWAY_BUILD_ID", request.id), ("SLIPWAY_SOURCE", Place.source),
        ]
        if let image {
            environment.append(("SLIPWAY_IMAGE", image.name))
            if registrySecret != nil { environment.append(("DOCKER_CONFIG", Place.registry)) }
        } else {
            environment += [
                ("SLIPWAY_OUTPUT", Place.output), ("HOME", Place.home), ("TMPDIR", Place.temporary),
                ("LANG", "C.UTF-8"), ("TERM", "dumb"),
            ]
        }
        switch request.recipe {
        // Processes of a step would otherwise need a mount of /proc of their own, which pods may not make.
        case .dockerfile:
            environment.append(("BUILDKITD_FLAGS", "--oci-worker-no-process-sandbox --root=\(Place.buildkitState)"))
        case .buildpacks: environment.append(("CNB_PLATFORM_API", Self.platformInterface))
        case .script, .makefile: break
        }
        return environment
    }

    // MARK: Volumes

    /// The app's own where the operator's pattern has `{app}`: then nobody can push with another app's credentials.
    private var registrySecret: String? {
        configuration.registrySecret?.replacing("{app}", with: request.app.rawValue)
    }

    var volumes: [JSON] {
        var volumes: [JSON] = [["name": "workspace", "emptyDir": [:]]]
        if image != nil, let secret = registrySecret {
            volumes.append([
                "name": .string(Self.registryVolume),
                "secret": [
                    "secretName": .string(secret), "defaultMode": 0o440,
                    "items": [["key": ".dockerconfigjson", "path": "config.json"]],
                ],
            ])
        }
        switch request.recipe {
        case .dockerfile: volumes.append(["name": "buildkit", "emptyDir": [:]])
        case .buildpacks: volumes.append(["name": "layers", "emptyDir": [:]])
        case .script, .makefile: break
        }
        return volumes
    }

    private func mounts(of step: BuildStep) -> [JSON] {
        var mounts: [JSON] = [["name": "workspace", "mountPath": .string(Place.workspace)]]
        guard step == .build, image != nil else { return mounts }
        if registrySecret != nil {
            mounts.append([
                "name": .string(Self.registryVolume), "mountPath": .string(Place.registry), "readOnly": true,
            ])
        }
        switch request.recipe {
        case .dockerfile: mounts.append(["name": "buildkit", "mountPath": .string(Place.buildkit)])
        case .buildpacks: mounts.append(["name": "layers", "mountPath": .string(Place.layers)])
        case .script, .makefile: break
        }
        return mounts
    }
}
