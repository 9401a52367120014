import Synchronization
import SystemCalls

/// The layout of a store that is opened when it is first needed, and tried again until that has worked.
///
/// A disk that is read-only or hangs when the server starts is down like any other dependency: it keeps uploads from being taken, not the
/// server from its start.
final class FileLayoutOpening: Sendable {
    private let root: String
    private let layout = Mutex<FileLayout?>(nil)

    /// - Parameter root: As in ``FileLayout/init(root:)``; nothing is looked at yet.
    init(root: String) { self.root = root }

    /// The layout, opened now unless it is already; blocks, also while another thread opens it.
    ///
    /// - Throws: ``ObjectStoreError`` with the place in its detail.
    func opened() throws(ObjectStoreError) -> FileLayout {
        try layout.withLock { layout throws(ObjectStoreError) in
            if let layout { return layout }
            do throws(SystemCallError) {
                let new = try FileLayout(root: root)
                layout = new
                return new
            } catch {
                throw ObjectStoreError(whileOpening: root, error)
            }
        }
    }
}
