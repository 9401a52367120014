import Synchronization

@testable import Kubernetes

/// An API server with one pod, whose log a test cuts, delays and rotates.
final class FakeNode: Sendable {
    /// What a request for the log meets.
    enum Fate: Sendable {
        /// The log as it is, and then an orderly end: what a server does also when it loses the node.
        case end(after: Int = .max)
        /// The log, and then the connection breaks.
        case cut(after: Int)
        /// The log, and then nothing.
        case stall(after: Int)
        /// The log, and then a message of the kubelet's own.
        case talk(String)
        case fail(Int, String, String)
        /// Not even a head.
        case silence
    }

    struct State: Sendable {
        var log = LogFile()
        var shape = LogShape.entries
        /// As in the pod's status.
        var container = #""running":{}"#
        var phase = "Running"
        var uid = "u1"
        var restarts = 0
        var isGone = false
        /// What the requests for the log meet, in order; the last one stays.
        var fates: [Fate] = [.end()]
        /// Called before each answer about the log, with the number of the request.
        var before: (@Sendable (Int, inout State) -> Void)?
        var podFailure: Int?
        /// So many requests for the version fail.
        var versionFailures = 0
        var logRequests: [FakeServer.Request] = []
    }

    let state: Mutex<State>

    init(_ state: State = State()) { self.state = Mutex(state) }

    /// Ends the container.
    static func ended(_ state: inout State) {
        state.container = #""terminated":{"exitCode":0}"#
        state.phase = "Succeeded"
    }

    func answer(_ request: FakeServer.Request, _ response: FakeServer.Response) async throws {
        switch request.path {
        case "/version":
            let isFailing = state.withLock { state in
                state.versionFailures -= 1
                return state.versionFailures >= 0
            }
            if isFailing { return try await response.fail(403, "Forbidden") }
            let minor = state.withLock { $0.shape == .lines ? 31 : 20 }
            try await response.answer(200, #"{"major":"1","minor":"\#(minor)","gitVersion":"v1.\#(minor).0"}"#)
        case "/api/v1/namespaces/n/pods/p": try await pod(response)
        case "/api/v1/namespaces/n/pods/p/log": try await log(request, response)
        default: try await response.fail(404, "NotFound")
        }
    }

    private func pod(_ response: FakeServer.Response) async throws {
        let state = state.withLock { $0 }
        if let code = state.podFailure { return try await response.fail(code, "Trouble") }
        guard !state.isGone else { return try await response.fail(404, "NotFound") }
        try await response.answer(
            200,
            #"{"metadata":{"uid":"\#(state.uid)"},"spec":{"containers":[{"name":"c"}]},"status":{"phase":"\#(state.phase)","containerStatuses":[{"name":"c","restartCount":\#(state.restarts),"state":{\#(state.container)}}]}}"#
        )
    }

    private func log(_ request: FakeServer.Request, _ response: FakeServer.Response) async throws {
        let (state, fate) = self.state.withLock { state in
            state.before?(state.logRequests.count, &state)
            state.logRequests.append(request)
            let fate = state.fates.count > 1 ? state.fates.removeFirst() : state.fates[0]
            return (state, fate)
        }
        guard !state.isGone else { return try await response.fail(404, "NotFound") }
        let bytes = state.log.rendered(since: request.query["sinceTime"].flatMap(LogFile.seconds), state.shape)
        switch fate {
        case .end(let count):
            try await response.head(200)
            try await send(bytes.prefix(count), response)
            try await response.end()
        case .cut(let count):
            try await response.head(200)
            try await send(bytes.prefix(count), response)
            await response.cut()
        case .stall(let count):
            if count > 0 {
                try await response.head(200)
                try await send(bytes.prefix(count), response)
            }
            await response.stall()
        case .talk(let text):
            try await response.head(200)
            try await send(bytes + Array(text.utf8), response)
            try await response.end()
        case .fail(let code, let reason, let message): try await response.fail(code, reason, message)
        case .silence: await response.stall()
        }
    }

    private func send(_ bytes: some Collection<UInt8>, _ response: FakeServer.Response) async throws {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            try await response.write(Array(rest.prefix(1000)))
            rest = rest.dropFirst(1000)
        }
    }
}
