extension Duration {
    /// In words for anybody, rounded to what matters: "800 ms", "3 s", "12 min", "5 h", "2 days".
    var inWords: String {
        let milliseconds = max(0, Int64((self / .milliseconds(1)).rounded()))
        let seconds = max(0, Int64((self / .seconds(1)).rounded()))
        return switch seconds {
        case _ where milliseconds < 1_000: "\(milliseconds) ms"
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}
