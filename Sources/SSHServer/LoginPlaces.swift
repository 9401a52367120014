import Health

/// The places of connections that have not logged in yet, and who loses one when none is left.
///
/// Whoever fills them with connections that never log in must not lock others out. OpenSSH turns newcomers away at random
/// (MaxStartups); here they get in, and somebody goes for them: first whoever has the most places, then whoever has been there for
/// longest. Only while all places are taken by newcomers, of whom nobody can tell yet whether they will log in, is one turned away.
///
/// Pure: no clock.
struct LoginPlaces {
    /// A login takes a second, if it waits for nobody's password.
    static let protectedTime = Duration.seconds(3)

    private struct Holder {
        let address: String
        let since: ContinuousClock.Instant
    }

    /// What is to happen with a newcomer.
    enum Decision: Equatable {
        case free
        /// This one goes for it.
        case takes(UInt64)
        case refused
    }

    let limit: Int
    /// By number; a later one has a higher number.
    private var holders: [UInt64: Holder] = [:]
    private var perAddress: [String: Int] = [:]
    private var saturation: Saturation

    init(limit: Int) {
        self.limit = limit
        saturation = Saturation(limit: limit)
    }

    /// How many places are taken.
    var count: Int { holders.count }

    /// Decides about one more.
    ///
    /// - Parameters:
    ///   - address: Where it comes from.
    ///   - now: The time.
    /// - Returns: Whether it gets in, and who goes for it.
    func decision(for address: String, at now: ContinuousClock.Instant) -> Decision {
        guard holders.count >= limit else { return .free }
        // With two more than the newcomer they still have one more when one of theirs has gone.
        let fair = (perAddress[address] ?? 0) + 2
        if let most = perAddress.max(by: { $0.value < $1.value }), most.value >= fair,
            let oldest = oldest(where: { $0.address == most.key })
        {
            return .takes(oldest.key)
        }
        guard let oldest = oldest(where: { _ in true }), !Self.isProtected(oldest.value, at: now) else {
            return .refused
        }
        return .takes(oldest.key)
    }

    /// Gives a place to a newcomer.
    mutating func take(_ number: UInt64, from address: String, at now: ContinuousClock.Instant) {
        holders[number] = Holder(address: address, since: now)
        perAddress[address, default: 0] += 1
        observe(at: now)
    }

    /// Takes a place back; does nothing when it is free.
    mutating func free(_ number: UInt64, at now: ContinuousClock.Instant) {
        guard let holder = holders.removeValue(forKey: number) else { return }
        let rest = (perAddress[holder.address] ?? 1) - 1
        perAddress[holder.address] = rest > 0 ? rest : nil
        observe(at: now)
    }

    /// What probes look at.
    ///
    /// Only those count as taken that cannot be had: the others do not keep anybody out.
    mutating func reading(at now: ContinuousClock.Instant) -> LoginPlacesReading {
        observe(at: now)
        return LoginPlacesReading(count: held(at: now), limit: limit, isFull: saturation.isFull)
    }

    private mutating func observe(at now: ContinuousClock.Instant) {
        // Counting them costs the more, the more there are, and matters only here.
        guard holders.count >= limit || saturation.isFull else { return }
        saturation.observe(count: held(at: now))
    }

    private func held(at now: ContinuousClock.Instant) -> Int {
        holders.values.count { Self.isProtected($0, at: now) }
    }

    private func oldest(where belongs: (Holder) -> Bool) -> (key: UInt64, value: Holder)? {
        holders.filter { belongs($0.value) }.min { $0.key < $1.key }
    }

    private static func isProtected(_ holder: Holder, at now: ContinuousClock.Instant) -> Bool {
        now - holder.since < protectedTime
    }
}
