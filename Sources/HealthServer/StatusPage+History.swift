import Health

extension StatusPage {
    /// A dependency's last hour, a bar for each minute: full and plain when good, taller when not, split when it was both.
    func strip(_ status: DependencyStatus) -> HTML {
        let count = status.history.count
        guard count > 0 else { return .empty }
        let bars = status.history.enumerated().map { index, bucket in bar(bucket, at: index, of: count) }
        let label = Self.summary(status.history)
        return """
            <svg class="strip" viewBox="0 0 \(count * 6) 30" preserveAspectRatio="none" role="img" aria-label="\(label)">
            \(bars)
            </svg>
            <p class="scale"><span>\(count) min ago</span><span>\(label)</span><span>now</span></p>
            """
    }

    private func bar(_ bucket: HistoryBucket, at index: Int, of count: Int) -> HTML {
        let left = index * 6 + 1
        // The last bar is the minute that runs.
        let minute = report.now.advanced(by: .seconds(-60 * (count - 1 - index))).clockUTC
        switch bucket {
        case .none: return "<g class=\"n\"><title>\(minute) UTC: no check</title>\(Self.rect(left, 14, 2))</g>"
        case .up: return "<g class=\"u\"><title>\(minute) UTC: good</title>\(Self.rect(left, 5, 20))</g>"
        case .partly:
            return """
                <g class="p"><title>\(minute) UTC: some checks failed</title>\(Self.rect(left, 3, 10))\
                \(Self.rect(left, 17, 10))</g>
                """
        case .down: return "<g class=\"d\"><title>\(minute) UTC: down</title>\(Self.rect(left, 0, 30))</g>"
        }
    }

    private static func rect(_ left: Int, _ top: Int, _ height: Int) -> HTML {
        "<rect x=\"\(left)\" y=\"\(top)\" width=\"4\" height=\"\(height)\"/>"
    }

    private static func summary(_ history: [HistoryBucket]) -> String {
        let checked = history.count { $0 != .none }
        guard checked > 0 else { return "not checked yet" }
        let down = history.count { $0 == .down }
        let partly = history.count { $0 == .partly }
        if down == 0, partly == 0 { return checked == history.count ? "good all the time" : "good for \(checked) min" }
        let parts = [
            down > 0 ? "\(down) min down" : nil, partly > 0 ? "\(partly) min shaky" : nil,
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
