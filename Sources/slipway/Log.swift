import ArgumentParser
import Builds
import Glibc
import Identifiers
import ObjectStorage
import Settings

/// `slipway log`.
struct Log: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the log of a build, also while it runs.",
        usage: "slipway log APP [--build ID] [--follow] [--setting value ...]", discussion: SettingsTable.help)

    @Argument(help: ArgumentHelp("The app.", valueName: "APP"))
    var app: String

    @Option(help: ArgumentHelp("The build; without it the last one.", valueName: "ID"))
    var build: String?

    @Flag(
        name: [.short, .long],
        help: "Go on until the build has ended; with one that the server crashed with, until the next sweep.")
    var follow = false

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        do {
            let settings = try options.load()
            LogOutput.bootstrap(settings.log)
            let data = try await StoredData(settings)
            let result = await Result.of { try await copy(from: data) }
            await data.stores.shutdown()
            try result.get()
        } catch {
            Serve.report(error)
            throw ExitCode.failure
        }
    }

    private func copy(from data: StoredData) async throws {
        let name = try AppName(app)
        let id: PushID
        if let build {
            guard let given = PushID(build) else {
                throw StartError("\(build) is no build's id: 26 letters and digits")
            }
            id = given
        } else {
            guard let latest = try await BuildLogReader.latestBuild(of: name, in: data.stores.store) else {
                throw StartError("there is no build of \(name)")
            }
            id = latest
        }
        let reader = try BuildLogReader(store: data.stores.store, app: name, id: id, retry: .inBackground)
        for try await bytes in reader.read(follow: follow) { try Self.write(bytes) }
    }

    /// Writes to standard output; whoever reads it slowly slows the reading down.
    private static func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(STDOUT_FILENO, buffer.baseAddress, buffer.count)
            }
            guard count > 0 else { throw StartError("the log cannot be written to standard output") }
            rest = rest.dropFirst(count)
        }
    }
}
