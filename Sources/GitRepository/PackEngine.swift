package import GitProtocol

/// Who takes a pack in; its header decides before anything is started.
///
/// A third engine belongs here: small packs, by count and by size, indexed in this process, which saves the start of
/// a
/// child. It must check every entry and every object itself first, since libgit2's indexer does not.
package enum PackEngine: Sendable, Equatable {
    /// Nothing to index: git sends a pack without objects when all that a ref needs is here.
    case empty
    /// `git index-pack` as a child, for packs of any size.
    case indexPack

    /// Chooses by the header.
    package init(for header: PackHeader) {
        self = header.objectCount == 0 ? .empty : .indexPack
    }

    /// The SHA-1 that ends a pack without objects, by version: it depends on the 12 bytes of the header alone.
    static func emptyTrailer(version: UInt32) -> ObjectID? {
        switch version {
        case 2: ObjectID("029d08823bd8a8eab510ad6ac75c823cfd3ed31e")
        case 3: ObjectID("2fa61e7ae3ad3d91015534aaedadd422d4a3929b")
        default: nil
        }
    }
}
