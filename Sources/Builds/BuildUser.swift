package import Glibc

/// The user that builds run as when the server runs as root.
package struct BuildUser: Sendable, Equatable {
    package var uid: uid_t
    package var gid: gid_t

    /// Debian's `nobody` and `nogroup`, who own no file on the host.
    package static let nobody = BuildUser(uid: 65534, gid: 65534)

    package init(uid: uid_t, gid: gid_t) {
        self.uid = uid
        self.gid = gid
    }
}
