import CLibSSH

/// What a client whose key is refused is told while the list of keys cannot be read (RFC 4252 section 5.4).
///
/// OpenSSH shows it on standard error, and so does `git push`.
enum LoginBanner {
    /// Of the trouble, in bytes: the rest would not help anybody.
    private static let maximumLength = 200

    /// Words the banner.
    ///
    /// - Parameter trouble: In plain words; all but printable ASCII is replaced, because terminals obey the rest.
    /// - Returns: One line.
    static func text(trouble: String) -> String {
        let printable = trouble.unicodeScalars.prefix(maximumLength).map { scalar in
            (0x20...0x7E).contains(scalar.value) ? Character(scalar) : "?"
        }
        return "slipway: the access list cannot be read right now, so this may not be your key's fault: "
            + "\(String(printable)). Try again in a moment, or tell whoever runs this builder.\r\n"
    }

    /// Sends the banner; allowed until the login has succeeded, from within libssh's callbacks too.
    static func send(trouble: String, on session: ssh_session) {
        guard let string = unsafe ssh_string_from_char(text(trouble: trouble)) else { return }
        defer { unsafe ssh_string_free(string) }
        unsafe ssh_send_issue_banner(session, string)
    }
}
