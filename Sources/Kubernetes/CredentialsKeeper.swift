import FoundationEssentials
import NIOPosix

/// Has the credentials at hand, and gets new ones when they are old, expired or refused.
actor CredentialsKeeper {
    /// Credentials of a plugin are replaced this long before they expire, so that none expires on its way.
    private static let margin = 10.0

    private let login: Login
    private let limits: KubernetesLimits
    private var current: Credentials?
    /// When the token file is read again.
    private var staleAt = ContinuousClock.now
    /// When a plugin's credentials expire; by the wall clock, as the plugin says it.
    private var expiry: Date?
    /// One for all who wait: a plugin that asks a cloud must not run fifty times.
    private var refreshing: Task<Credentials, any Error>?

    /// Keeps the credentials of a login.
    init(_ login: Login, limits: KubernetesLimits) {
        self.login = login
        self.limits = limits
    }

    /// The credentials to use now.
    ///
    /// - Throws: ``LoginProblem``, `CancellationError`.
    func credentials() async throws -> Credentials {
        switch login.source {
        case .nothing: return Credentials(certificate: login.certificate)
        case .token(let token): return Credentials(token: token, certificate: login.certificate)
        case .tokenFile, .plugin:
            if let current, isFresh { return current }
            return try await refresh()
        }
    }

    /// Tells that the server did not accept credentials.
    ///
    /// - Parameter refused: What it was given.
    /// - Returns: Others, worth a try; nil when there are none.
    func replacement(of refused: Credentials) async -> Credentials? {
        guard login.mayChange else { return nil }
        if current == refused {
            staleAt = .now
            expiry = .distantPast
        }
        guard let next = try? await credentials(), next != refused else { return nil }
        return next
    }

    /// Ends what is under way.
    func shutDown() { refreshing?.cancel() }

    private var isFresh: Bool {
        if case .tokenFile = login.source { return ContinuousClock.now < staleAt }
        guard let expiry else { return true }
        return Date.now < expiry.addingTimeInterval(-Self.margin)
    }

    private func refresh() async throws -> Credentials {
        // Others' cancellation must not end it; it has a time limit of its own.
        let task = refreshing ?? Task { try await load() }
        refreshing = task
        return try await task.promptValue
    }

    private func load() async throws -> Credentials {
        defer { refreshing = nil }
        switch login.source {
        case .nothing, .token: return Credentials(certificate: login.certificate)
        case .tokenFile(let path):
            let loaded = try await token(path)
            staleAt = .now + limits.tokenAge
            return keep(Credentials(token: loaded, certificate: login.certificate))
        case .plugin(let plugin):
            let (credentials, expiry) = try await plugin.run(limit: limits.pluginTime)
            self.expiry = expiry
            return keep(
                Credentials(token: credentials.token, certificate: credentials.certificate ?? login.certificate))
        }
    }

    private func keep(_ credentials: Credentials) -> Credentials {
        current = credentials
        return credentials
    }

    /// Reads the token file; while it cannot be read, the last token is used: it may well be valid still.
    private func token(_ path: String) async throws -> String {
        do {
            let text = try await NIOThreadPool.singleton.runIfActive { try SmallFile.text(path) }
            guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
                throw LoginProblem(reason: "the token file \(path) is empty or holds no token")
            }
            return text
        } catch {
            if let known = current?.token { return known }
            if let problem = error as? LoginProblem { throw problem }
            throw LoginProblem(reason: "\(error)")
        }
    }
}
