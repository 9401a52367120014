import ArgumentParser
import KubernetesBuilds
import Logging
import ObjectStorage
import Retention
import Settings

/// `slipway sweep`.
struct Sweep: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove old builds and sources now, as the server does by itself (retention.*).",
        usage: "slipway sweep [--dry-run] [--setting value ...]", discussion: SettingsTable.help)

    @Flag(help: "Only tell what would be removed.")
    var dryRun = false

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        do {
            let settings = try options.load()
            LogOutput.bootstrap(settings.log)
            let data = try await StoredData(settings)
            let sweeper = RetentionSweeper(
                store: data.stores.store, policy: RetentionPolicy(settings), retry: .inBackground,
                logger: Logger(label: "retention"))
            let policy = RetentionPolicy(settings)
            let result = await Result.of {
                let summary = try await sweeper.sweep(dryRun: dryRun) { print($0.text(dryRun: dryRun)) }
                let uploads = try await data.stores.removeStaleUploads(olderThan: policy.abandonedAfter, dryRun: dryRun)
                if uploads > 0 {
                    let removed = dryRun ? "would remove" : "removed"
                    print("\(removed) \(uploads) interrupted upload\(uploads == 1 ? "" : "s")")
                }
                return summary
            }
            await data.stores.shutdown()
            let summary = try result.get()
            for line in summary.lines(dryRun: dryRun) { print(line) }
            guard summary.failures.isEmpty else { throw ExitCode.failure }
        } catch let code as ExitCode {
            throw code
        } catch {
            Serve.report(error)
            throw ExitCode.failure
        }
    }
}

extension Result where Failure == any Error {
    /// What `body` returns or throws.
    static func of(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}

extension RetentionPolicy {
    /// A build is given up this long after the longest that one may take: its wait for a turn comes on top.
    private static let reserve: Duration = .seconds(2 * 3600)

    init(_ settings: Settings) {
        var longest = settings.build.timeout
        if settings.executor == .kubernetes {
            longest += settings.kubernetes.startTimeout * 2
            longest += KubernetesBuildConfiguration.transfers(withArtifactsOf: settings.build.maxArtifactSize)
        }
        self.init(
            keepBuilds: settings.retention.keepBuilds, keepFor: settings.retention.keepFor,
            abandonedAfter: longest + Self.reserve)
    }
}
