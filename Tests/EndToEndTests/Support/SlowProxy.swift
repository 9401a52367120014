import Glibc

/// Stands before a server and passes everything on; slowly, when it is told to.
final class SlowProxy: Sendable {
    let port: Int
    private let directory: TemporaryDirectory
    private let process: ChildProcess

    /// How late every piece of an answer is while it is slow.
    static let delay = 3

    /// Starts it.
    init(before target: Int, in directory: TemporaryDirectory) async throws {
        self.directory = directory
        port = try FreePorts.first(of: 1)
        try directory.write("proxy.py", Self.program)
        process = try ChildProcess(
            "/usr/bin/env",
            ["python3", directory("proxy.py"), "\(port)", "\(target)", directory("slow"), "\(Self.delay)"],
            environment: Command.cleanEnvironment, output: directory("proxy.log"))
        let port = port
        try await eventually("the proxy listens") {
            try await Command("/usr/bin/curl", ["-sm2", "-o", "/dev/null", "http://127.0.0.1:\(port)/status"]).run()
                .status == 0
        }
    }

    /// Makes it slow, or quick again.
    func beSlow(_ isSlow: Bool) throws {
        if isSlow {
            try directory.write("slow", "")
        } else {
            unsafe unlink(directory("slow"))
        }
    }

    private static let program = """
        import os, socket, sys, threading, time
        port, target, flag, delay = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
        def pump(source, sink, late):
            try:
                while data := source.recv(65536):
                    if late and os.path.exists(flag): time.sleep(delay)
                    sink.sendall(data)
            except OSError: pass
            for end in (source, sink):
                try: end.shutdown(socket.SHUT_RDWR)
                except OSError: pass
        listener = socket.create_server(("127.0.0.1", port), backlog=100)
        while True:
            client, _ = listener.accept()
            try: server = socket.create_connection(("127.0.0.1", target))
            except OSError:
                client.close()
                continue
            threading.Thread(target=pump, args=(client, server, False), daemon=True).start()
            threading.Thread(target=pump, args=(server, client, True), daemon=True).start()

        """
}
