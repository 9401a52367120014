import Glibc

/// `kubectl`, as the administrator of the cluster that `KUBECONFIG` names.
struct Kubectl: Sendable {
    /// Nil: the whole cluster.
    var namespace: String?
    /// The time that one command may take.
    var timeout: Duration = .seconds(60)

    /// The file that names the cluster.
    static var configuration: String {
        get throws {
            guard let path = variable("KUBECONFIG"), !path.isEmpty else {
                throw Failed(
                    "KUBECONFIG is not set; make a cluster with: scripts/testbed start; eval \"$(scripts/testbed env)\""
                )
            }
            return path
        }
    }

    static func variable(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }

    /// A command, to be run or started.
    func command(_ words: [String]) throws -> Command {
        var command = Command("/usr/bin/env", ["kubectl"] + (namespace.map { ["-n", $0] } ?? []) + words)
        // What logs in for some clusters is on the user's PATH, and keeps its things at home.
        for name in ["PATH", "HOME"] { command.environment[name] = Self.variable(name) }
        command.environment["KUBECONFIG"] = try Self.configuration
        command.timeout = timeout
        return command
    }

    /// Runs a command, whatever its status.
    func run(_ words: [String], input: String? = nil) async throws -> CommandResult {
        var command = try command(words)
        command.input = input.map { Array($0.utf8) }
        return try await command.run()
    }

    /// Runs a command and gives what it printed.
    ///
    /// - Throws: ``Failed`` if its status is not 0.
    @discardableResult
    func callAsFunction(_ words: String..., input: String? = nil) async throws -> String {
        let result = try await run(words, input: input)
        guard result.status == 0 else { throw Failed("kubectl \(words.joined(separator: " ")): \(result)") }
        return result.text
    }

    /// Objects as JSON: one that was named, or a list.
    func json(_ words: String...) async throws -> JSONTree {
        let result = try await run(words + ["-o", "json"])
        guard result.status == 0 else { throw Failed("kubectl \(words.joined(separator: " ")): \(result)") }
        return try JSONTree(parsing: result.text)
    }

    /// The objects of a kind that have the labels.
    func list(_ kind: String, _ selector: String = "") async throws -> [JSONTree] {
        try await json("get", kind, "-l", selector)["items"]?.elements ?? []
    }

    /// What the cluster says of all pods here, for a test that failed.
    func account() async -> String {
        var text = ""
        for words in [
            ["get", "pods,jobs", "-o", "wide"], ["get", "events", "--sort-by=.lastTimestamp"],
            ["logs", "-l", "app.kubernetes.io/component=server", "--all-containers", "--prefix", "--tail=40"],
        ] {
            let result = try? await run(words)
            // The newest is at the end.
            text += "--- kubectl -n \(namespace ?? "") \(words.joined(separator: " "))\n"
            text += "\(result?.text.suffix(6000) ?? "no answer")\n\(result?.messages ?? "")"
        }
        return text
    }

    /// Waits until `condition` has a value; if it does not come, what the cluster says is in the error.
    ///
    /// - Throws: ``Failed``.
    func eventually<Value>(
        _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Value?
    ) async throws -> Value {
        let deadline = ContinuousClock.now + limit
        while true {
            if let value = try await condition() { return value }
            guard ContinuousClock.now < deadline else {
                throw Failed("not within \(limit): \(what)\n\(await account())")
            }
            // Each look is a process or several.
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    /// Waits until `condition` holds.
    func eventually(
        _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
    ) async throws {
        _ = try await eventually(what, within: limit) { try await condition() ? true : nil }
    }
}

/// What is often looked for in objects.
extension JSONTree {
    /// What is at the end of a path of keys.
    subscript(path: String...) -> JSONTree? { path.reduce(self) { $0?[$1] } }

    var name: String { self["metadata", "name"]?.string ?? "" }
    var uid: String { self["metadata", "uid"]?.string ?? "" }
    var isBeingDeleted: Bool { self["metadata", "deletionTimestamp"] != nil }

    /// The members of an object.
    var members: [String: JSONTree] {
        guard case .object(let members) = self else { return [:] }
        return members
    }

    /// Whether an object's condition is `True`.
    func has(condition: String) -> Bool {
        self["status", "conditions"]?.elements.contains {
            $0["type"]?.string == condition && $0["status"]?.string == "True"
        }
            ?? false
    }

    /// How often the containers of a pod were started again.
    var restarts: Int {
        (self["status", "containerStatuses"]?.elements ?? []).reduce(0) { $0 + Int($1["restartCount"]?.number ?? 0) }
    }
}
