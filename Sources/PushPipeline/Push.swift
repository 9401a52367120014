import Builds
import GitProtocol
import GitRepository
import Identifiers
import Logging

/// One push, from the advertised refs to the exit status.
///
/// Data flows one way: ref commands, pack, quarantine, checks, source, build, promotion, report.
struct Push: Sendable {
    /// What this server can do, as the first advertised ref says it (git's protocol-capabilities document).
    static let capabilities = [
        "report-status", "report-status-v2", "side-band-64k", "delete-refs", "ofs-delta", "atomic", "push-options",
        "quiet", "object-format=sha1",
    ]

    let id: PushID
    let app: AppName
    let user: String
    let pipeline: CommandHandler
    let channel: any ClientChannel
    let logger: Logger
    let input: PushInput
    let phases = PhaseClock()

    init(
        id: PushID, app: AppName, user: String, pipeline: CommandHandler, channel: any ClientChannel, logger: Logger
    ) {
        self.id = id
        self.app = app
        self.user = user
        self.pipeline = pipeline
        self.channel = channel
        var logger = logger
        logger[metadataKey: "push"] = "\(id)"
        self.logger = logger
        input = PushInput(channel: channel, idleTimeout: pipeline.configuration.idleTimeout)
    }

    /// Carries the push out.
    ///
    /// - Returns: 0 when every ref was changed as asked (or nothing was asked for), else 1.
    func run() async -> Int32 {
        logger.info("push started")
        let start = ContinuousClock.now
        pipeline.board.begin(id, app)
        let outcome = await carryOut()
        pipeline.board.end(id)
        PushMetrics.shared.ended(outcome, after: ContinuousClock.now - start)
        return outcome == .accepted || outcome == .nothing ? 0 : 1
    }

    private func carryOut() async -> PushMetrics.Outcome {
        do {
            if let obstacle = await pipeline.gate.obstacle() { return try await refuse(obstacle) }
            let references: [Reference]
            do {
                references = try await existingReferences()
            } catch {
                logger.error("the refs cannot be read", metadata: ["error": "\(error)"])
                _ = try await pipeline.refuse(.internalFault(id.rawValue), on: channel)
                return .failed
            }
            try await channel.write(advertisement(of: references))
            guard let request = try await readRequest() else {
                try await sayNothingPushed(references)
                return .nothing
            }
            return try await respond(to: request)
        } catch {
            logger.notice("push ended early", metadata: ["reason": "\(error)", "bytes": "\(input.byteCount)"])
            return .cancelled
        }
    }

    /// Tells the pusher what is down, before anything is uploaded.
    private func refuse(_ obstacle: PushGate.Obstacle) async throws -> PushMetrics.Outcome {
        logger.warning("push refused: a dependency is down", metadata: ["reason": "\(obstacle.sentence)"])
        let refusal = Refusal.notNow(
            obstacle, app: app, push: id, builds: pipeline.configuration.builds,
            statusURL: pipeline.configuration.statusURL())
        _ = try await pipeline.refuse(refusal, on: channel)
        return .gate
    }

    private func existingReferences() async throws -> [Reference] {
        guard try await pipeline.repositories.exists(app) else { return [] }
        return try await pipeline.repositories.repository(for: app).references()
    }

    private func advertisement(of references: [Reference]) -> [UInt8] {
        ReferenceAdvertisement(
            references: references.map { ($0.name, $0.target) },
            capabilities: Self.capabilities + ["agent=\(pipeline.configuration.agent)"]
        ).encoded()
    }

    // MARK: The request

    /// Reads the ref commands.
    ///
    /// - Returns: `nil` when there are none: the client found everything up to date, or hung up.
    private func readRequest() async throws -> ReceivePackRequest? {
        do {
            return try await input.watched { [input] in
                var parser = ReceivePackParser()
                while true {
                    guard let bytes = try await input.read() else {
                        try parser.endOfInput()
                        return ReceivePackRequest?.none
                    }
                    guard let request = try parser.consume(bytes) else { continue }
                    input.pushBack(parser.takeRemainder())
                    return request.commands.isEmpty && request.rejected.isEmpty ? .none : request
                }
            }
        } catch let error as ReceivePackError {
            // The side band does not run yet, so the text goes beside it.
            try await channel.writeError(Array("slipway: \(error)\n".utf8))
            throw error
        } catch let error as ClientSilent {
            try await channel.writeError(Array("slipway: \(error); the push was given up\n".utf8))
            throw error
        }
    }

    private func sayNothingPushed(_ references: [Reference]) async throws {
        logger.info("nothing was pushed")
        let deployed = references.first { reference in
            (try? RefName(reference.name)).map(pipeline.configuration.isDeployBranch) ?? false
        }
        var text = "slipway: nothing was pushed to \(app)"
        if let deployed {
            text += "; \(deployed.name.shortRefName) is at \(deployed.target.short)."
            text += "\nslipway: if you want to build it again: git commit --allow-empty -m \"Build again\", and push"
        }
        // Best effort: the client may have hung up already.
        try? await channel.writeError(Array("\(text)\n".utf8))
    }

    // MARK: The answer

