import Builds
import Glibc
import Identifiers
import Kubernetes
import TestSupport
import Testing

@testable import KubernetesBuilds

@Suite("Pod templates")
struct PodTemplateTests {
    private let ours: JSON = [
        "metadata": ["labels": ["slipway.dev/app": "blog"], "annotations": [:]],
        "spec": [
            "restartPolicy": "Never", "securityContext": ["runAsNonRoot": true, "runAsUser": 1000],
            "volumes": [["name": "workspace", "emptyDir": [:]]],
            "initContainers": [
                ["name": "fetch-source", "args": ["fetch-source"]],
                [
                    "name": "build", "image": "ours", "command": ["make"],
                    "env": [["name": "HOME", "value": "/workspace/home"]],
                    "volumeMounts": [["name": "workspace", "mountPath": "/workspace"]],
                    "securityContext": ["allowPrivilegeEscalation": false], "resources": ["limits": ["memory": "1Gi"]],
                ],
            ],
            "containers": [["name": "store-artifact"]],
        ],
    ]

    private func merged(_ text: String) throws -> JSON {
        var pod = ours
        try PodTemplate(text, name: "t.yaml").merge(into: &pod)
        return pod
    }

    @Test(
        "an empty template changes nothing",
        arguments: ["", "# only words\n", "{}", "spec: {}", "apiVersion: v1\nkind: PodTemplate\n"])
    func empty(text: String) throws {
        #expect(try merged(text) == ours)
    }

