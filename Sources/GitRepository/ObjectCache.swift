import GitProtocol
import Synchronization

/// The few small objects of a push that are looked at again and again: its commit, its root directory.
final class ObjectCache: Sendable {
    /// Bytes kept for one push: the root directories of large repositories have a few KiB.
    private static let maximumBytes = 2 << 20

    /// An object in whole.
    struct Object: Sendable {
        let kind: ObjectKind
        let content: [UInt8]
    }

    private struct State {
        var objects: [ObjectID: Object] = [:]
        var bytes = 0
    }

    private let state = Mutex(State())

    /// Keeps an object if there is room; gives out what is kept.
    subscript(id: ObjectID) -> Object? {
        get { state.withLock { $0.objects[id] } }
        set {
            guard let newValue else { return }
            state.withLock { state in
                guard state.objects[id] == nil, state.bytes + newValue.content.count <= Self.maximumBytes else {
                    return
                }
                state.objects[id] = newValue
                state.bytes += newValue.content.count
            }
        }
    }
}
