package import GitProtocol

/// A ref and where it points.
package struct Reference: Sendable, Equatable {
    /// The full name, such as `refs/heads/main`.
    package let name: String
    /// The object it points to; for an annotated tag that is the tag.
    package let target: ObjectID

    /// Takes a name and its target.
    package init(name: String, target: ObjectID) {
        self.name = name
        self.target = target
    }
}
