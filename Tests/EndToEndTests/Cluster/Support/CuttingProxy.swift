import Glibc

/// Stands before an API server and passes everything on, until it is told to cut all connections.
final class CuttingProxy: Sendable {
    private let process: ChildProcess
    private let directory: TemporaryDirectory
    /// The kubeconfig that leads through it.
    let kubeconfig: String

    /// Starts it before the cluster's API server.
    init(in directory: TemporaryDirectory) async throws {
        self.directory = directory
        let view = ["config", "view", "--minify", "--raw", "--flatten", "-o"]
        let server = try await Kubectl().run(view + ["jsonpath={.clusters[0].cluster.server}"]).succeeded().text
        guard let address = server.wholeMatch(of: /https:\/\/([^:\/]+)(?::(\d+))?\/?/) else {
            throw Failed("\(server) is no address")
        }
        let (host, target) = (String(address.1), address.2.map(String.init) ?? "443")
        let port = try FreePorts.first(of: 1)
        try directory.write("cutting-proxy.py", Self.program)
        process = try ChildProcess(
            "/usr/bin/env", ["python3", directory("cutting-proxy.py"), "\(port)", host, target],
            environment: Command.cleanEnvironment, output: directory("cutting-proxy.log"))
        // Its certificate is for its own name.
        let text = try await Kubectl().run(view + ["yaml"]).succeeded().text.replacing(
            "server: \(server)", with: "server: https://127.0.0.1:\(port)\n    tls-server-name: \(host)")
        kubeconfig = try directory.write("through-proxy.yaml", text, mode: 0o600)
        try await eventually("the proxy listens") {
            try await Command("/usr/bin/curl", ["-skm2", "-o", "/dev/null", "https://127.0.0.1:\(port)/version"]).run()
                .status == 0
        }
    }

    /// Cuts all connections there are; new ones come about.
    ///
    /// - Returns: How many there were.
    @discardableResult
    func cut() async throws -> Int {
        let before = counts.count
        process.signal(SIGUSR1)
        return try await eventually("the connections are cut") { counts.count > before ? counts[before] : nil }
    }

    private var counts: [Int] {
        ((try? directory.read("cutting-proxy.log")) ?? "").split(separator: "\n").compactMap { Int($0) }
    }

    private static let program = """
        import signal, socket, struct, sys, threading
        port, host, target = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
        pairs, lock = set(), threading.Lock()
        def pump(source, sink, pair):
            try:
                while data := source.recv(65536): sink.sendall(data)
            except OSError: pass
            with lock: pairs.discard(pair)
            for end in (source, sink):
                try: end.shutdown(socket.SHUT_RDWR)
                except OSError: pass
        def cut(*_):
            with lock: doomed = list(pairs)
            for pair in doomed:
                for end in pair:
                    try:
                        # With a reset, as when a machine is lost.
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        end.shutdown(socket.SHUT_RDWR)
                    except OSError: pass
            print(len(doomed), flush=True)
        signal.signal(signal.SIGUSR1, cut)
        listener = socket.create_server(("127.0.0.1", port), backlog=100)
        while True:
            client, _ = listener.accept()
            try: server = socket.create_connection((host, target))
            except OSError:
                client.close()
                continue
            pair = (client, server)
            with lock: pairs.add(pair)
            threading.Thread(target=pump, args=(client, server, pair), daemon=True).start()
            threading.Thread(target=pump, args=(server, client, pair), daemon=True).start()

        """
}
