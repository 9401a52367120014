import ArgumentParser
import KubernetesBuilds

/// `slipway fetch-source`: run by the server's Jobs, in a build's pod.
struct FetchSource: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch-source", abstract: "Get a build's source in its pod; run by Jobs, not by people.",
        shouldDisplay: false)

    func run() async throws {
        throw ExitCode(await SourceFetch(environment: ProcessEnvironment.variables).run())
    }
}

/// `slipway store-artifact`: run by the server's Jobs, in a build's pod.
struct StoreArtifact: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store-artifact", abstract: "Store what a build left in its pod; run by Jobs, not by people.",
        shouldDisplay: false)

    func run() async throws {
        throw ExitCode(await ArtifactUpload(environment: ProcessEnvironment.variables).run())
    }
}
