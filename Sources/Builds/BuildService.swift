import Identifiers
package import Logging
package import ObjectStorage
package import Retries

/// Runs builds and keeps what is left of them: log, artifact and record.
package struct BuildService: Sendable {
    let store: any ObjectStore
    let executor: any BuildExecutor
    let limits: BuildServiceLimits
    let logger: Logger

    package init(
        store: any ObjectStore, executor: any BuildExecutor, limits: BuildServiceLimits = BuildServiceLimits(),
        logger: Logger = Logger(label: "builds")
    ) {
        self.store = store
        self.executor = executor
        self.limits = limits
        self.logger = logger
    }

    /// What can be built now; part of choosing a recipe.
    package var abilities: BuildAbilities { executor.abilities }

    /// Whether requests must have the SHA-256 of their source.
    package var wantsSourceDigest: Bool { executor.wantsSourceDigest }

    /// Runs one build to its end and stores log, artifact and record, however it ends.
    ///
    /// A build that failed is a report, not an error. The record is there from the start, with the outcome `running`.
    ///
    /// - Parameters:
    ///   - request: What to build.
    ///   - output: Gets headings and the build's output while it runs. When it throws, the build is cancelled.
    ///   - retry: For what is asked of the store, and for the executor. The build waits while a part of its log is tried
    ///     again.
    /// - Returns: How the build ended and where its parts are.
    /// - Throws: `CancellationError` when the calling task was cancelled, ``BuildServiceError`` when the client went
    ///   away or the store or the executor failed. Log and record are stored in these cases too, as far as the store
    ///   takes them.
    package func run(
        _ request: BuildRequest, output: any BuildOutput, retry: Retry = .never
    ) async throws -> BuildReport {
        let keys = try BuildKeys(app: request.app, id: request.id)
        let log = BuildLog(
            store: store, keys: keys, client: output, retry: retry, limits: limits.log, logger: logger)
        let progress = BuildProgress(output: log)
        var account = BuildAccount(request: request, executor: executor.name)
        do {
            try await build(request, keys: keys, progress: progress, retry: retry, account: &account)
        } catch {
            account.fail(error, clientFailure: log.clientFailure)
        }
        account.phases = progress.timings

        // A task of its own: what is known is kept also when the push is cancelled.
        var ended = account
        let hasFailed = ended.result.outcome != .succeeded
        if hasFailed { ended.artifact = nil }
        let report = Task { [ended] in
            if hasFailed { await discard(ended.uploads) }
            return try await finish(ended, keys: keys, log: log, retry: retry)
        }
        let result = await report.result
        if let error = account.error { throw error }
        return try result.get()
    }

    private func build(
        _ request: BuildRequest, keys: BuildKeys, progress: BuildProgress, retry: Retry,
        account: inout BuildAccount
    ) async throws {
        // A crash from here on leaves a trace.
        try await putStart(account.startRecord.encoded(), at: keys.record, retry)
        let source = BuildSource(request.source, in: store, retry: retry)
        let artifact = BuildArtifactStore(key: keys.artifact, store: store, retry: retry)
        defer { account.artifact = artifact.stored }
        account.uploads = artifact
        do {
            // The store's failures are tried again where they happen: a whole build is not repeated for one.
            account.result = try await retry.run(only: ExecutorUnavailable.self) {
                do {
                    return try await executor.run(request, source: source, progress: progress, artifact: artifact)
                } catch var error as ExecutorUnavailable {
                    error.dependency = executor.title
                    throw error
                }
            }
        } catch let error as BuildSourceError {
            account.result = BuildResult(outcome: .failed, exitCode: nil, reason: error.description)
        } catch let error as BuildArtifactError {
            account.result = BuildResult(outcome: .failed, exitCode: nil, reason: error.description)
        }
    }

    /// Puts the first record.
    ///
    /// Only where there is none: a try that was given up may arrive late, and must not come over the build's end.
    private func putStart(_ record: [UInt8], at key: ObjectKey, _ retry: Retry) async throws {
        do {
            _ = try await retry.run { try await store.put(key, bytes: record, condition: .ifAbsent) }
        } catch let error as ObjectStoreError where error.kind == .conditionFailed {
            // A try whose answer was lost: nobody else has the build's id.
        } catch let error as ObjectStoreError where error.kind == .unsupported {
            // Not every server of buckets knows conditions.
            _ = try await retry.run { try await store.put(key, bytes: record) }
        }
    }

    /// Only a build that succeeded has an artifact: one that was put from elsewhere, and not asked for any more, goes.
    private func discard(_ artifact: BuildArtifactStore?) async {
        guard let artifact, artifact.isOpenToUploads else { return }
        do {
            try await withTimeLimit(limits.finishing) { try await artifact.discard() }
        } catch {
            logger.warning("the artifact of a failed build could not be removed", metadata: ["error": "\(error)"])
        }
    }

    private func finish(
        _ account: BuildAccount, keys: BuildKeys, log: BuildLog, retry: Retry
    ) async throws -> BuildReport {
        do {
            // Nobody waits for the log of a build that was given up, and its parts are there as far as they came.
            let patience = account.error == nil ? retry.budget : .zero
            let stored = try await storing(
                "storing the build's log", within: limits.finishing + log.joiningTime + patience
            ) {
                try await log.finish()
            }
            try await put(account.record(log: stored), at: keys.record, retry)
            return account.report(log: stored, recordKey: keys.record)
        } catch {
            logger.error(
                "a build's log or record could not be stored",
                metadata: ["push": "\(account.request.id)", "error": "\(error)"])
            // Without its log, a build is still worth a record.
            try? await put(account.record(log: nil), at: keys.record, .never)
            throw error
        }
    }

    private func put(_ record: BuildRecord, at key: ObjectKey, _ retry: Retry) async throws {
        let bytes = try record.encoded()
        _ = try await storing("storing the build's record", within: limits.finishing + retry.budget) { [store] in
            try await retry.run { try await store.put(key, bytes: bytes) }
        }
    }

    private func storing<Result: Sendable>(
        _ what: String, within limit: Duration, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        do {
            return try await withTimeLimit(limit, body)
        } catch let error as ObjectStoreError {
            throw BuildServiceError.storage(during: what, error: error)
        } catch is TimeLimitError {
            throw BuildServiceError.storage(during: what, error: ObjectStoreError(.unresponsive, .put, nil))
        } catch {
            throw BuildServiceError.executor("\(what) did not succeed: \(error)")
        }
    }
}
