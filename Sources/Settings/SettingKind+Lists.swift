import Glibc

extension SettingKind where Value == [String] {
    /// A list whose items are checked one by one; none may come twice.
    ///
    /// `emptyWord` stands for the empty list, `nil` when the list must not be empty; `hint` says what to do about an item
    /// that was refused, if that is known.
    private static func list(
        _ placeholder: String, expected: String, emptyWord: String?,
        hint: @escaping @Sendable (String) -> String? = { _ in nil },
        isValid: @escaping @Sendable (String) -> Bool
    ) -> SettingKind {
        SettingKind(placeholder: placeholder, expected: expected, isList: true) {
            (texts: [String]) throws(RejectedValue) in
            if texts.isEmpty || texts == [""] || texts == [emptyWord] {
                guard emptyWord != nil else { throw RejectedValue(found: "") }
                return []
            }
            var seen: Set<String> = []
            for text in texts {
                guard isValid(text) else { throw RejectedValue(found: text, hint: hint(text)) }
                guard seen.insert(text).inserted else { throw RejectedValue(found: text, hint: "it is there twice") }
            }
            return texts
        }
    }

    /// IP addresses to listen on; none means all of both families.
    static var addresses: SettingKind {
        .list(
            "ADDRESSES", expected: "IP addresses such as 127.0.0.1,::1 or the word all", emptyWord: "all",
            hint: { $0.contains("*") ? "for all addresses write all" : nil }, isValid: isAddress)
    }

    /// Names of SSH algorithms (RFC 4251 section 6: at most 64 printable characters without comma).
    static var algorithms: SettingKind {
        .list(
            "NAMES", expected: "names of SSH algorithms separated by commas", emptyWord: nil,
            hint: { $0 == "none" ? "none would take the protection away" : nil },
            isValid: { name in
                name != "none" && (1...64).contains(name.utf8.count)
                    && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") }
            })
    }

    /// Names of branches, without `refs/heads/` (git-check-ref-format).
    static var branches: SettingKind {
        .list(
            "NAMES", expected: "names of branches such as main,master", emptyWord: nil,
            hint: { $0.hasPrefix("refs/") ? "write the branch without refs/heads/" : nil }, isValid: isBranch)
    }

    /// Absolute paths; none means the defaults.
    static var absolutePaths: SettingKind {
        .list(
            "PATHS", expected: "absolute paths such as /usr,/opt/tools", emptyWord: "",
            isValid: { $0.hasPrefix("/") && PathText.isValid($0) })
    }

    private static func isAddress(_ text: String) -> Bool {
        // C would stop at a NUL and take the rest for a comment.
        guard !text.utf8.contains(0) else { return false }
        // Room for either family; inet_pton writes what the family needs.
        var storage = in6_addr()
        return unsafe inet_pton(AF_INET, text, &storage) == 1 || inet_pton(AF_INET6, text, &storage) == 1
    }

    private static func isBranch(_ name: String) -> Bool {
        let forbidden = Set("~^:?*[\\ ")
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return name.utf8.count <= 244 && !name.hasPrefix("-") && !name.hasPrefix("refs/") && name != "@"
            && !name.contains("..") && !name.contains("@{") && !name.hasSuffix(".")
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            && !name.contains(where: forbidden.contains)
            && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock") }
    }
}
