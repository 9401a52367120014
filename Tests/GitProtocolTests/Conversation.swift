import Foundation
import Testing

/// What git 2.39.5 sent to a receive-pack, byte for byte: captured with `tee` around the real programs.
struct Conversation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let request: String
    /// Base 64 of the pack behind the request.
    var pack = ""

    var packBytes: [UInt8] { Array(Data(base64Encoded: pack) ?? Data()) }
    var bytes: [UInt8] { Array(request.utf8) + packBytes }

    static let zero = "0000000000000000000000000000000000000000"

    static let create = Conversation(
        testDescription: "a new branch",
        request: "00af\(zero) 2e6189b3c2795c22f3ce2d6c33222d46913720d1 refs/heads/main\0 "
            + "report-status-v2 side-band-64k quiet object-format=sha1 agent=git/2.39.50000",
        pack: "UEFDSwAAAAIAAAADlgd4nCspSk1VSEkzNU00T0lONbVMMTAxSEk2tzC0TDZMNTIxNLAwsjQzTbQwSE1KseRKLC3JyC9SSFSwSXSo"
            + "sFMwNDeAAgVtEMmVnJ+bm1lSkopHCVd+XioXAK4EHzOtAXicMzQwMDMxUUhjcN3ZvM9suw17x505e7bn7G74U70hHACY6wy9M3ic"
            + "y8jkAgACFwDcQWT2qrWtxTLNAZmDA29pT79HBGs=")

    static let severalRefs = Conversation(
        testDescription: "several refs, atomic, with push options",
        request:
            "00c32e6189b3c2795c22f3ce2d6c33222d46913720d1 74c23e8b12e5fda213259530807fd7585f838eeb refs/heads/main\0 "
            + "report-status-v2 side-band-64k quiet atomic push-options object-format=sha1 agent=git/2.39.5"
            + "0066\(zero) 2e6189b3c2795c22f3ce2d6c33222d46913720d1 refs/heads/topic"
            + "0062\(zero) d7c819dace8d37e4efe9c4ea352ee67d4f83cb04 refs/tags/v1"
            + "006a\(zero) 74c23e8b12e5fda213259530807fd7585f838eeb refs/heads/ünïcode"
            + "0000000bci.skip0018deploy=héllo wörld0000")

    static let delete = Conversation(
        testDescription: "a deletion",
        request: "00b02e6189b3c2795c22f3ce2d6c33222d46913720d1 \(zero) refs/heads/topic\0 "
            + "report-status-v2 side-band-64k quiet object-format=sha1 agent=git/2.39.50000")

    static let forceAndDelete = Conversation(
        testDescription: "a forced update and a deletion",
        request:
            "00af74c23e8b12e5fda213259530807fd7585f838eeb 406e4b33bd0c0802be18121c1ea0dfe5e388b1e3 refs/heads/main\0 "
            + "report-status-v2 side-band-64k quiet object-format=sha1 agent=git/2.39.5"
            + "0062d7c819dace8d37e4efe9c4ea352ee67d4f83cb04 \(zero) refs/tags/v10000")

    static let shallowUpToDate = Conversation(
        testDescription: "nothing, from a shallow clone",
        request: "0035shallow 655d3336cc5bf1aeca671bded4cfd5ee4cecda9d\n0000")

    static let upToDate = Conversation(testDescription: "nothing", request: "0000")

    static let signed = Conversation(
        testDescription: "a signed push",
        request: "0057push-cert\0 report-status-v2 side-band-64k quiet object-format=sha1 agent=git/2.39.5"
            + "001ccertificate version 0.1\n0024pusher a <a@x> 1795289878 +0000\n0005\n"
            + "0066406e4b33bd0c0802be18121c1ea0dfe5e388b1e3 655d3336cc5bf1aeca671bded4cfd5ee4cecda9d refs/heads/main\n"
            + "0012push-cert-end\n0000")

    static let accepted = [create, severalRefs, delete, forceAndDelete, shallowUpToDate, upToDate]
}
