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
            for line in try await Preflight(settings: settings).run() { print(line) }
            print("ok: slipway serve would start")
        } catch {
            Serve.report("\(error)")
            throw ExitCode.failure
        }
    }
}
