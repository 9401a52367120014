package import Access
package import Builds
import GitProtocol
package import GitRepository
import Identifiers
package import Logging
package import ObjectStorage
import Synchronization

/// Turns a client's command into a push, a fetch, or a plain answer, and the outcome into an exit status.
package struct CommandHandler: Sendable {
    /// The exit status for a command that is not one of ours, as a shell would give it.
    private static let commandNotFound: Int32 = 127

    let configuration: PushConfiguration
    let rules: @Sendable () -> AccessRules
    let repositories: RepositoryStore
    let store: any ObjectStore
    let builds: BuildService?
    let gate: PushGate
    let board: PushBoard
    let queue: PushQueue
    let logger: Logger

    /// Puts the pipeline together.
    ///
    /// - Parameters:
    ///   - configuration: What operators decide about pushes.
    ///   - rules: The access rules as they are now; answers from memory.
    ///   - repositories: Where pushed commits go.
    ///   - store: Where sources go.
    ///   - builds: `nil` when nothing is to be built.
    ///   - gate: Asked before a push may begin.
    ///   - board: Told what goes on.
    ///   - logger: Each push's lines get its id.
    package init(
        configuration: PushConfiguration, rules: @escaping @Sendable () -> AccessRules, repositories: RepositoryStore,
        store: any ObjectStore, builds: BuildService?, gate: PushGate, board: PushBoard, logger: Logger
    ) {
        self.configuration = configuration
        self.rules = rules
        self.repositories = repositories
        self.store = store
        self.builds = builds
        self.gate = gate
        self.board = board
        self.logger = logger
        // All series are there from the start.
        _ = PushMetrics.shared
        queue = PushQueue(maximumWaiting: configuration.queueLength)
    }

    /// Serves one request to its end.
    ///
    /// - Returns: The exit status: 0 when everything that was asked for was done.
    package func handle(_ request: ClientRequest, on channel: some ClientChannel) async -> Int32 {
        var logger = logger
        logger[metadataKey: "connection"] = "\(request.connectionID)"
        logger[metadataKey: "address"] = "\(request.address)"
        logger[metadataKey: "user"] = "\(request.user)"
        do {
            return try await dispatch(request, on: channel, logger: logger)
        } catch {
            logger.info("ended early", metadata: ["reason": "\(error)"])
            return 1
        }
    }

    private func dispatch(
        _ request: ClientRequest, on channel: some ClientChannel, logger: Logger
    ) async throws -> Int32 {
        // Asked for now, not at login: a connection may outlive the rules it came in under.
        let user = rules().user(forKeyBlob: request.keyBlob)
        let greeting = Greeting(user: request.user, grant: user?.grant, publicURL: configuration.publicURL())
        guard let command = request.command else {
            try await channel.write(Array(greeting.text.utf8))
            return 0
        }
        let parsed: ExecCommand
        do throws(ExecCommandError) {
            parsed = try ExecCommand.parse(command)
        } catch {
            logger.info("command refused", metadata: ["reason": "\(error)"])
            try await channel.writeError(Array("slipway: \(error)\n".utf8))
            return Self.commandNotFound
        }
        switch parsed.kind {
        case .ping:
            try await channel.write(Array("pong\n".utf8))
            return 0
        case .unknown:
            logger.info("command refused", metadata: ["reason": "not one of ours"])
            try await channel.writeError(Array(greeting.unknownCommand.utf8))
            return Self.commandNotFound
        case .receivePack(let path):
            return try await withApp(path, user: user, action: "push to", on: channel, logger: logger) { app, logger in
                await Push(
                    id: .generate(), app: app, user: request.user, pipeline: self, channel: channel, logger: logger
                ).run()
            }
        case .uploadPack(let path):
            return try await withApp(path, user: user, action: "fetch", on: channel, logger: logger) { app, logger in
                try await fetch(app, gitProtocol: request.gitProtocol, on: channel, logger: logger)
            }
        }
    }

    /// Checks the app's name and the user's right to it before anything touches a path.
    private func withApp(
        _ path: String, user: AccessUser?, action: String, on channel: some ClientChannel, logger: Logger,
        _ body: (AppName, Logger) async throws -> Int32
    ) async throws -> Int32 {
        let app: AppName
        do {
            app = try AppName(RepositoryPath(path).appName)
        } catch {
            logger.info("not an app name", metadata: ["reason": "\(error)"])
            let refusal = Refusal.notAnApp(reason: "\(error)", publicURL: configuration.publicURL())
            return try await refuse(refusal, on: channel)
        }
        guard let user, user.grant.allows(app) else {
            logger.notice("access refused", metadata: ["app": "\(app)", "action": "\(action)"])
            return try await refuse(.notAllowed(user: user, action: action, app: app), on: channel)
        }
        var logger = logger
        logger[metadataKey: "app"] = "\(app)"
        return try await body(app, logger)
    }

    /// Answers in git's own terms: one ERR packet instead of the refs (git's pack-protocol document).
    func refuse(_ refusal: Refusal, on channel: some ClientChannel) async throws -> Int32 {
        try await channel.write(PacketLineEncoder.error(refusal.text))
        return 1
    }

    private func fetch(
        _ app: AppName, gitProtocol: String?, on channel: some ClientChannel, logger: Logger
    ) async throws -> Int32 {
        guard try await repositories.exists(app) else {
            return try await refuse(.noSuchApp(app, publicURL: configuration.publicURL()), on: channel)
        }
        let id = PushID.generate()
        let logger = logger.with("fetch", id)
        logger.info("fetch started")
        let answered = Atomic<Bool>(false)
        let patience = configuration.idleTimeout
        do {
            let status = try await repositories.repository(for: app).uploadPack(
                gitProtocol: gitProtocol, readInput: { try await channel.read() },
                writeOutput: { bytes in
                    answered.store(true, ordering: .relaxed)
                    // A reader that has stopped must not hold a git child for ever.
                    try await withTimeLimit(patience) { try await channel.write(bytes) }
                },
                writeError: { bytes in logger.warning("git says", metadata: ["text": "\(Self.text(bytes))"]) })
            logger.info("fetch ended", metadata: ["status": "\(status)"])
            guard status != 0, !answered.load(ordering: .relaxed) else { return status }
            return try await refuse(.internalFault(id.rawValue), on: channel)
        } catch is AppDeletedError {
            logger.notice("fetch refused: the app was deleted")
            guard !answered.load(ordering: .relaxed) else { return 1 }
            return try await refuse(.noSuchApp(app, publicURL: configuration.publicURL()), on: channel)
        } catch let error as RepositoryError {
            logger.error("fetch failed", metadata: ["error": "\(error)"])
            guard !answered.load(ordering: .relaxed) else { return 1 }
            return try await refuse(.internalFault(id.rawValue), on: channel)
        }
    }

    /// What git writes on standard error is for operators: it names places on the host.
    private static func text(_ bytes: [UInt8]) -> String {
        ClientText.line(String(decoding: bytes, as: UTF8.self), maximumBytes: 1000)
    }
}

extension Logger {
    /// This logger with one more field on every line.
    fileprivate func with(_ key: String, _ id: PushID) -> Logger {
        var logger = self
        logger[metadataKey: key] = "\(id)"
        return logger
    }
}
