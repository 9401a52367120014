/// Moves a push's packs from its quarantine into the repository.
enum PackMove {
    /// The parts of a pack in the order they are moved: the index last, for with it git and libgit2 see the pack.
    private static let suffixes = [".pack", ".rev", ".idx"]

    /// Moves all packs; blocks.
    ///
    /// - Parameters:
    ///   - quarantine: The quarantine's directory; one without packs is fine.
    ///   - objects: The repository's `objects` directory.
    /// - Throws: ``RepositoryError``; a pack that was moved in part is not seen by anybody.
    static func move(from quarantine: String, to objects: String) throws(RepositoryError) {
        let names = try Directory.names(in: quarantine + "/pack").filter { $0.hasPrefix("pack-") }
        let target = objects + "/pack"
        guard !names.isEmpty else {
            // A try before this one may have moved them all, and failed at the last step.
            if Directory.exists(target) { try Directory.sync(target) }
            return
        }
        try Directory.create(target, acceptingExisting: true)
        for suffix in suffixes {
            for name in names where name.hasSuffix(suffix) {
                try Directory.move("\(quarantine)/pack/\(name)", to: "\(target)/\(name)")
            }
        }
        try Directory.sync(target)
    }
}
