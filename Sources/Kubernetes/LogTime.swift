import Glibc

/// The time stamp that the kubelet puts before entries of a log.
///
/// Source: `RFC3339NanoFixed` of the kubelet, `2006-01-02T15:04:05.000000000Z07:00`: always nine digits, and the zone
/// of the container runtime, which is `Z` or an offset.
struct LogTime: Sendable, Equatable, Comparable {
    /// The length of the longest stamp, `2006-01-02T15:04:05.000000000+07:00`.
    static let maximumLength = 35
    private static let shape = Array("dddd-dd-ddTdd:dd:dd.ddddddddd".utf8)

    /// Since 1970-01-01T00:00:00Z.
    let seconds: Int64
    let nanoseconds: Int32
    /// Whether it was written with `Z`.
    let isUTC: Bool

    /// What a place in a text is.
    enum Match: Equatable {
        case no
        /// It may become a stamp when there is more.
        case unfinished
        /// A stamp and the space behind it, with the length of both.
        case stamp(LogTime, length: Int)
    }

    /// What this machine's clock says.
    static var now: LogTime {
        var value = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &value)
        return LogTime(seconds: Int64(value.tv_sec), nanoseconds: Int32(value.tv_nsec), isUTC: true)
    }

    init(seconds: Int64, nanoseconds: Int32, isUTC: Bool) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.isUTC = isUTC
    }

    static func < (left: LogTime, right: LogTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// Two stamps of the same moment are equal, in whichever zone.
    static func == (left: LogTime, right: LogTime) -> Bool {
        (left.seconds, left.nanoseconds) == (right.seconds, right.nanoseconds)
    }

    /// Looks whether a stamp with its space begins at the start of the bytes.
    static func match(_ bytes: ArraySlice<UInt8>) -> Match {
        var place = bytes.startIndex
        for expected in shape {
            guard place < bytes.endIndex else { return .unfinished }
            let byte = bytes[place]
            guard expected == UInt8(ascii: "d") ? isDigit(byte) : byte == expected else { return .no }
            place += 1
        }
        guard place < bytes.endIndex else { return .unfinished }
        var offset: Int64 = 0
        let zone = bytes[place]
        place += 1
        if zone == UInt8(ascii: "+") || zone == UInt8(ascii: "-") {
            for expected in "dd:dd".utf8 {
                guard place < bytes.endIndex else { return .unfinished }
                let byte = bytes[place]
                guard expected == UInt8(ascii: "d") ? isDigit(byte) : byte == expected else { return .no }
                place += 1
            }
            offset = number(bytes, place - 5, 2) * 3600 + number(bytes, place - 2, 2) * 60
            if zone == UInt8(ascii: "-") { offset = -offset }
        } else if zone != UInt8(ascii: "Z") {
            return .no
        }
        guard place < bytes.endIndex else { return .unfinished }
        guard bytes[place] == UInt8(ascii: " ") else { return .no }
        guard let time = LogTime(bytes, offset: offset, isUTC: zone == UInt8(ascii: "Z")) else { return .no }
        return .stamp(time, length: place + 1 - bytes.startIndex)
    }

    private init?(_ bytes: ArraySlice<UInt8>, offset: Int64, isUTC: Bool) {
        let start = bytes.startIndex
        let (year, month, day) = (
            Self.number(bytes, start, 4), Self.number(bytes, start + 5, 2), Self.number(bytes, start + 8, 2)
        )
        let (hour, minute, second) = (
            Self.number(bytes, start + 11, 2), Self.number(bytes, start + 14, 2), Self.number(bytes, start + 17, 2)
        )
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60 else { return nil }
        seconds = Self.days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        nanoseconds = Int32(Self.number(bytes, start + 20, 9))
        self.isUTC = isUTC
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func number(_ bytes: ArraySlice<UInt8>, _ place: Int, _ count: Int) -> Int64 {
        bytes[place..<(place + count)].reduce(0) { $0 * 10 + Int64($1 &- UInt8(ascii: "0")) }
    }

    /// Days since 1970-01-01 of a date in the Gregorian calendar.
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
