/// What is read of any object's metadata.
struct ObjectHead: Decodable, Sendable, Equatable {
    struct Owner: Decodable, Sendable, Equatable {
        var uid: String?
    }

    var name: String
    var uid: String?
    var labels: [String: String]?
    var annotations: [String: String]?
    var ownerReferences: [Owner]?
    var creationTimestamp: String?
    /// Set once the object is being deleted.
    var deletionTimestamp: String?
}

/// One of an object's conditions.
struct ObjectCondition: Decodable, Sendable, Equatable {
    var type: String
    var status: String?
    var reason: String?
    var message: String?

    var isTrue: Bool { status == "True" }
}
