/// An element of a small document: its name without a namespace, its text, and what is in it.
struct XMLElement: Sendable, Equatable {
    let name: String
    var text = ""
    var children: [XMLElement] = []

    /// The text of the first child of a name.
    ///
    /// - Parameter name: Of a child.
    /// - Returns: nil when there is none.
    func text(of name: String) -> String? { first(name)?.text }

    /// The first child of a name.
    func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// All children of a name.
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}
