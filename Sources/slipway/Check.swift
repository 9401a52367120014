import ArgumentParser
import Settings

/// `slipway check`.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check settings, keys, access file and ports without serving, and print the effective settings.",
        usage: "slipway check [--setting value ...]",
        discussion: SettingsTable.help)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        do {
            let settings = try options.load()
            for line in settings.describe() { print(line) }
            let isBesideServer = try DataDirectory.isInUse(settings.dataDirectory)
            let preflight = Preflight(settings: settings, isBesideServer: isBesideServer)
            for line in try await preflight.run() { print(line) }
            let outcome =
                isBesideServer ? "nothing else keeps slipway serve from starting" : "slipway serve would start"
            print("ok: \(outcome)")
        } catch {
            Serve.report("\(error)")
            throw ExitCode.failure
        }
    }
}
