/// What a program said and how it ended.
struct CommandResult: Sendable, CustomStringConvertible {
    /// The exit status; 128 and the signal's number if it was killed, as a shell has it.
    let status: Int32
    let output: [UInt8]
    /// Standard error.
    let messages: String

    /// Standard output as text, without the last newline.
    var text: String {
        let text = String(decoding: output, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    var description: String { "status \(status)\noutput: \(text.prefix(4000))\nerrors: \(messages.prefix(4000))" }

    /// This result, if the program succeeded.
    ///
    /// - Throws: ``Failed`` with all it said if not.
    @discardableResult
    func succeeded() throws -> CommandResult {
        guard status == 0 else { throw Failed(description) }
        return self
    }
}
