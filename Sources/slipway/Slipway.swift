import ArgumentParser
import Settings

/// The command line: reads settings, assembles, runs.
///
/// No logic of its own.
@main
struct Slipway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slipway",
        abstract: "git push in, a build out: a git-over-SSH server that builds what is pushed.",
        version: "slipway \(Version.current)",
        subcommands: [
            Serve.self, Check.self, Log.self, Sweep.self, App.self, Version.self, FetchSource.self,
            StoreArtifact.self,
        ])
}
