import Synchronization

extension KubernetesLog {
    /// Reads a log.
    package struct AsyncIterator: AsyncIteratorProtocol {
        enum State {
            case connect
            case read(Connection)
            /// A connection ended or failed: the pod is asked how things are.
            case judge(KubernetesError?)
            case done
        }

        struct Connection {
            let stream: BodyStream
            var pass: LogPass
            /// Whether the container was known to have ended before this reading began.
            let isFinal: Bool
        }

        /// A container that waits is looked at this often at least.
        static let longestStart = Duration.seconds(2)

        let log: KubernetesLog
        /// First of all, which pod it is: what comes later by its name may be another.
        var state = State.judge(nil)
        var outage: Outage
        var ready: [LogEvent] = []
        var position = LogPosition()
        /// How long the log may be silent at the moment.
        private var silence: Duration
        var pod: (uid: String, restarts: Int)?
        var hasEnded = false
        var finalAttempts = 0
        /// Readings that were not cut.
        private var orderlyEnds = 0
        var starting: Backoff

        init(_ log: KubernetesLog) {
            self.log = log
            outage = Outage(log.client.limits)
            silence = log.client.limits.logSilence
            starting = Backoff(log.client.limits)
        }

        var limits: KubernetesLimits { log.client.limits }
        var operation: String { log.request(from: position).operation }

        /// The next event.
        ///
        /// - Returns: nil when the container has ended and all of its log was delivered.
        /// - Throws: ``KubernetesError`` when there is no such pod or container, or when the server refuses for longer
        ///   than ``KubernetesLimits/patience``: it may be called again then, to try once more and go on from where it
        ///   was; `CancellationError`.
        package mutating func next() async throws -> LogEvent? {
            while true {
                try Task.checkCancellation()
                if !ready.isEmpty { return ready.removeFirst() }
                if case .done = state { return nil }
                try await outage.pause()
                switch state {
                case .connect: try await connect()
                case .read(let connection): try await read(connection)
                case .judge(let error): try await judge(after: error)
                case .done: return nil
                }
            }
        }

        private mutating func connect() async throws {
            let shape = try await currentShape()
            let (client, request) = (log.client, log.request(from: position))
            do {
                // The node sends no head before the container's first byte: what is silent is not broken.
                let reader = try await untilEnd { patience in
                    try await TimeLimit.run(patience) { try await client.open(request) }
                }
                try Task.checkCancellation()
                guard let reader else { return giveUpSilence() }
                if outage.end() { ready.append(.resumed) }
                state = .read(
                    Connection(stream: BodyStream(reader), pass: LogPass(from: position, shape), isFinal: hasEnded))
            } catch let error as KubernetesError {
                try Task.checkCancellation()
                state = .judge(error)
            }
        }

        private mutating func read(_ connection: Connection) async throws {
            var connection = connection
            let stream = connection.stream
            let chunk: [UInt8]
            do {
                switch try await untilEnd({ try await stream.next(within: $0) }) {
                case .bytes(let bytes): chunk = bytes
                case .end: return end(of: connection)
                case .silence, nil: return giveUpSilence()
                }
            } catch {
                try Task.checkCancellation()
                state = .judge(KubernetesError(error, operation: operation))
                return
            }
            let hadGap = connection.pass.isGapFound
            let output = connection.pass.consume(chunk)
            if connection.pass.isGapFound, !hadGap {
                ready.append(.incomplete("the node has rotated the log meanwhile: a part of it may be missing here"))
            }
            position = connection.pass.position
            for start in stride(from: 0, to: output.count, by: limits.logChunk) {
                ready.append(.bytes(Array(output[start..<Swift.min(start + limits.logChunk, output.count)])))
            }
            if !output.isEmpty {
                outage.forget()
                silence = limits.logSilence
                finalAttempts = 0
            }
            state = .read(connection)
        }

        /// Decides what the end of an answer means.
        ///
        /// By itself it says nothing: the server ends an answer when the container has ended, but also when it loses
        /// the node. The end of the log is known when a reading that began after the container's end brought nothing
        /// that the reading before had not brought.
        private mutating func end(of connection: Connection) {
            var pass = connection.pass
            defer { orderlyEnds += 1 }
            guard connection.isFinal, orderlyEnds > 0, pass.fresh == 0, pass.hasCaughtUp, pass.remark.isEmpty else {
                let remark = String(decoding: pass.remark, as: UTF8.self)
                state = .judge(
                    remark.isEmpty && (pass.fresh > 0 || pass.hasCaughtUp)
                        ? nil
                        : KubernetesError(
                            .serverError, operation: operation,
                            detail: remark.isEmpty ? "the node gave less than before" : "the node says: \(remark)"))
                return
            }
            let rest = pass.finish()
            if !rest.isEmpty { ready.append(.bytes(rest)) }
            state = .done
        }

        private mutating func giveUpSilence() {
            guard !hasEnded else {
                state = .judge(
                    KubernetesError(.timedOut, operation: operation, detail: "the end of the log does not come"))
                return
            }
            silence = Swift.min(silence * 2, limits.logSilenceMaximum)
            outage.forget()
            state = .judge(nil)
        }

        /// Waits for the server, for as long as is to be waited at the moment.
        ///
        /// - Parameter work: Given how long it may take; interrupted when the container's end gets known meanwhile.
        /// - Returns: What `work` returns; nil when it was interrupted, which is a silence as well.
        /// - Throws: What `work` throws, `CancellationError`.
        private func untilEnd<Success: Sendable>(
            _ work: @escaping @Sendable (Duration) async throws -> Success?
        ) async throws -> Success? {
            guard !hasEnded, !log.ending.isExpected else { return try await work(log.finalPatience) }
            return try await log.ending.interrupting { [silence] in try await work(silence) } ?? nil
        }

        /// Where stamps may be in the coming reading.
        ///
        /// A server whose version cannot be had is asked again for the next one: ``LogPosition`` is the same for both.
        private func currentShape() async throws -> LogShape {
            var version = log.client.knownVersion.withLock { $0 }
            if version == nil { version = try? await log.client.version() }
            try Task.checkCancellation()
            return LogShape(version)
        }
    }
}
