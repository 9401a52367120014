import Identifiers

@testable import Builds

/// A directory that is gone when its owner is.
///
/// Others may pass through, as the build's user must.
final class TemporaryDirectory: Sendable {
    let path = "/tmp/slipway-builds-" + PushID.generate().rawValue

    init() throws { try HostDirectory.make(path) }

    deinit { try? DirectoryTree.remove(path) }
}
