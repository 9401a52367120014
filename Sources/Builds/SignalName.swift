/// The names of Linux's signals (signal(7), x86 and ARM numbers).
package enum SignalName {
    private static let names = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS",
    ]

    /// The name with its `SIG`; nil when `number` is no standard signal.
    package static func of(_ number: Int32) -> String? {
        names.indices.contains(Int(number) - 1) ? "SIG" + names[Int(number) - 1] : nil
    }
}
