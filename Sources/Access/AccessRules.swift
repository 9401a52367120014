/// Who holds which key and may push which app: one consistent reading of the access file.
package struct AccessRules: Sendable, Equatable {
    /// The longest file that is read, in bytes: room for more than ten thousand users.
    ///
    /// This bounds the number of keys as well: the shortest line of a key has 80 characters, so there are at most about
    /// 52,000. A log-in costs one look-up however many there are.
    package static let maximumFileBytes = 4 << 20

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
    /// - Parameter blob: The key in wire format (RFC 4253 section 6.6).
    /// - Returns: `nil` when nobody does.
    package func user(forKeyBlob blob: [UInt8]) -> AccessUser? {
        indexByBlob[blob].map { users[$0] }
    }

    /// Finds a user by name.
    package func user(named name: String) -> AccessUser? {
        indexByName[name].map { users[$0] }
    }
}
