import HTTPTypes
import Health

/// Finds the answer to a request; knows nothing of connections.
struct HealthResponder: Sendable {
    let board: any ProbeBoard
    let status: any StatusSource
    /// Renders the metrics, in Prometheus' text format.
    let metrics: @Sendable () -> [UInt8]
    let counters: HealthServerMetrics

    /// Whether ``immediate(_:)`` is to be asked: what it says is in memory already and small, or nobody else can say it.
    func isImmediate(_ request: HTTPRequest) -> Bool {
        guard let target = Self.target(of: request), Self.isAllowed(request.method) else { return true }
        let route = Route(target)
        // Rendering takes the event loop longer than a probe; but what Prometheus is to learn of a standstill, it learns only here.
        return route.isImmediate || route == .metrics && board.livez().contains { $0.problem != nil }
    }

    /// Answers from memory, without ever waiting: an event loop can call it where ``isImmediate(_:)`` says so.
    ///
    /// - Parameter request: Method and path; its fields are not looked at.
    /// - Returns: The answer, or `nil` for what takes longer.
    func immediate(_ request: HTTPRequest) -> Answer? {
        guard let target = Self.target(of: request) else { return counted(.other, Self.tooLong) }
        let route = Route(target)
        // What is nowhere is nowhere by any method.
        if route == .unknown { return counted(.other, Self.notFound) }
        guard Self.isAllowed(request.method) else { return counted(route.endpoint, Self.notAllowed) }
        switch route {
        case .probe(.livez, let check): return probe(.livez, board.livez(), check, target)
        case .probe(.readyz, let check): return probe(.readyz, board.readyz(), check, target)
        case .probe(.startupz, let check): return probe(.startupz, board.startupz(), check, target)
        case .home: return counted(.other, Self.home)
        case .metrics:
            let type = "text/plain; version=0.0.4; charset=utf-8"
            return counted(.metrics, Answer(.ok, contentType: type, body: metrics()))
        case .probe, .status, .unknown: return nil
        }
    }

    /// Answers anything.
    ///
    /// - Parameter request: Method, path and fields.
    /// - Returns: The answer, after what `/healthz` may take at the latest.
    func answer(_ request: HTTPRequest) async -> Answer {
        if let answer = immediate(request) { return answer }
        guard let target = Self.target(of: request) else { return counted(.other, Self.tooLong) }
        switch Route(target) {
        case .probe(let endpoint, let check): return probe(endpoint, await board.healthz(), check, target)
        case .status(let format): return counted(.status, statusAnswer(format, request))
        case .metrics, .home, .unknown: return counted(.other, Self.notFound)
        }
    }

    /// Answers a request that could not be read to its end.
    ///
    /// - Parameter tooLarge: Whether it had more header fields than are read.
    /// - Returns: The answer, after which the connection has to end.
    func unreadable(tooLarge: Bool) -> Answer {
        counted(
            .other,
            tooLarge
                ? Answer(.requestHeaderFieldsTooLarge, text: "the request's header is too long\n")
                : Answer(.badRequest, text: "this is not an HTTP request that is understood here\n"))
    }

    private func probe(
        _ endpoint: Endpoint, _ checks: [ProbeCheck], _ check: String?, _ target: RequestTarget
    ) -> Answer {
        counted(endpoint, ProbeText.answer(endpoint.rawValue, checks, single: check, ProbeQuery(target)))
    }

    private func statusAnswer(_ format: Route.Format, _ request: HTTPRequest) -> Answer {
        let report = status.report()
        // Several fields of one name are one list.
        let accept = request.headerFields[values: .accept].joined(separator: ",")
        if format == .json || MediaPreference(accept: accept) == .json {
            return Answer(
                .ok, contentType: "application/json; charset=utf-8", body: Array(report.json.text.utf8),
                extra: [.vary: "Accept"])
        }
        let page = StatusPage(report: report)
        return Answer(
            .ok, contentType: "text/html; charset=utf-8", body: Array(page.html.text.utf8),
            extra: [.vary: "Accept", .contentSecurityPolicy: StatusPage.policy, Self.referrerPolicy: "no-referrer"])
    }

    private func counted(_ endpoint: Endpoint, _ answer: Answer) -> Answer {
        counters.answered(endpoint, code: answer.status.code)
        return answer
    }

    /// What is asked for; `nil` when it is longer than is read.
    private static func target(of request: HTTPRequest) -> RequestTarget? {
        let path = request.path ?? ""
        return path.utf8.count > RequestTarget.maximumLength ? nil : RequestTarget(path)
    }

    private static func isAllowed(_ method: HTTPRequest.Method) -> Bool { method == .get || method == .head }
}
