import ArgumentParser
import GitRepository
import Glibc
import Identifiers
import Logging
import ObjectStorage
import Retention
import Settings

/// `slipway app`.
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look after single apps.", subcommands: [Delete.self])

    /// `slipway app delete`.
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete all of an app: its repository, sources, builds and logs. The server may run meanwhile.",
            usage: "slipway app delete NAME [--yes] [--setting value ...]", discussion: SettingsTable.help)

        @Argument(help: ArgumentHelp("The app.", valueName: "NAME"))
        var name: String

        @Flag(help: "Do not ask.")
        var yes = false

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            do {
                let settings = try options.load()
                LogOutput.bootstrap(settings.log)
                let app = try AppName(name)
                let data = try await StoredData(settings)
                let repositories = try data.repositories()
                let deletion = AppDeletion(store: data.stores.store, repositories: repositories, retry: .inBackground)
                let result = await Result.of { try await delete(app, deletion) }
                await data.stores.shutdown()
                print(try result.get())
            } catch let code as ExitCode {
                throw code
            } catch {
                Serve.report(error)
                throw ExitCode.failure
            }
        }

        /// Asks, and deletes.
        ///
        /// - Returns: What was done, in words.
        private func delete(_ app: AppName, _ deletion: AppDeletion) async throws -> String {
            let contents = try await deletion.survey(app)
            guard !contents.isEmpty else { throw StartError("there is \(contents)") }
            if !yes {
                print("This deletes \(contents). Type the app's name to go on:")
                // Through a pipe, as with `kubectl exec -i`, it would be seen only when the answer has come.
                fflush(nil)
                guard readLine() == app.rawValue else { throw StartError("nothing was deleted") }
            }
            return "deleted \(try await deletion.run(app))"
        }
    }
}
