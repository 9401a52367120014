extension KubernetesWatch {
    /// Reads a watch.
    package struct AsyncIterator: AsyncIteratorProtocol {
        private enum State {
            case list
            case connect(from: String)
            case read(Connection)
        }

        private struct Connection {
            let stream: BodyStream
            var lines: LineBuffer
            var version: String
            let began = ContinuousClock.now
            /// When the server must have ended it.
            let end: ContinuousClock.Instant
        }

        private let client: KubernetesClient
        private let selection: Selection
        private var state: State
        private var outage: Outage
        private var ready: [Element] = []

        /// Begins with a list, or with the changes since a version.
        init(_ client: KubernetesClient, _ selection: Selection, from version: String? = nil) {
            self.client = client
            self.selection = selection
            state = version.map { .connect(from: $0) } ?? .list
            outage = Outage(client.limits)
        }

        /// The next event.
        ///
        /// - Returns: Never nil.
        /// - Throws: `CancellationError` only.
        package mutating func next() async throws -> Element? {
            while true {
                try Task.checkCancellation()
                if !ready.isEmpty { return ready.removeFirst() }
                try await outage.pause()
                do {
                    try await step()
                } catch let error as KubernetesError {
                    try Task.checkCancellation()
                    fail(error)
                }
            }
        }

        /// Whatever ends a connection ends here: where to go on, and whether it is told.
        private mutating func fail(_ error: KubernetesError) {
            switch state {
            case .list: break
            case .connect(let version): state = error.kind == .gone ? .list : .connect(from: version)
            case .read(let connection):
                // What cannot be read now will not be read the next time either: a list begins anew.
                let isLost = error.kind == .gone || error.kind == .malformed
                state = isLost ? .list : .connect(from: connection.version)
            }
            // A version that is gone is nothing that anybody has to know, unless it comes again and again.
            if outage.begin(error, quietly: error.kind == .gone) { ready.append(.interrupted(error)) }
        }

        private mutating func succeed() { if outage.end() { ready.append(.resumed) } }

        private mutating func step() async throws {
            switch state {
            case .list:
                let list = try await client.list(
                    Object.self, selection, pageSize: client.limits.pageSize, .never(within: client.limits.requestTime))
                state = .connect(from: list.resourceVersion)
                succeed()
                ready.append(.listed(list.items))
            case .connect(let version): try await connect(from: version)
            case .read(let connection): try await read(connection)
            }
        }

        private mutating func connect(from version: String) async throws {
            let limits = client.limits
            let time = limits.watchTime * Double.random(in: 1...1.5)
            var request = selection.request("watch", maximumAnswer: limits.watchLine)
            request.query += [
                (name: "watch", value: "true"), (name: "allowWatchBookmarks", value: "true"),
                (name: "resourceVersion", value: version),
                (name: "timeoutSeconds", value: "\(Swift.max(1, time.components.seconds))"),
            ]
            let (client, sent) = (client, request)
            guard let reader = try await TimeLimit.run(limits.requestTime, { try await client.open(sent) }) else {
                throw KubernetesError(.timedOut, operation: sent.operation, detail: "no answer to the watch")
            }
            state = .read(
                Connection(
                    stream: BodyStream(reader), lines: LineBuffer(maximumLine: limits.watchLine), version: version,
                    end: .now + time + limits.watchGrace))
            succeed()
        }

        private mutating func read(_ connection: Connection) async throws {
            var connection = connection
            if let line = try nextLine(&connection) {
                outage.forget()
                try take(line, &connection)
                return
            }
            let operation = "watch \(selection.kind.plural) in \(selection.namespace)"
            let piece: Mailbox.Piece
            do {
                piece = try await connection.stream.next(within: connection.end - .now)
            } catch {
                try Task.checkCancellation()
                throw KubernetesError(error, operation: operation)
            }
            switch piece {
            case .bytes(let bytes):
                connection.lines.append(bytes)
                state = .read(connection)
            case .end:
                state = .connect(from: connection.version)
                // The usual end, after its time; one that ends at once each time must not be asked without a pause.
                if ContinuousClock.now - connection.began > client.limits.firstDelay * 4 {
                    outage.forget()
                } else {
                    outage.slowDown()
                }
            case .silence:
                throw KubernetesError(
                    .timedOut, operation: operation, detail: "the watch is silent and was not ended by the server")
            }
        }

        private func nextLine(_ connection: inout Connection) throws -> [UInt8]? {
            do {
                return try connection.lines.next()
            } catch {
                throw KubernetesError(
                    .malformed, operation: "watch \(selection.kind.plural) in \(selection.namespace)",
                    detail: "a line has more than \(client.limits.watchLine) bytes")
            }
        }

        private mutating func take(_ line: [UInt8], _ connection: inout Connection) throws {
            let request = selection.request("watch", maximumAnswer: client.limits.watchLine)
            switch try client.decode(WatchFrame<Object>.self, line, request) {
            case .change(let kind, let object, let version):
                if !version.isEmpty { connection.version = version }
                switch kind {
                case .added: ready.append(.added(object))
                case .modified: ready.append(.modified(object))
                case .deleted: ready.append(.deleted(object))
                }
            case .bookmark(let version): if !version.isEmpty { connection.version = version }
            case .failure(let status):
                // Old servers send 410 with the version in the text only, newer ones as "Expired".
                throw KubernetesError(status, operation: request.operation)
            case .unknown: break
            }
            state = .read(connection)
        }
    }
}
