import ArgumentParser
import Glibc
import Kubernetes
import Logging
import ObjectStorage
import Settings

/// `slipway serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server.",
        usage: "slipway serve [--setting value ...]",
        discussion: SettingsTable.help)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let assembly: Assembly
        do {
            let settings = try options.load()
            LogOutput.bootstrap(settings.log)
            ProcessLimits.prepare()
            let cluster = try Cluster.client(settings)
            do {
                assembly = try await Assembly(
                    settings: settings, metrics: MetricsOutput.bootstrap(), cluster: cluster)
            } catch {
                // Its connections must be closed, or its end is a crash that hides the cause.
                await cluster?.shutdown()
                throw error
            }
        } catch {
            // One line that says what to do; a usage text would bury it.
            Self.report("\(error)")
            throw ExitCode.failure
        }
        do {
            try await Supervisor(assembly: assembly).run()
        } catch {
            // The log has the cause already, as its last line.
            throw ExitCode.failure
        }
    }

    /// Writes one line about an error to standard error, with what only operators may know.
    static func report(_ error: any Error) {
        let detail = (error as? ObjectStoreError)?.detail
        report("\(error)" + (detail.map { " (\($0))" } ?? ""))
    }

    /// Writes one line to standard error.
    static func report(_ text: String) {
        let line = Array("slipway: \(text)\n".utf8)
        _ = unsafe write(STDERR_FILENO, line, line.count)
    }
}
