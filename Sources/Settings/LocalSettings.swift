/// Settings of the executor that builds on this machine.
package struct LocalSettings: Sendable, Equatable {
    package let sandbox: Sandbox
    package let network: Network
    /// Processes and threads of one build.
    package let maxProcesses: Int
    /// In bytes.
    package let maxFileSize: Int64
    /// In bytes, of each process; 0 for no limit.
    package let maxMemory: Int64
    /// In bytes.
    package let maxDisk: Int64
    /// Absolute paths that builds see read-only; empty for the executor's defaults.
    package let readOnlyPaths: [String]
    /// The user id of builds when the server is root; never 0.
    package let user: UInt32

    /// What keeps a build from the machine.
    package enum Sandbox: String, Sendable, CaseIterable {
        case bubblewrap
        /// Nothing: everyone who may push is trusted.
        case none
    }

    /// Whether builds reach the network.
    package enum Network: String, Sendable, CaseIterable {
        case on
        case none
    }

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        sandbox = try resolver.value(SettingsTable.localSandbox)
        network = try resolver.value(SettingsTable.localNetwork)
        maxProcesses = try resolver.value(SettingsTable.localMaxProcesses)
        maxFileSize = try resolver.value(SettingsTable.localMaxFileSize)
        maxMemory = try resolver.value(SettingsTable.localMaxMemory)
        maxDisk = try resolver.value(SettingsTable.localMaxDisk)
        readOnlyPaths = try resolver.value(SettingsTable.localReadOnlyPaths)
        user = try resolver.value(SettingsTable.localUser)
    }
}
