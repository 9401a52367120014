import Builds
import Identifiers
import Kubernetes
import ObjectStorage
import Testing

@testable import KubernetesBuilds

@Suite("A build as a Job")
struct JobSpecTests {
    private static let id = "01JZZZZZZZZZZZZZZZZZZZZZZZ"

    private func configuration(_ change: (inout KubernetesBuildConfiguration) -> Void = { _ in })
        -> KubernetesBuildConfiguration
    {
        var configuration = KubernetesBuildConfiguration(
            image: "slipway:1",
            server: KubernetesServerIdentity(name: "slipway-abc", namespace: "slipway", uid: "u-1", boot: "01BOOT"))
        configuration.builderImage = "builder:1"
        configuration.registry = "registry.test:5000/team"
        configuration.registrySecret = "registry"
        change(&configuration)
        return configuration
    }

    private func spec(
        _ recipe: BuildRecipe, app: String = "blog", template: String? = nil, user: String = "alice",
        _ change: (inout KubernetesBuildConfiguration) -> Void = { _ in }
    ) throws -> JobSpec {
        let request = BuildRequest(
            id: Self.id, app: try AppName(app), commit: String(repeating: "c", count: 40), ref: "refs/heads/main",
            user: user, recipe: recipe,
            source: StoredSource(key: try ObjectKey("apps/blog/sources/x"), size: 1, sha256: "5e"))
        return try JobSpec(
            request, configuration(change), template: try template.map { try PodTemplate($0, name: "t") } ?? .builtIn(),
            sourceURL: "https://store/source?signature=1", artifactURL: "https://store/artifact?signature=2")
    }

    private func pod(_ spec: JobSpec) -> JSON { spec.object["spec"]?["template"]?["spec"] ?? .null }

    private func container(_ name: String, _ spec: JobSpec) -> JSON {
        let all = (pod(spec)["initContainers"]?.array ?? []) + (pod(spec)["containers"]?.array ?? [])
        return all.first { $0["name"]?.string == name } ?? .null
    }

    private func names(_ list: JSON?) -> [String] { (list?.array ?? []).compactMap { $0["name"]?.string } }

    private func environment(_ name: String, _ spec: JobSpec) -> [String: String] {
        Dictionary(
            (container(name, spec)["env"]?.array ?? []).map { ($0["name"]?.string ?? "", $0["value"]?.string ?? "") }
        ) { $1 }
    }

    private func words(_ spec: JobSpec) -> [String] {
        (container("build", spec)["command"]?.array ?? []).compactMap(\.string)
    }

