import ArgumentParser
import Glibc
import Logging
import Settings

/// `slipway serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server.",
        usage: "slipway serve [--setting value ...]",
        discussion: SettingsTable.help)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        do {
            let settings = try options.load()
            LogOutput.bootstrap(settings.log)
            ProcessLimits.prepare()
            let assembly = try await Assembly(settings: settings)
            try await Supervisor(assembly: assembly).run()
        } catch {
            // One line that says what to do; a usage text would bury it.
            Self.report("\(error)")
            throw ExitCode.failure
        }
    }

    /// Writes one line to standard error.
    static func report(_ text: String) {
        let line = Array("slipway: \(text)\n".utf8)
        _ = unsafe write(STDERR_FILENO, line, line.count)
    }
}
