/// Why the server cannot start: one line that names the setting, what came and what was expected.
struct StartError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
