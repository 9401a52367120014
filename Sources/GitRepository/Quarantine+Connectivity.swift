package import GitProtocol
import Subprocess

extension Quarantine {
    /// Checks that everything that can be reached from new tips is here, as git's own receive-pack does.
    ///
    /// - Parameter newTips: The ids that refs shall point to; none is fine.
    /// - Throws: ``ConnectivityError`` that names the first object that is missing.
    package func checkConnectivity(_ newTips: [ObjectID]) async throws {
        let tips = newTips.filter { !$0.isZero }
        guard !tips.isEmpty else { return }
        let outcome = try await repository.git.capture(
            [
                "--git-dir=\(repository.path)", "rev-list", "--objects", "--stdin", "--not", "--all", "--quiet",
            ],
            environment: environment,
            input: tips.flatMap { Array($0.hex.utf8) + [UInt8(ascii: "\n")] })
        guard !outcome.status.isSuccess else { return }
        let text = outcome.messages.text
        if let id = PackError.objectID(in: text) { throw ConnectivityError.missing(id) }
        throw ConnectivityError.failed(outcome.messages.lines.last ?? "it ended with \(outcome.status)")
    }
}
