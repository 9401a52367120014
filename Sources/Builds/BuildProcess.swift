import Subprocess
import SystemCalls
import SystemPackage

/// Runs one command under a build's limits and relays its output.
struct BuildProcess: Sendable {
    /// How long a tree that was killed may take to vanish before its outermost process is killed too.
    private static let patience = Duration.milliseconds(500)
    /// How long a build that met a limit waits for its receiver to take what it wrote before.
    private static let outputPatience = Duration.seconds(2)
    /// How often a tree that met a limit is killed: the first may come while the sandbox is still being made.
    private static let killInterval = Duration.milliseconds(100)

    let command: BuildCommand
    let timeout: Duration
    let maximumLogSize: Int64
    /// Tells when the build uses more disk than it may; nil for no such limit.
    var disk: DiskWatch?

    /// A limit was met, and the output did not end in time after that.
    private struct OutputStuck: Error {}

    /// Runs the command; when this returns or throws, none of its processes is left.
    ///
    /// It is over when its own process ends, whoever still holds its output open. Standard output and error are one
    /// pipe, so they stay in order; it is read only as fast as `output` takes it. When a limit is met, an `output` that
    /// takes nothing is cancelled: no receiver can keep a build alive.
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
        await Task { await tree.endStragglers() }.value
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
        let room = try DescriptorRoom()
        let result = try await Subprocess.run(
            .path(FilePath(command.words[0])), arguments: Arguments(Array(command.words.dropFirst())),
            environment: .custom(command.environment.environmentKeys),
            workingDirectory: FilePath(command.workingDirectory), platformOptions: options,
            input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            room.giveBack()
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

    /// Relays until the output ends or a limit is met, whichever is first.
    private func relay(
        _ chunks: SubprocessOutputSequence, _ tree: ProcessTree, _ output: any BuildOutput
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await pass(chunks, tree, to: output) }
            group.addTask {
                try await Task.sleep(for: timeout)
                try await end(tree, .timedOut)
            }
            if let disk {
                group.addTask {
                    try await disk.waitUntilExceeded()
                    try await end(tree, .diskTooFull)
                }
            }
            try await group.next()
        }
    }

    /// Kills the tree, which ends its output, and gives the output time to come to that end.
    private func end(_ tree: ProcessTree, _ ending: BuildEnding) async throws {
        let deadline = ContinuousClock.now + Self.outputPatience
        while ContinuousClock.now < deadline {
            tree.kill(ending)
            try await Task.sleep(for: Self.killInterval)
        }
        throw OutputStuck()
    }

    private func pass(
        _ chunks: SubprocessOutputSequence, _ tree: ProcessTree, to output: any BuildOutput
    ) async throws {
        var size: Int64 = 0
        for try await chunk in chunks {
            tree.killStragglersOfEnded()
            let room = maximumLogSize - size
            size += Int64(chunk.count)
            let isTooLarge = size > maximumLogSize
            if isTooLarge { tree.kill(.logTooLarge) }
            // What it wrote before it died is read to the end but goes nowhere.
            guard room > 0 else { continue }
            let bytes = unsafe chunk.bytes.withUnsafeBytes { unsafe Array($0) }
            if isTooLarge {
                let last = Array(bytes.prefix(Int(room)))
                try await withTimeLimit(Self.outputPatience) { try await output.write(last) }
            } else {
                try await output.write(bytes)
            }
        }
    }
}
