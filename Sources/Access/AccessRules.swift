/// Who holds which key and may push which app: one consistent reading of the access file.
package struct AccessRules: Sendable, Equatable {
    /// The longest file that is read, in bytes: room for more than ten thousand users.
    package static let maximumFileBytes = 4 << 20

    /// The most keys in one file. A log-in costs one look-up however many there are; this bounds memory.
    package static let maximumKeys = 100_000

    /// Everyone in the file, sorted by name.
    package let users: [AccessUser]

    private let indexByBlob: [[UInt8]: Int]
    private let indexByName: [String: Int]

    /// Makes rules of users whose names and keys are known to differ.
    init(users: [AccessUser]) {
        let sorted = users.sorted { $0.name < $1.name }
        var byBlob: [[UInt8]: Int] = [:]
        var byName: [String: Int] = [:]
        for (index, user) in sorted.enumerated() {
            byName[user.name] = index
            for key in user.keys { byBlob[key.blob] = index }
        }
        self.users = sorted
        indexByBlob = byBlob
        indexByName = byName
    }

    /// How many keys there are.
    package var keyCount: Int { indexByBlob.count }

    /// Finds who holds a key.
    ///
    /// - Parameter forKeyBlob: The key in wire format (RFC 4253 section 6.6).
    package func user(forKeyBlob blob: [UInt8]) -> AccessUser? {
        indexByBlob[blob].map { users[$0] }
    }

    /// Finds a user by name.
    package func user(named name: String) -> AccessUser? {
        indexByName[name].map { users[$0] }
    }
}
