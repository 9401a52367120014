import Glibc
import Subprocess

/// The git program, run as a child for what is not done in this process: indexing packs, walking history, serving
/// fetches.
package struct GitTool: Sendable {
    /// How long a child may take to end by itself when its push is cancelled.
    static let gracePeriod: Duration = .seconds(1)

    /// Where git is.
    package let git: String

    /// Where prlimit (util-linux) is, which sets a child's limits before git runs.
    let prlimit: String

    /// The turns of children that work for a push; a pack's child has its turn for as long as the client sends.
    let pushSlots: ChildSlots

    /// The turns of children that serve a clone or fetch: they cannot take a push's.
    let fetchSlots: ChildSlots

    /// Finds the programs.
    ///
    /// - Parameters:
    ///   - searchPath: Directories separated by ":"; `PATH` when nil.
    ///   - maximumChildren: How many children may work for pushes at any time, the others wait; four for each
    ///     processor, and at least eight, when nil.
    ///   - maximumFetches: The same for children that serve clones and fetches.
    /// - Returns: The programs, found but not tried.
    /// - Throws: ``GitToolError`` that says what to install.
    package static func locate(
        searchPath: String? = nil, maximumChildren: Int? = nil, maximumFetches: Int? = nil
    ) throws(GitToolError) -> GitTool {
        let inherited = unsafe getenv("PATH").map { unsafe String(cString: $0) }
        let directories = (searchPath ?? inherited ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        func find(_ name: String) -> String? {
            directories.lazy.map { "\($0)/\(name)" }.first { $0.hasPrefix("/") && isProgram($0) }
        }
        guard let git = find("git") else { throw .notFound(program: "git", package: "git") }
        guard let prlimit = find("prlimit") else { throw .notFound(program: "prlimit", package: "util-linux") }
        return GitTool(
            git: git, prlimit: prlimit, pushSlots: ChildSlots(maximumChildren ?? ChildSlots.usualCount),
            fetchSlots: ChildSlots(maximumFetches ?? ChildSlots.usualCount))
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return unsafe access(path, X_OK) == 0
    }

    /// The version text of git, such as `2.39.5`.
    ///
    /// - Throws: ``GitToolError`` when git does not run.
    package func version() async throws -> String {
        let result = try await capture(["version"])
        let words = String(decoding: result.output, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard result.status.isSuccess, words.count >= 3 else { throw GitToolError.doesNotRun(git) }
        return String(words[2])
    }
}
