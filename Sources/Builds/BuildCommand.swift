/// A child process to be started, completely spelt out.
struct BuildCommand: Sendable {
    /// How all processes of the command are found when it has to end.
    enum Reach: Sendable {
        /// They are in a pid namespace whose first process is so many generations below the started one.
        case namespace(depth: Int)
        /// They are in the session of the started one, or have this `NAME=value` in their environment.
        case marked(String)
    }

    /// The program and its arguments; the program is an absolute path.
    let words: [String]
    /// The whole environment of the started process.
    let environment: [String: String]
    let workingDirectory: String
    let reach: Reach
}
