extension SettingKind where Value == UInt16 {
    /// A TCP port; 0 stands for any free one.
    static var port: SettingKind {
        .single("PORT", expected: "a port number from 0 to 65535") { text in
            DecimalText.parse(text).flatMap { UInt16(exactly: $0) }
        }
    }
}

extension SettingKind where Value == Int {
    /// A whole number within bounds.
    static func count(_ range: ClosedRange<Int>) -> SettingKind {
        .single("N", expected: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            DecimalText.parse(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension SettingKind where Value == UInt32 {
    /// A user id that is not root's; the largest number means "no user" to the kernel.
    static var unprivilegedUser: SettingKind {
        .single("UID", expected: "a user id from 1 to 4294967294 (not a name, and not root)") { text in
            DecimalText.parse(text).flatMap { (1...4_294_967_294).contains($0) ? UInt32($0) : nil }
        }
    }
}

extension SettingKind where Value == Duration {
    /// A time with its unit, within bounds.
    static func duration(_ range: ClosedRange<Duration>) -> SettingKind {
        let lower = DurationText.format(range.lowerBound)
        let upper = DurationText.format(range.upperBound)
        return .single("TIME", expected: "a time such as 20s, 30m or 1h, from \(lower) to \(upper)") { text in
            DurationText.parse(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension SettingKind where Value == Int64 {
    /// A number of bytes, within bounds.
    static func byteSize(_ range: ClosedRange<Int64>) -> SettingKind {
        let lower = ByteSizeText.format(range.lowerBound)
        let upper = ByteSizeText.format(range.upperBound)
        return .single("SIZE", expected: "a size such as 512MiB or 2GiB, from \(lower) to \(upper)") { text in
            ByteSizeText.parse(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}
