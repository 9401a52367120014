import Glibc
import Subprocess

extension Repository {
    /// Seconds without a byte from the client after which git gives up on it.
    private static let clientTimeout = 300

    /// How long one clone or fetch may take: 2 GiB at half a MiB a second.
    package static let fetchTimeLimit: Duration = .seconds(3600)

    /// Bytes of the longest `GIT_PROTOCOL` value passed on; git's own is `version=2`.
    private static let maximumProtocolLength = 256

    /// Serves one clone or fetch with `git upload-pack`.
    ///
    /// Both directions are streamed with back-pressure; the child is ended when the task is cancelled or a closure
    /// throws. The app cannot be deleted meanwhile.
    ///
    /// - Parameters:
    ///   - gitProtocol: The client's `GIT_PROTOCOL`; a value that git would not send is ignored.
    ///   - timeLimit: After which git is ended, not counting the wait for a turn.
    ///   - readInput: Yields what the client sends, nil at its end; must return or throw on cancellation.
    ///   - writeOutput: Takes what goes to the client.
    ///   - writeError: Takes what git says on standard error.
    /// - Returns: The exit status for the client: git's, or 128 and the signal that ended it.
    /// - Throws: What the closures throw, ``RepositoryError`` when the time is over, or an error when git cannot be
    ///   started.
    package func uploadPack(
        gitProtocol: String?,
        timeLimit: Duration = Repository.fetchTimeLimit,
        readInput: @escaping @Sendable () async throws -> [UInt8]?,
        writeOutput: @escaping @Sendable ([UInt8]) async throws -> Void,
        writeError: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> Int32 {
        var environment: [String: String] = [:]
        if let gitProtocol, Self.isPlausible(gitProtocol) { environment["GIT_PROTOCOL"] = gitProtocol }
        let status = try await whileNotDeleted {
            try await git.relay(
                ["upload-pack", "--strict", "--timeout=\(Self.clientTimeout)", path],
                environment: environment, limits: ChildLimits(), slots: git.fetchSlots, timeLimit: timeLimit,
                input: readInput, output: writeOutput, errors: writeError)
        }
        switch status {
        case .exited(let code): return code
        case .signaled(let signal): return 128 + signal
        }
    }

    /// Keys and values separated by ":" (git(1), GIT_PROTOCOL); it becomes part of a child's environment.
    private static func isPlausible(_ value: String) -> Bool {
        value.utf8.count <= maximumProtocolLength
            && value.utf8.allSatisfy { (UInt8(ascii: "!")...UInt8(ascii: "~")).contains($0) }
    }
}