    @Test("where and how pods run is the operator's")
    func placement() throws {
        let spec = try #require(
            try merged(
                """
                metadata:
                  labels: {team: "7"}
                  annotations: {example.com/note: "true"}
                spec:
                  nodeSelector: {pool: builds, "true": "1"}
                  tolerations: [{key: builds, operator: Exists, effect: NoSchedule, tolerationSeconds: 60}]
                  priorityClassName: low
                  runtimeClassName: gvisor
                  imagePullSecrets: [{name: pull}]
                  terminationGracePeriodSeconds: 10
                  affinity:
                    nodeAffinity:
                      preferredDuringSchedulingIgnoredDuringExecution:
                        - weight: 10
                          preference: {matchExpressions: [{key: disk, operator: In, values: ["1", "2"]}]}
                  topologySpreadConstraints:
                    - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {a: "1"}}}
                """)["spec"])
        #expect(spec["nodeSelector"] == ["pool": "builds", "true": "1"])
        #expect(spec["tolerations"]?[0]?["tolerationSeconds"] == 60)
        let term = spec["affinity"]?["nodeAffinity"]?["preferredDuringSchedulingIgnoredDuringExecution"]?[0]
        #expect(term?["weight"] == 10)
        #expect(term?["preference"]?["matchExpressions"]?[0]?["values"] == ["1", "2"])
        #expect(spec["topologySpreadConstraints"]?[0]?["maxSkew"] == 1)
        #expect(spec["topologySpreadConstraints"]?[0]?["labelSelector"]?["matchLabels"] == ["a": "1"])
        #expect(spec["restartPolicy"] == "Never")
    }

    @Test("containers are merged by their names, and what is Slipway's stays")
    func containers() throws {
        let pod = try merged(
            """
            metadata:
              labels: {team: x}
            spec:
              securityContext: {runAsUser: 2000, supplementalGroups: [5]}
              volumes:
                - {name: cache, hostPath: {path: /var/cache/builds}}
                - {name: workspace, emptyDir: {sizeLimit: 8Gi}}
              containers:
                - name: build
                  image: example.org/base:1
                  env: [{name: HOME, value: /root}, {name: GOPROXY, value: "1"}]
                  volumeMounts: [{name: cache, mountPath: /cache, readOnly: true}]
                  resources: {requests: {cpu: "2"}, limits: {memory: 4Gi}}
                  securityContext: {readOnlyRootFilesystem: true}
                - name: fetch-source
                  resources: {limits: {memory: 1Gi}}
            """)
        let spec = try #require(pod["spec"])
        let build = try #require(spec["initContainers"]?[1])
        #expect(build["image"] == "example.org/base:1" && build["command"] == ["make"])
        #expect(build["env"] == [["name": "HOME", "value": "/workspace/home"], ["name": "GOPROXY", "value": "1"]])
        #expect(build["volumeMounts"]?.array?.count == 2 && build["volumeMounts"]?[1]?["readOnly"] == true)
        #expect(build["resources"] == ["requests": ["cpu": "2"], "limits": ["memory": "4Gi"]])
        #expect(build["securityContext"] == ["allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true])
        #expect(spec["securityContext"] == ["runAsNonRoot": true, "runAsUser": 2000, "supplementalGroups": [5]])
        #expect(spec["volumes"]?.array?.compactMap { $0["name"]?.string } == ["cache", "workspace"])
        #expect(spec["volumes"]?[1]?["emptyDir"] == ["sizeLimit": "8Gi"])
        #expect(spec["initContainers"]?[0]?["args"] == ["fetch-source"])
        #expect(pod["metadata"]?["labels"] == ["slipway.dev/app": "blog", "team": "x"])
    }

    @Test("a command of the operator's own takes the place of Slipway's; arguments alone go to the image's own program")
    func commands() throws {
        let own = try merged("spec: {containers: [{name: build, command: [sh], args: [a]}]}")
        #expect(own["spec"]?["initContainers"]?[1]?["command"] == ["sh"])
        let arguments = try merged("spec: {containers: [{name: build, args: [a]}]}")
        #expect(arguments["spec"]?["initContainers"]?[1]?["command"] == nil)
        #expect(try PodTemplate("spec: {containers: [{name: build, args: [a]}]}", name: "t").hasOwnCommand)
        #expect(try !PodTemplate.builtIn().hasOwnCommand)
    }

    @Test(
        "what is not the operator's is refused, with its line",
        arguments: [
            ("spec:\n  restartPolicy: Always", 2, "restartPolicy"),
            ("spec:\n  serviceAccountName: admin", 2, "serviceAccountName"),
            ("spec:\n  automountServiceAccountToken: true", 2, "automountServiceAccountToken"),
            ("spec:\n  initContainers: []", 2, "initContainers"),
            ("spec:\n  containers:\n    - name: sidecar", 3, "sidecar"),
            ("spec:\n  containers:\n    - name: build\n    - name: build", 4, "twice"),
            ("spec:\n  containers:\n    - name: fetch-source\n      image: x", 4, "kubernetes.image"),
            (
                "spec:\n  containers:\n    - name: build\n      env:\n        - {name: SLIPWAY_OUTPUT, value: x}", 5,
                "SLIPWAY_"
            ),
            (
                "spec:\n  containers:\n    - name: build\n      volumeMounts:\n        - {name: x, mountPath: /workspace}",
                5, "/workspace"
            ),
            (
                "spec:\n  containers:\n    - name: build\n      securityContext:\n        runAsUser: 1001", 5,
                "runAsUser of one container"
            ),
            ("spec:\n  volumes:\n    - {name: registry, emptyDir: {}}", 3, "registry"),
            ("spec:\n  volumes:\n    - {name: workspace, hostPath: {path: /}}", 3, "workspace"),
            ("metadata:\n  labels:\n    slipway.dev/app: x", 3, "slipway.dev/app"),
            ("spec:\n  securityContext:\n    runAsUser: root", 3, "whole number"),
            ("spec:\n  nodeSelector: [a]", 2, "a map"),
            ("spec:\n  hostUsers: yes", 2, "true or false"),
            ("spec:\n  nodeSelector: {a: *b}", 2, "alias"),
        ])
    func refused(text: String, line: Int, words: String) throws {
        let found = #expect(throws: PodTemplateProblem.self) { try PodTemplate(text, name: "blog.yaml") }
        let problem = try #require(found)
        #expect(problem.line == line && "\(problem)".hasPrefix("blog.yaml, line \(line): "), "\(problem)")
        #expect(problem.reason.contains(words), "\(problem)")
    }

    @Test("the most special file is taken, alone, and read anew each time")
    func files() async throws {
        let directory = try TemporaryDirectory()
        let templates = PodTemplates(directory: directory.path)
        let app = try AppName("blog")
        func name() async throws -> String { try await templates.template(app: app, recipe: .script).name }
        #expect(try await name() == "the built-in pod template")
        for file in ["default", "script", "app.blog"] {
            try directory.write("spec: {priorityClassName: x}", to: "\(file).yaml")
            #expect(try await name() == directory("\(file).yaml"))
        }
        #expect(try await templates.problems() == [])
        try directory.write("spec:\n  x: 1", to: "app.blog.yaml")
        let error = await #expect(throws: ExecutorUnavailable.self) { try await name() }
        #expect(error?.mayPass == false && error?.detail.contains("app.blog.yaml, line 2") == true)
        #expect(try await templates.problems().count == 1)
    }

    @Test("an app that is called like a recipe has no part in the recipe's file", arguments: BuildRecipe.allCases)
    func appsLikeRecipes(recipe: BuildRecipe) async throws {
        let directory = try TemporaryDirectory()
        let templates = PodTemplates(directory: directory.path)
        try directory.write("spec: {priorityClassName: x}", to: "script.yaml")
        let builtIn = "the built-in pod template"
        for app in BuildRecipe.allCases.map(\.rawValue) + ["default"] {
            let name = try await templates.template(app: try AppName(app), recipe: recipe).name
            #expect(name == (recipe == .script ? directory("script.yaml") : builtIn), "\(app)")
        }
        try directory.write("spec: {priorityClassName: x}", to: "app.script.yaml")
        let other = try await templates.template(app: try AppName("blog"), recipe: recipe).name
        #expect(other == (recipe == .script ? directory("script.yaml") : builtIn))
        #expect(
            try await templates.template(app: try AppName("script"), recipe: recipe).name
                == directory("app.script.yaml"))
    }

    @Test(
        "a file that is for no build is a problem that says which names there are, so that nobody believes it is read",
        arguments: [
            "blog.yaml", "app.yaml", "app..yaml", "app.a.b.yaml", "app.blog", "app.blog.yml", "app.blog.yaml.bak",
            "default", "script.json", "Default.yaml", "default.YAML", "notes.txt", "yaml",
        ])
    func strayFiles(name: String) async throws {
        let directory = try TemporaryDirectory()
        for name in ["default.yaml", "app.blog.yaml", "makefile.yaml", name] {
            try directory.write("spec: {}", to: name)
        }
        let problems = try await PodTemplates(directory: directory.path).problems()
        let problem = try #require(problems.first)
        #expect(problems.count == 1 && problem.hasPrefix("\(directory(name)): it is for no build"), "\(problems)")
        for known in ["app.APP.yaml", "script.yaml", "buildpacks.yaml", "default.yaml"] {
            #expect(problem.contains(known), "\(problem)")
        }
    }

    @Test("a folder in the folder is a problem, whatever it is called")
    func strayFolders() async throws {
        let directory = try TemporaryDirectory()
        for name in ["old", "app.blog.yaml"] { #expect(unsafe mkdir(directory(name), 0o755) == 0) }
        let problems = try await PodTemplates(directory: directory.path).problems()
        #expect(problems.count == 2, "\(problems)")
        #expect(problems.first?.contains("app.blog.yaml: it cannot be read") == true, "\(problems)")
        #expect(problems.last?.contains("old: it is for no build") == true, "\(problems)")
    }

    @Test("a mounted ConfigMap, links to a hidden folder, is read without a problem")
    func mounted() async throws {
        let directory = try TemporaryDirectory()
        #expect(unsafe mkdir(directory("..2026_01_01"), 0o755) == 0)
        try directory.write("spec: {}", to: "..2026_01_01/default.yaml")
        #expect(unsafe symlink("..2026_01_01", directory("..data")) == 0)
        #expect(unsafe symlink("..data/default.yaml", directory("default.yaml")) == 0)
        let templates = PodTemplates(directory: directory.path)
        #expect(try await templates.problems() == [])
        #expect(
            try await templates.template(app: AppName("blog"), recipe: .script).name == directory("default.yaml"))
    }

    @Test("any text is a template or is refused")
    func fuzz() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let parts = [
            "spec:", "\n", "  ", "- ", "name: build", "containers:", "{", "}", "[", "]", "volumes:", "env: ", "&a",
            "*a", ": ", "1", "\"", "\u{0}", "nodeSelector: {a: b}", "resources:", "limits: ", "affinity: ",
        ]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0...25, using: &random)).map { _ in parts.randomElement(using: &random) ?? ""
            }.joined()
            guard let template = try? PodTemplate(text, name: "t") else { continue }
            var pod = ours
            template.merge(into: &pod)
            #expect(
                pod["spec"]?["restartPolicy"] == "Never" && pod["spec"]?["initContainers"]?.array?.count == 2,
                "seed \(seed): \(text)")
        }
    }
}
