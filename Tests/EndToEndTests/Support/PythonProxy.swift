/// A proxy before a server of this machine, whose program is a few lines of Python.
final class PythonProxy: Sendable {
    let port: Int
    private let process: ChildProcess

    /// Starts it.
    ///
    /// - Parameters:
    ///   - target: The server's port.
    ///   - directory: The test's own.
    ///   - arguments: What `accepted` and `changed` find in `sys.argv` from place 3 on.
    ///   - accepted: What is done with a client's socket, `client`, before anything is passed on; an expression.
    ///   - changed: What is passed on of an answer's bytes, `data`; an expression.
    /// - Throws: ``Failed`` with what it said, if it ended.
    init(
        before target: Int, in directory: TemporaryDirectory, _ arguments: [String] = [],
        accepted: String = "client", changed: String = "data"
    ) async throws {
        port = try FreePorts.first(of: 1)
        let program = Self.program.replacing("ACCEPTED", with: accepted).replacing("CHANGED", with: changed)
        try directory.write("proxy-\(port).py", program)
        process = try ChildProcess(
            "/usr/bin/env", ["python3", directory("proxy-\(port).py"), "\(port)", "\(target)"] + arguments,
            environment: Command.cleanEnvironment, output: directory("proxy-\(port).log"))
        let (port, process) = (port, process)
        try await eventually("the proxy listens") {
            if let ending = process.ending {
                throw Failed("proxy: \(ending) \(try directory.read("proxy-\(port).log"))")
            }
            return try directory.read("proxy-\(port).log").contains("listens")
        }
    }

    private static let program = """
        import os, re, socket, ssl, sys, threading
        def pump(source, sink, change):
            try:
                while data := source.recv(65536): sink.sendall(change(data))
            except OSError: pass
            for end in (source, sink):
                try: end.shutdown(socket.SHUT_RDWR)
                except OSError: pass
        def serve(client):
            try:
                client = ACCEPTED
                server = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
            except OSError:
                return client.close()
            threading.Thread(target=pump, args=(client, server, lambda data: data), daemon=True).start()
            pump(server, client, lambda data: CHANGED)
        listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=100)
        print("listens", flush=True)
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve, args=(client,), daemon=True).start()

        """
}
