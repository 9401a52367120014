import Subprocess
import SystemPackage

/// Runs one command under a build's limits and relays its output.
struct BuildProcess: Sendable {
    /// How long a tree that was killed may take to vanish before its outermost process is killed too.
    private static let patience = Duration.milliseconds(500)
    /// How often stragglers are looked for before one gives up; each time takes some 10 ms.
    private static let stragglerRounds = 100

    let command: BuildCommand
    let timeout: Duration
    let maximumLogSize: Int64

    /// Runs the command; when this returns or throws, none of its processes is left.
    ///
    /// It is over when its own process ends, whoever still holds its output open. Standard output and error are one
    /// pipe, so they stay in order; it is read only as fast as `output` takes it.
    ///
    /// - Parameter output: Gets the bytes as they come.
    /// - Returns: How it ended.
    /// - Throws: `CancellationError`, `SubprocessError`, and what `output` throws.
    func run(output: any BuildOutput) async throws -> BuildEnding {
        let tree = ProcessTree(reach: command.reach)
        let result: Result<BuildEnding, any Error>
        do {
            result = .success(
                try await withTaskCancellationHandler {
                    try await start(tree, output)
                } onCancel: {
                    tree.kill()
                })
        } catch {
            result = .failure(error)
        }
        tree.ended()
        // A task of its own: a cancelled build's stragglers are hunted down too.
        await Task {
            for _ in 0..<Self.stragglerRounds where tree.killStragglers() {
                try? await Task.sleep(for: .milliseconds(10))
            }
        }.value
        try Task.checkCancellation()
        return try tree.ending ?? result.get()
    }

    private func start(_ tree: ProcessTree, _ output: any BuildOutput) async throws -> BuildEnding {
        var options = PlatformOptions()
        options.createSession = true
        // The tree is killed from inside out. This only catches what that missed: nothing for a while, then SIGKILL.
        options.teardownSequence = [
            .send(signal: .resume, toProcessGroup: true, allowedDurationToNextStep: Self.patience)
        ]
        let result = try await Subprocess.run(
            .path(FilePath(command.words[0])), arguments: Arguments(Array(command.words.dropFirst())),
            environment: .custom(command.environment.environmentKeys),
            workingDirectory: FilePath(command.workingDirectory), platformOptions: options,
            input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            tree.started(execution.processIdentifier.value)
            defer { tree.ended() }
            do {
                try await relay(execution.standardOutput, tree, output)
                tree.killStragglers()
            } catch {
                tree.kill()
                throw error
            }
        }
        switch result.terminationStatus {
        case .exited(let code): return .exited(code)
        case .signaled(let signal): return .killedFromOutside(signal)
        }
    }

    private func relay(
        _ chunks: SubprocessOutputSequence, _ tree: ProcessTree, _ output: any BuildOutput
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await Task.sleep(for: timeout)
                // More than once, because the first may come while the sandbox is still being made.
                while true {
                    tree.kill(.timedOut)
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            defer { group.cancelAll() }
            var size: Int64 = 0
            for try await chunk in chunks {
                tree.killStragglersOfEnded()
                let room = maximumLogSize - size
                size += Int64(chunk.count)
                if room > 0 {
                    let bytes = unsafe chunk.bytes.withUnsafeBytes { unsafe Array($0) }
                    try await output.write(room < Int64(bytes.count) ? Array(bytes.prefix(Int(room))) : bytes)
                }
                // What it wrote before it died is read to the end but goes nowhere.
                if size > maximumLogSize { tree.kill(.logTooLarge) }
            }
        }
    }
}
