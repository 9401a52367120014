import Identifiers

extension SettingKind where Value == String {
    /// The name of an object: a DNS-1123 subdomain of at most 253 bytes.
    static var kubernetesName: SettingKind {
        .single("NAME", expected: "a name of lower-case letters, digits, \"-\" and \".\"") { text in
            KubernetesName.isValid(text) ? text : nil
        }
    }

    /// The reference of a container image, which may be empty.
    static var image: SettingKind { .word("IMAGE", expected: "the reference of an image") }
}

extension SettingKind where Value == String? {
    /// The name of an object that need not be given.
    static var optionalKubernetesName: SettingKind {
        optionalName(expected: "a name of lower-case letters, digits, \"-\" and \".\"") { $0 }
    }

    /// The name of an object of each app, or of one for all, that need not be given.
    ///
    /// `{app}` stands for the app's name: what is valid with the longest one is valid with all of them.
    static var optionalKubernetesNamePattern: SettingKind {
        optionalName(expected: "a name of lower-case letters, digits, \"-\" and \".\", perhaps with {app} in it") {
            $0.replacing("{app}", with: String(repeating: "a", count: AppName.maximumLength))
        }
    }

    private static func optionalName(
        expected: String, filledIn: @escaping @Sendable (String) -> String
    ) -> SettingKind {
        .single("NAME", expected: expected) { text in
            if text.isEmpty { return .some(nil) }
            // Spelled out: as a part of a longer expression, nil would be an absent name, not a refused one.
            guard KubernetesName.isValid(filledIn(text)) else { return nil }
            return text
        }
    }
}

/// Names of Kubernetes objects (RFC 1123, as the API server checks them).
private enum KubernetesName {
    static let maximumLength = 253

    static func isValid(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= maximumLength else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.utf8.first, let last = part.utf8.last else { return false }
            return isPlain(first) && isPlain(last) && part.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
