/// Something that this client wants to be allowed to do.
package struct AccessQuestion: Sendable, Hashable {
    package let verb: String
    package let kind: ResourceKind
    /// As `log` of pods; empty for the object itself.
    package let subresource: String
    package let namespace: String
    /// One object; empty for any.
    package let name: String

    /// Asks whether something is allowed.
    ///
    /// - Parameters:
    ///   - verb: As in `create`.
    ///   - kind: Of which objects.
    ///   - subresource: As `log` of pods.
    ///   - namespace: Where.
    ///   - name: One object; empty for any.
    package init(_ verb: String, _ kind: ResourceKind, subresource: String = "", namespace: String, name: String = "") {
        self.verb = verb
        self.kind = kind
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
    }

    /// What a SelfSubjectAccessReview has to say.
    var review: JSON {
        var attributes: JSON = [
            "verb": .string(verb), "group": .string(kind.group), "version": .string(kind.version),
            "resource": .string(kind.plural), "namespace": .string(namespace),
        ]
        if !subresource.isEmpty { attributes["subresource"] = .string(subresource) }
        if !name.isEmpty { attributes["name"] = .string(name) }
        return [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": ["resourceAttributes": attributes],
        ]
    }
}

extension AccessQuestion: CustomStringConvertible {
    /// As `kubectl auth can-i` has it: `get pods/log in slipway-builds`.
    package var description: String {
        let resource = subresource.isEmpty ? kind.plural : "\(kind.plural)/\(subresource)"
        return "\(verb) \(resource)\(name.isEmpty ? "" : " \(name)") in \(namespace)"
    }
}
