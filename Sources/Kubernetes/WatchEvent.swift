/// What a watch tells.
package enum WatchEvent<Object: Sendable>: Sendable {
    /// All objects there are; whatever was known before and is not among them is gone. Comes first, and again when the
    /// server no longer has the changes since.
    case listed([Object])
    case added(Object)
    case modified(Object)
    /// The object as it was last.
    case deleted(Object)
    /// The server is away or refuses; what changes meanwhile is told after ``resumed``. Told once for each outage that
    /// does not end with the first new attempt, and once more when an absent server turns into one that refuses.
    case interrupted(KubernetesError)
    /// The watch goes on after ``interrupted(_:)``.
    case resumed
}
