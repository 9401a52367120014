import ArgumentParser

/// `slipway version`.
struct Version: ParsableCommand {
    /// The version of this program, as `agent=` and `slipway version` tell it.
    static let current = "0.1.0"

    static let configuration = CommandConfiguration(abstract: "Print the version.")

    func run() {
        print("slipway \(Self.current)")
    }
}