    @Test("every Job fails once and for all, ends some day, and goes some day", arguments: BuildRecipe.allCases)
    func job(recipe: BuildRecipe) throws {
        let spec = try spec(recipe)
        let job = try #require(spec.object["spec"])
        #expect(job["backoffLimit"] == 0 && job["parallelism"] == 1 && job["completions"] == 1)
        #expect(
            job["activeDeadlineSeconds"] == .integer(recipe.makesImage ? 3600 : 8508)
                && job["ttlSecondsAfterFinished"] == 600)
        #expect(spec.object["metadata"]?["name"] == .string("build-blog-\(Self.id.lowercased())"))
        let labels = try #require(spec.object["metadata"]?["labels"]?.object)
        #expect(labels["slipway.dev/build"] == .string(Self.id) && labels["slipway.dev/server"] == "slipway-abc")
        #expect(labels == job["template"]?["metadata"]?["labels"]?.object)
        let annotations = spec.object["metadata"]?["annotations"]
        #expect(annotations?["slipway.dev/record"] == .string("apps/blog/builds/\(Self.id)/build.json"))
        #expect(annotations?["slipway.dev/server-namespace"] == "slipway")
    }

    @Test("no pod has a token, links to services, or more rights than it needs", arguments: BuildRecipe.allCases)
    func security(recipe: BuildRecipe) throws {
        let spec = try spec(recipe)
        let pod = pod(spec)
        #expect(pod["automountServiceAccountToken"] == false && pod["enableServiceLinks"] == false)
        #expect(pod["restartPolicy"] == "Never" && pod["serviceAccountName"] == "slipway-build")
        #expect(pod["securityContext"]?["runAsNonRoot"] == true)
        #expect(pod["securityContext"]?["seccompProfile"] == ["type": "RuntimeDefault"])
        for step in spec.steps {
            let security = container(step.rawValue, spec)["securityContext"]
            #expect(security?["capabilities"]?["drop"] == ["ALL"])
            // Rootless BuildKit cannot make its user namespace otherwise.
            let isBuildKit = recipe == .dockerfile && step == .build
            #expect(security?["allowPrivilegeEscalation"] == .bool(isBuildKit))
            #expect((security?["seccompProfile"] == ["type": "Unconfined"]) == isBuildKit)
        }
    }

    @Test("signed URLs are in the containers that need them, and in no other", arguments: BuildRecipe.allCases)
    func secrets(recipe: BuildRecipe) throws {
        let spec = try spec(recipe)
        #expect(environment("fetch-source", spec)["SLIPWAY_SOURCE_URL"] == "https://store/source?signature=1")
        #expect(environment("fetch-source", spec)["SLIPWAY_SOURCE_SHA256"] == "5e")
        #expect(!"\(container("build", spec))".contains("signature"))
        let makesImage = recipe == .dockerfile || recipe == .buildpacks
        #expect((environment("store-artifact", spec)["SLIPWAY_ARTIFACT_URL"] != nil) == !makesImage)
        // The registry's credentials are for what pushes an image.
        #expect(names(pod(spec)["volumes"]).contains("registry") == makesImage)
        #expect(names(container("build", spec)["volumeMounts"]).contains("registry") == makesImage)
        #expect(!names(container("fetch-source", spec)["volumeMounts"]).contains("registry"))
        #expect((environment("build", spec)["DOCKER_CONFIG"] != nil) == makesImage)
    }

    @Test("what pods trust fits into one variable, which Linux would refuse otherwise")
    func authorities() throws {
        let most = String(repeating: "a", count: BuildAuthorities.maximumSize)
        let authorities = try BuildAuthorities(pem: most)
        let spec = try spec(.script) { $0.authorities = authorities }
        for step in ["fetch-source", "store-artifact"] {
            #expect(environment(step, spec)["SLIPWAY_CA_PEM"] == most)
        }
        #expect(environment("build", spec)["SLIPWAY_CA_PEM"] == nil)
        #expect("SLIPWAY_CA_PEM=\(most)".utf8.count < 128 << 10)
        let error = #expect(throws: BuildAuthoritiesTooLarge.self) { try BuildAuthorities(pem: most + "a") }
        #expect(error?.description.contains("102401 bytes") == true, "\(String(describing: error))")
    }

    @Test("each app has credentials of its own for the registry, where the operator's pattern says so")
    func registrySecrets() throws {
        func secret(_ app: String, _ pattern: String) throws -> JSON? {
            let spec = try spec(.dockerfile, app: app) { $0.registrySecret = pattern }
            return pod(spec)["volumes"]?.array?.first { $0["name"] == "registry" }?["secret"]?["secretName"]
        }
        #expect(try secret("blog", "registry-{app}") == "registry-blog")
        #expect(try secret("shop", "registry-{app}") == "registry-shop")
        #expect(try secret("shop", "registry") == "registry")
    }

    @Test("scripts and Makefiles are built between the source and the artifact")
    func script() throws {
        for (recipe, command) in [(BuildRecipe.script, "exec ./.slipway/build"), (.makefile, "exec make")] {
            let spec = try spec(recipe)
            #expect(names(pod(spec)["initContainers"]) == ["fetch-source", "build"])
            #expect(names(pod(spec)["containers"]) == ["store-artifact"])
            #expect(words(spec) == ["/bin/sh", "-c", command])
            let environment = environment("build", spec)
            #expect(environment["SLIPWAY_OUTPUT"] == "/workspace/output" && environment["HOME"] == "/workspace/home")
            #expect(environment["SLIPWAY_BUILD_ID"] == Self.id && environment["CI"] == "true")
            #expect(container("fetch-source", spec)["args"] == ["fetch-source"])
            #expect(container("fetch-source", spec)["command"] == nil)
        }
    }

    @Test("a Dockerfile is built and pushed by BuildKit")
    func dockerfile() throws {
        let spec = try spec(.dockerfile)
        #expect(names(pod(spec)["containers"]) == ["build"])
        let words = words(spec)
        let commit = String(repeating: "c", count: 40)
        #expect(words.contains("type=image,name=registry.test:5000/team/blog:\(commit),push=true"))
        #expect(words.contains("type=registry,ref=registry.test:5000/team/blog-cache,mode=max,ignore-error=true"))
        let state = "/home/user/.local/share/buildkit/state"
        #expect(environment("build", spec)["BUILDKITD_FLAGS"] == "--oci-worker-no-process-sandbox --root=\(state)")
        #expect(words.contains { $0.hasPrefix("mkdir -m 700 \(state) && chmod g-s \(state) || exit\nmetadata=") })
        #expect(environment("build", spec)["HOME"] == nil)
        let insecure = try self.spec(.dockerfile) {
            $0.registryIsInsecure = true
            $0.cache = false
            $0.imageName = "{registry}/all:{app}-{build}"
        }
        let name = "registry.test:5000/team/all:blog-\(Self.id.lowercased())"
        #expect(self.words(insecure).contains("type=image,name=\(name),push=true,registry.insecure=true"))
        #expect(!self.words(insecure).contains("--export-cache"))
        let elsewhere = try self.spec(.dockerfile) { $0.cacheImage = "{registry}/{app}:cache" }
        #expect(self.words(elsewhere).contains("type=registry,ref=registry.test:5000/team/blog:cache"))
    }

    @Test("everything else is given to the buildpacks' lifecycle")
    func buildpacks() throws {
        let spec = try spec(.buildpacks) { $0.registryIsInsecure = true }
        let commit = String(repeating: "c", count: 40)
        #expect(
            words(spec) == [
                "/cnb/lifecycle/creator", "-app=/workspace/source", "-layers=/layers", "-report=/dev/termination-log",
                "-cache-image=registry.test:5000/team/blog-cache", "-insecure-registry=registry.test:5000",
                "registry.test:5000/team/blog:\(commit)",
            ])
        #expect(environment("build", spec)["CNB_PLATFORM_API"] == "0.13")
        #expect(pod(spec)["securityContext"]?["runAsUser"] == 1001)
    }

    @Test("a Job goes with its server's pod where both are in one namespace")
    func owner() throws {
        #expect(try spec(.script).object["metadata"]?["ownerReferences"] == nil)
        let here = try spec(.script) { $0.namespace = "slipway" }
        #expect(
            here.object["metadata"]?["ownerReferences"]
                == [["apiVersion": "v1", "kind": "Pod", "name": "slipway-abc", "uid": "u-1"]])
    }

    @Test("names and labels keep to what the cluster takes")
    func names() throws {
        let app = String(repeating: "a", count: 29) + "-" + String(repeating: "b", count: 20)
        let spec = try spec(.script, app: app, user: "Ann \u{1B}[1m\n" + String(repeating: "x", count: 5000))
        #expect(spec.name == "build-\(String(repeating: "a", count: 29))-\(Self.id.lowercased())")
        #expect(spec.name.utf8.count <= 63)
        let user = try #require(spec.object["metadata"]?["annotations"]?["slipway.dev/user"]?.string)
        #expect(user.hasPrefix("Ann [1m x") && user.unicodeScalars.count <= 1025)
        #expect(BuildLabels.value("-a b/ü_") == "a-b")
        #expect(BuildLabels.value(String(repeating: "a", count: 62) + "--") == String(repeating: "a", count: 62))
        #expect(BuildLabels.value("//") == "")
    }

    @Test(
        "a pattern that gives no name of an image is refused",
        arguments: [
            "{app}", "{registry}/{app}:", "{registry}/{app},push=false", "{registry}/A/{app}:1", "{registry}//{app}",
        ])
    func imageNames(pattern: String) throws {
        #expect(throws: ExecutorUnavailable.self) { try spec(.dockerfile) { $0.imageName = pattern } }
        #expect(throws: ExecutorUnavailable.self) { try spec(.dockerfile) { $0.cacheImage = pattern } }
    }
}
