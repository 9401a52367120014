import Glibc
import SystemCalls

/// A file operation on a build's directory that failed.
///
/// For operators: the message names the host's path.
package struct BuildDirectoryError: Error, CustomStringConvertible {
    let action: String
    let path: String
    let code: Int32

    var isDescriptorShortage: Bool { SystemCallError(call: action, code: code).isDescriptorShortage }

    /// Whether no waiting mends it: something else stands in the place, or it belongs to others.
    package var isLasting: Bool { [ENOTDIR, ELOOP, EPERM].contains(code) }

    package var description: String {
        "cannot \(action) \(path): \(ErrorNumber(code)); check the workspace's owner, mode and free space"
    }
}
