/// One dial of the SSH port, as a client would: it is to say that it speaks SSH-2.0.
package struct SSHPortDial: Sendable {
    /// How long to wait for the server to hang up afterwards; not part of the latency.
    private static let patience = Duration.milliseconds(300)
    /// Bytes that the server may still send meanwhile: its version is followed by its key exchange, of about 1 KiB.
    private static let maximumRest = 65_536

    private let target: DialTarget
    private let limit: Duration
    private let onBound: @Sendable (UInt16) -> Void
    private let onEnd: @Sendable (UInt16) -> Void

    /// Prepares a dial.
    ///
    /// - Parameters:
    ///   - target: Where to.
    ///   - limit: How long until the version is there.
    ///   - onBound: Is told the local port before the dial connects from it.
    ///   - onEnd: Is told the same before the socket is closed.
    package init(
        target: DialTarget, limit: Duration = .seconds(2), onBound: @escaping @Sendable (UInt16) -> Void = { _ in },
        onEnd: @escaping @Sendable (UInt16) -> Void = { _ in }
    ) {
        self.target = target
        self.limit = limit
        self.onBound = onBound
        self.onEnd = onEnd
    }

    /// Dials; blocks the calling thread for the limit and a little at most.
    package func run() -> DialResult {
        let start = ContinuousClock.now
        do throws(DialSocket.Failure) {
            let socket = try DialSocket.open(target: target, deadline: start + limit)
            guard let port = socket.localPort else { return .refused(reason: "the dialling socket has no port") }
            onBound(port)
            let result = talk(over: socket, since: start)
            onEnd(port)
            socket.end()
            return result
        } catch {
            return .refused(reason: words(for: error))
        }
    }

    private func talk(over socket: borrowing DialSocket, since start: ContinuousClock.Instant) -> DialResult {
        do throws(DialSocket.Failure) {
            try socket.connect()
        } catch {
            return .refused(reason: words(for: error))
        }
        let result = answer(of: socket, since: start)
        socket.leave(patience: Self.patience, limit: Self.maximumRest)
        return result
    }

    private func answer(of socket: borrowing DialSocket, since start: ContinuousClock.Instant) -> DialResult {
        var scanner = VersionScanner()
        do throws(DialSocket.Failure) {
            while true {
                let bytes = try socket.read()
                guard !bytes.isEmpty else {
                    return scanner.isEmpty ? .refused(reason: "it hangs up at once") : .garbage
                }
                switch scanner.consume(bytes) {
                case .version: return .ok(latency: ContinuousClock.now - start)
                case .garbage: return .garbage
                case .unfinished: continue
                }
            }
        } catch .deadline {
            return scanner.isEmpty ? .silent(limit: limit) : .garbage
        } catch {
            return .refused(reason: words(for: error))
        }
    }

    private func words(for failure: DialSocket.Failure) -> String {
        switch failure {
        case .system(let code): SystemWords.of(code)
        case .notAnAddress: "its address is not a numeric one"
        case .deadline: "no connection within \(limit.inWords)"
        }
    }
}
