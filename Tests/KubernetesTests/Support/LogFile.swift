import TestSupport

@testable import Kubernetes

/// A container's log as a node keeps it, and what its kubelet makes of it.
struct LogFile: Sendable {
    struct Entry: Sendable {
        /// Nanoseconds since 1970.
        let time: Int64
        let content: [UInt8]
    }

    /// 2024-11-22T02:00:00Z: in the past by every clock, for entries are never from the future.
    static let start: Int64 = 1_732_240_800 * 1_000_000_000

    var entries: [Entry] = []

    /// All that the container wrote.
    var content: [UInt8] { entries.flatMap(\.content) }

    /// What the kubelet answers with `timestamps=true` and a `sinceTime` in seconds since 1970.
    ///
    /// The shape is `entries` for kubelets before 1.26 (logs.go, `logWriter.write`), `lines` for those after.
    func rendered(since: Int64? = nil, _ shape: LogShape, zone: String = "Z") -> [UInt8] {
        var result: [UInt8] = []
        var isLineStart = true
        for entry in entries {
            if entry.time >= (since ?? 0) * 1_000_000_000 {
                if shape == .entries || isLineStart { result += Self.stamp(entry.time, zone) }
                result += entry.content
            }
            isLineStart = entry.content.last == UInt8(ascii: "\n")
        }
        return result
    }

    /// A stamp with the space behind it.
    static func stamp(_ time: Int64, _ zone: String = "Z") -> [UInt8] {
        // `since` subtracts a second, and is for UTC.
        let text = LogTime(time + 1_000_000_000).since.dropLast()
        let digits = String(time % 1_000_000_000)
        return Array("\(text).\(String(repeating: "0", count: 9 - digits.count))\(digits)\(zone) ".utf8)
    }

    /// What `sinceTime` says, in seconds since 1970.
    static func seconds(_ text: String) -> Int64? {
        let bytes = Array((text.dropLast() + ".000000000Z ").utf8)
        guard case .stamp(let time, _) = LogTime.match(bytes[...]) else { return nil }
        return time.seconds
    }

    /// A log with all that is difficult: long lines in parts, no newline at the end, stamps that are equal, out of
    /// order or far apart, content that looks like stamps, any bytes.
    static func random(_ count: Int, _ random: inout SeededGenerator) -> LogFile {
        var file = LogFile()
        var time = start
        for _ in 0..<count {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...2: break
            case 3: time += 400_000_000
            case 4: time += Int64.random(in: 0..<3_000_000_000, using: &random)
            default: time += Int64.random(in: 1..<1_000_000, using: &random)
            }
            // Two threads write: one may come a moment too late.
            let isLate = Int.random(in: 0..<12, using: &random) == 0 && !file.entries.isEmpty
            var content = piece(&random, before: time)
            // The kubelet stamps again in the middle of a line only with a part; a late one there could not be told
            // from content (see LogShape), so late ones begin lines here.
            let follows = file.entries.last?.content.last ?? UInt8(ascii: "\n")
            if Bool.random(using: &random) { content.append(UInt8(ascii: "\n")) }
            if content.isEmpty { content = [UInt8(ascii: "\n")] }
            let late = isLate && follows == UInt8(ascii: "\n")
            file.entries.append(Entry(time: late ? time - 1500 : time, content: content))
        }
        return file
    }

    private static func piece(_ random: inout SeededGenerator, before time: Int64) -> [UInt8] {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return Array("2024-1".utf8)
        case 1: return Array("at ".utf8) + stamp(time - 5_000_000, "Z") + Array("it began".utf8)
        case 2: return Array("2".utf8)
        case 3: return (0..<300).map { _ in UInt8.random(in: 11...255, using: &random) }
        case 4: return Array("progress\r50 %\r".utf8)
        case 5: return stamp(time - 1, "+02:00")
        case 6: return [0, 0xFF, 0xFE, 0x1B]
        default: return Array("a plain line".utf8)
        }
    }
}

extension LogTime {
    /// A moment in nanoseconds since 1970.
    init(_ nanoseconds: Int64) {
        self.init(seconds: nanoseconds / 1_000_000_000, nanoseconds: Int32(nanoseconds % 1_000_000_000), isUTC: true)
    }
}
