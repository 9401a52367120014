/// What is read of an event (Kubernetes API reference, "Event v1 core").
struct EventObject: Decodable, Sendable, Equatable {
    struct Object: Decodable, Sendable, Equatable {
        var kind: String?
        var name: String?
        var uid: String?
    }

    struct Series: Decodable, Sendable, Equatable {
        var lastObservedTime: String?
    }

    var metadata: ObjectHead
    var involvedObject: Object?
    var reason: String?
    var message: String?
    var lastTimestamp: String?
    var eventTime: String?
    var series: Series?

    /// When it was last seen, as text that sorts by time.
    var time: String {
        series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? ""
    }
}
