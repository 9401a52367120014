import Identifiers
import Subprocess
import SystemCalls
import SystemPackage

extension LocalSandbox {
    /// How long a sandbox may take to start; it takes 10 ms on an idle machine.
    private static let probeLimit = Duration.seconds(10)
    /// Bytes of bubblewrap's complaint that are kept.
    private static let complaintLimit = 4096

    /// Checks that a build would run here, by running `true` as one.
    ///
    /// - Parameter workspace: Where builds would get their directories.
    /// - Throws: ``LocalSandboxError`` that says what to install or to set.
    func availability(workspace: BuildWorkspace) async throws {
        if configuration.sandbox == .none, configuration.network == .none {
            throw LocalSandboxError.networkNeedsSandbox
        }
        try await workspace.withDirectory(PushID.generate().rawValue) { directory in
            if let path = workspace.obstacle() {
                throw LocalSandboxError.unreachable(path: path, uid: configuration.buildUser.uid)
            }
            try await workspace.handOver(directory)
            guard try await complaint(of: .buildUser, in: directory) != nil else {
                return abilities.limitsNamespaces = true
            }
            // An older bubblewrap, or a container that forbids it: builds run here all the same.
            if let complaint = try await complaint(of: .nestingUser, in: directory) {
                throw LocalSandboxError.bubblewrapUnusable(complaint)
            }
            abilities.limitsNamespaces = false
        }
    }

    private func complaint(of identity: Identity, in directory: BuildDirectory) async throws -> String? {
        let command = try command(["true"], environment: [:], in: directory, marker: "probe", as: identity)
        return try await withTimeLimit(Self.probeLimit) { try await Self.complaint(of: command) }
    }

    /// Runs a command that should print nothing; nil when it ended well, else its first line or how it ended.
    private static func complaint(of command: BuildCommand) async throws -> String? {
        let room = try DescriptorRoom()
        defer { room.giveBack() }
        let result = try await Subprocess.run(
            .path(FilePath(command.words[0])), arguments: Arguments(Array(command.words.dropFirst())),
            environment: .custom(command.environment.environmentKeys),
            workingDirectory: FilePath(command.workingDirectory), output: .string(limit: complaintLimit),
            error: .combinedWithOutput)
        guard !result.terminationStatus.isSuccess else { return nil }
        let line = result.standardOutput.split(separator: "\n").first.map(String.init)
        return line ?? "it ended with \(result.terminationStatus)"
    }
}

extension [String: String] {
    /// The same, as swift-subprocess wants it.
    var environmentKeys: [Environment.Key: String] {
        var keys: [Environment.Key: String] = [:]
        for (name, value) in self {
            if let key = Environment.Key(rawValue: name) { keys[key] = value }
        }
        return keys
    }
}
