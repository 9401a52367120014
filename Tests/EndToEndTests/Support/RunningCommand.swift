/// A program that was started and may still run; ended when this object goes.
final class RunningCommand: Sendable {
    let name: String
    let process: ChildProcess
    private let files: TemporaryDirectory

    init(name: String, process: ChildProcess, files: TemporaryDirectory) {
        self.name = name
        self.process = process
        self.files = files
    }

    /// What it wrote to standard output so far.
    var output: [UInt8] { (try? HostFile.read(files("output"))) ?? [] }
    /// What it wrote to standard error so far.
    var messages: String { String(decoding: (try? HostFile.read(files("errors"))) ?? [], as: UTF8.self) }

    /// Waits until it has written `text` to standard error.
    func says(_ text: String, within limit: Duration = .seconds(60)) async throws {
        try await eventually("\(name) says “\(text)”", within: limit) { messages.contains(text) }
    }

    /// Waits for its end.
    ///
    /// - Throws: ``Overdue`` if it still runs after `limit`.
    func result(within limit: Duration = .seconds(300)) async throws -> CommandResult {
        let ending: ChildProcess.Ending
        do {
            ending = try await process.wait(within: limit)
        } catch {
            throw Failed("\(error): \(name)\noutput: \(text(output))\nerrors: \(text(Array(messages.utf8)))")
        }
        let status: Int32 =
            switch ending {
            case .exited(let code): code
            case .signalled(let number): 128 + number
            }
        return CommandResult(status: status, output: output, messages: messages)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes.suffix(2000), as: UTF8.self) }
}
