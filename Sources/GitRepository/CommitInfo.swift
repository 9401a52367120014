/// What people want to see of a commit.
package struct CommitInfo: Sendable, Equatable {
    /// The first paragraph of its message on one line, printable and cut.
    package let subject: String
    /// Who wrote it, printable and cut.
    package let authorName: String
    /// When it was committed, in seconds since 1970-01-01 UTC.
    package let time: Int64

    /// Takes the parts.
    package init(subject: String, authorName: String, time: Int64) {
        self.subject = subject
        self.authorName = authorName
        self.time = time
    }
}
