/// The directory of one build: all that it can write to.
struct BuildDirectory: Sendable {
    let root: String

    /// The unpacked tree; where the recipe starts.
    var source: String { root + "/source" }
    /// What the build leaves to be kept.
    var output: String { root + "/output" }
    var home: String { root + "/home" }
    /// The build's `/tmp`, on disk: a build's scratch space must not compete with the server for memory.
    var temporary: String { root + "/tmp" }

    var parts: [String] { [source, output, home, temporary] }
}