    private func respond(to request: ReceivePackRequest) async throws -> PushMetrics.Outcome {
        let output = PushOutput(
            channel: channel, sideBand: request.capabilities.contains("side-band-64k"),
            patience: pipeline.configuration.idleTimeout)
        var verdicts = Verdicts(request)
        do {
            enter(.queue, "waiting", output)
            let joined = ContinuousClock.now
            try await output.withSignsOfLife {
                try await pipeline.queue.withTurn(
                    at: app, push: id, user: user, timeout: pipeline.configuration.queueTimeout,
                    report: { try await self.tell($0, output) }
                ) {
                    PushMetrics.shared.phase(PushPhase.queue.rawValue, took: ContinuousClock.now - joined)
                    try await receive(request, verdicts: &verdicts, output: output)
                }
            }
            try await output.finish(report: verdicts.report(for: request))
        } catch {
            let failure = PushFailure(error)
            verdicts.rejectUndecided(failure)
            let heard = await tell(failure, verdicts, request, output)
            audit(verdicts, request)
            log(failure, verdicts, heard: heard)
            if failure.blame == .builder { pipeline.gate.lookAgain() }
            // Also where the client went away after a ref was lost.
            if verdicts.hasFault { return .failed }
            return failure.blame == .pusher && heard ? .refused : .cancelled
        }
        audit(verdicts, request)
        logger.notice("push ended", metadata: verdicts.metadata.merging(phases.metadata) { $1 })
        if verdicts.hasFault { return .failed }
        return verdicts.allAccepted ? .accepted : .refused
    }

    /// Notes what happens from here on, for the pusher and for the status page.
    func enter(_ phase: PushPhase, _ activity: String, _ output: PushOutput) {
        output.begin(activity)
        pipeline.board.enter(phase, id)
    }

    /// Logs what became of each ref: what was there before is nowhere else after a force or a delete.
    private func audit(_ verdicts: Verdicts, _ request: ReceivePackRequest) {
        for rejected in request.rejected {
            logger.notice("ref", metadata: ["ref": "\(rejected.refText)", "result": "\(rejected.reason)"])
        }
        for command in request.commands {
            let result =
                switch verdicts.result(of: command.ref) {
                case .ok: "ok"
                case .rejected(let reason): reason
                }
            logger.notice(
                "ref",
                metadata: [
                    "ref": "\(command.ref)", "old": "\(command.old)", "new": "\(command.new)", "result": "\(result)",
                ])
        }
    }

    /// Tells the end of a push that did not come to its natural one.
    ///
    /// In a task of its own with a time limit, because this one may be cancelled: by a shutdown, in which case the client still
    /// listens, or because the client is gone.
    ///
    /// - Returns: Whether the client took it.
    private func tell(
        _ failure: PushFailure, _ verdicts: Verdicts, _ request: ReceivePackRequest, _ output: PushOutput
    ) async -> Bool {
        let words = Task { [id] in
            try await withTimeLimit(Self.lastWordsTime) {
                try await output.problem("\(failure.text) \(verdicts.aftermath)\nPush \(id)\(statusPage(failure))")
                try await output.finish(report: verdicts.report(for: request))
            }
        }
        guard case .success = await words.result else { return false }
        await input.discardRest()
        return true
    }

    /// Where to look, when it is not the push that failed.
    private func statusPage(_ failure: PushFailure) -> String {
        failure.blame == .builder ? "; status page: \(pipeline.configuration.statusURL())" : "."
    }

    private static let lastWordsTime: Duration = .seconds(2)

    private func log(_ failure: PushFailure, _ verdicts: Verdicts, heard: Bool) {
        var metadata: Logger.Metadata = ["reason": "\(failure.detail)", "bytes": "\(input.byteCount)"]
        metadata.merge(verdicts.metadata) { $1 }
        metadata.merge(phases.metadata) { $1 }
        switch failure.blame {
        case .builder: logger.error("push failed", metadata: metadata)
        case .pusher where heard: logger.notice("push refused", metadata: metadata)
        case .shutdown where heard: logger.notice("push cancelled: shutting down", metadata: metadata)
        case .pusher, .shutdown: logger.notice("push cancelled: the client hung up", metadata: metadata)
        }
    }

    private func tell(_ event: PushQueue.Event, _ output: PushOutput) async throws {
        guard case .waiting(let ahead, let running) = event else { return }
        let place = ahead == 1 ? "you are next" : "you are number \(ahead) in the queue"
        let age = (ContinuousClock.now - running.since).inWords
        logger.info("waiting", metadata: ["ahead": "\(ahead)", "running": "\(running.push)"])
        try await output.heading("Waiting for a push by \(running.user) (running for \(age)); \(place)")
    }
}

extension ObjectID {
    /// The first seven digits, as git prints them.
    var short: String { String(hex.prefix(7)) }
}

extension String {
    /// `refs/heads/main` as people say it: `main`; other refs keep what tells them apart.
    var shortRefName: String {
        // By bytes: a name may start with a combining mark, which hasPrefix would join to the slash.
        for prefix in ["refs/heads/", "refs/tags/"] where utf8.starts(with: prefix.utf8) {
            return String(utf8.dropFirst(prefix.utf8.count)) ?? self
        }
        return self
    }
}
