import GitProtocol

/// What a parser made of some input: everything a caller can see of it.
enum Outcome: Equatable {
    case complete(ReceivePackRequest, remainder: [UInt8])
    case failed(ReceivePackError)
    case waiting(atEnd: ReceivePackError?)

    /// Feeds the chunks one after the other, stopping where a caller would.
    init(feeding chunks: [[UInt8]]) {
        var parser = ReceivePackParser()
        var request: ReceivePackRequest?
        do throws(ReceivePackError) {
            for chunk in chunks {
                request = try parser.consume(chunk)
            }
        } catch {
            self = .failed(error)
            return
        }
        if let request {
            self = .complete(request, remainder: parser.takeRemainder())
            return
        }
        do throws(ReceivePackError) {
            try parser.endOfInput()
            self = .waiting(atEnd: nil)
        } catch {
            self = .waiting(atEnd: error)
        }
    }

    init(_ bytes: [UInt8]) {
        self.init(feeding: [bytes])
    }

    var request: ReceivePackRequest? {
        if case .complete(let request, _) = self { request } else { nil }
    }

    var error: ReceivePackError? {
        if case .failed(let error) = self { error } else { nil }
    }
}
