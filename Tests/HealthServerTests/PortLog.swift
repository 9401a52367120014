import Logging

/// Takes the port out of the line that says where the server listens.
struct PortLog: LogHandler {
    let port: AsyncStream<UInt16>.Continuation
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        if let number = event.metadata?["port"].flatMap({ UInt16("\($0)") }) { port.yield(number) }
    }
}
