package import GitProtocol

/// A ref and where it points.
package struct Reference: Sendable, Equatable {
    /// The full name, such as `refs/heads/main`; compare it by its bytes.
    package let name: String
    /// The object it points to; for an annotated tag that is the tag.
    package let target: ObjectID

    /// Takes a name and its target.
    package init(name: String, target: ObjectID) {
        self.name = name
        self.target = target
    }
}

extension Reference {
    /// By bytes, as git does: to String, two names are equal that are the same text in other bytes.
    package static func == (left: Reference, right: Reference) -> Bool {
        left.name.utf8.elementsEqual(right.name.utf8) && left.target == right.target
    }
}
