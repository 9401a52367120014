/// The cluster that `scripts/testbed` makes on this machine, of which parts can be taken away.
enum TestBed {
    /// Where this machine is for pods, and the API server with it.
    static let host = "10.99.0.1"
    static let registry = "\(host):5000"
    /// For the images that builds push: it wants an account.
    static let images = ImageRegistry(address: "\(host):5001", user: "builder", password: "push-it")

    /// Whether it is the cluster of `KUBECONFIG`: it has a name that no other has.
    static let isHere: Bool = {
        guard let path = try? Kubectl.configuration, let bytes = try? HostFile.read(path) else { return false }
        return String(decoding: bytes, as: UTF8.self).contains("name: testbed,")
    }()

    /// Where the sources are.
    static let root = #filePath.split(separator: "/").dropLast(5).map { "/" + $0 }.joined()

    /// Where its state is.
    static var run: String {
        get throws { try Kubectl.configuration.split(separator: "/").dropLast().map { "/" + $0 }.joined() }
    }

    /// Runs `scripts/testbed`.
    @discardableResult
    static func call(_ words: String...) async throws -> String {
        var command = Command("\(root)/scripts/testbed", words)
        for name in ["PATH", "HOME", "TESTBED_HOME", "XDG_CACHE_HOME"] {
            command.environment[name] = Kubectl.variable(name)
        }
        command.timeout = .seconds(120)
        return try await command.run().succeeded().text
    }

    /// The pid of one of its parts.
    static func pid(of component: String) throws -> Int32 {
        let words = String(decoding: try HostFile.read("\(run)/\(component).pid"), as: UTF8.self).split(separator: " ")
        guard let pid = words.first.flatMap({ Int32($0) }) else { throw Failed("\(component) does not run") }
        return pid
    }

    /// Gives its registry an image that the node has, under a name that the node does not know.
    ///
    /// - Returns: The reference.
    static func publish(_ image: String, as name: String) async throws -> String {
        let reference = "\(registry)/\(name):1"
        let images = ["ctr", "--address", "\(try run)/containerd/containerd.sock", "--namespace", "k8s.io", "images"]
        for words in [["tag", image, reference], ["push", "--plain-http", reference], ["rm", reference]] {
            try await Command("/usr/bin/env", images + words).run().succeeded()
        }
        return reference
    }
}
