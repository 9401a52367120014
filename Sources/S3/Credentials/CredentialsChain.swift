package import AsyncHTTPClient
package import Logging

/// Credentials from the first of several places that has some, kept until shortly before they expire.
///
/// Many may ask at once: one look-up serves all. While credentials are still valid, new ones are looked up in the
/// background.
package actor CredentialsChain: CredentialsProvider {
    private let sources: [any CredentialsSource]
    private let timing: CredentialsTiming
    private let logger: Logger
    private var current: S3Credentials?
    private var loadedAt: ContinuousClock.Instant?
    private var failedAt: ContinuousClock.Instant?
    private var loading: Task<S3Credentials, any Error>?
    private var isRefused = false

    /// Makes a chain of any places.
    ///
    /// - Parameters:
    ///   - sources: In the order in which they are asked.
    ///   - timing: When to look again.
    ///   - logger: Told when new credentials cannot be had.
    init(_ sources: [any CredentialsSource], timing: CredentialsTiming = CredentialsTiming(), logger: Logger) {
        self.sources = sources
        self.timing = timing
        self.logger = logger
    }

    /// Makes the chain that users of AWS expect.
    ///
    /// The order: mounted files that the settings name, `AWS_ACCESS_KEY_ID` and its companions, the shared credentials
    /// file and its profile, a web identity token (IRSA), container credentials (ECS, EKS pod identity), and the
    /// instance's own role (IMDSv2).
    ///
    /// - Parameters:
    ///   - environment: The process's variables.
    ///   - region: For STS.
    ///   - http: Used for look-ups; the store's own will do.
    ///   - files: Mounted files, if the settings name some: then nothing else is asked.
    ///   - logger: Told when new credentials cannot be had.
    package init(
        environment: [String: String], region: String, http: HTTPClient, files: CredentialsFiles? = nil, logger: Logger
    ) {
        if let files {
            self.init([MountedFilesSource(files)], logger: logger)
            return
        }
        let fetcher = CredentialsFetcher(http: http)
        self.init(
            [
                EnvironmentSource(environment), SharedFileSource(environment),
                WebIdentitySource(environment, region: region, fetcher: fetcher),
                ContainerSource(environment, fetcher: fetcher), InstanceSource(environment, fetcher: fetcher),
            ], logger: logger)
    }

    package func credentials() async throws -> S3Credentials {
        if let current, !isRefused {
            let left = current.expiry.map { $0 - UnixTime.now() }
            if isDue(left), loading == nil, !hasJustFailed { load() }
            if left ?? .max > timing.mustRefresh { return current }
        }
        if loading == nil { load() }
        guard let loading else { throw CredentialsError.nothingFound(tried: []) }
        do {
            return try await loading.value
        } catch {
            try Task.checkCancellation()
            // Better the old ones until they are really over.
            if let current, !isRefused, current.expiry ?? .distantFuture > UnixTime.now() { return current }
            throw error
        }
    }

    package func credentials(lasting seconds: Int64) async throws -> S3Credentials {
        let current = try await credentials()
        guard let expiry = current.expiry, expiry - UnixTime.now() < seconds else { return current }
        // Some sources give the same ones until shortly before their end: they are not asked for each URL.
        if loading == nil {
            guard let loadedAt, ContinuousClock.now - loadedAt > timing.recheck, !hasJustFailed else { return current }
            load()
        }
        guard let newer = try? await loading?.value, newer.expiry ?? .distantFuture > expiry else {
            try Task.checkCancellation()
            return current
        }
        return newer
    }

    package func refused(_ credentials: S3Credentials) {
        guard credentials == current, let loadedAt, ContinuousClock.now - loadedAt > timing.afterRefusal else { return }
        isRefused = true
    }

    /// Whether to look for new ones though the present ones may be used.
    private func isDue(_ left: Int64?) -> Bool {
        guard let left else { return loadedAt.map { ContinuousClock.now - $0 > timing.recheck } ?? true }
        return left < timing.mayRefresh
    }

    private var hasJustFailed: Bool { failedAt.map { ContinuousClock.now - $0 < timing.afterFailure } ?? false }

    /// Begins one look-up for all who wait for it; it has a limit of its own, and goes on when one of them gives up.
    private func load() {
        let (sources, limit) = (sources, timing.limit)
        let work = Task.detached { try await TimeLimit.run(limit) { try await Self.first(of: sources) } }
        loading = Task {
            do {
                let found = try await work.value
                note(found)
                return found
            } catch {
                throw note(error)
            }
        }
    }

    private func note(_ found: S3Credentials) {
        (current, loadedAt, failedAt, loading, isRefused) = (found, .now, nil, nil, false)
    }

    private func note(_ error: any Error) -> CredentialsError {
        (failedAt, loading) = (.now, nil)
        let failure =
            error as? CredentialsError ?? .source("where they were looked for", reason: "there was no answer in time")
        logger.warning("S3 credentials cannot be had", metadata: ["error": "\(failure)"])
        return failure
    }

    private static func first(of sources: [any CredentialsSource]) async throws -> S3Credentials {
        for source in sources {
            guard let found = try await source.load() else { continue }
            if let expiry = found.expiry, expiry <= UnixTime.now() {
                throw CredentialsError.source(source.name, reason: "they have expired already")
            }
            return found
        }
        throw CredentialsError.nothingFound(tried: sources.map(\.name))
    }
}
