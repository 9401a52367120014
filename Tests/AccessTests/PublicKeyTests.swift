import Foundation
import TestSupport
import Testing

@testable import Access

@Suite("Public keys")
struct PublicKeyTests {
    @Test(
        "keys of the real ssh-keygen are read, and the fingerprint is the one it prints",
        arguments: [
            ("ed25519", nil, PublicKey.Algorithm.ed25519), ("ecdsa", 256, .ecdsa256), ("ecdsa", 384, .ecdsa384),
            ("ecdsa", 521, .ecdsa521), ("rsa", 2048, .rsa), ("rsa", 3072, .rsa),
        ])
    func realKeys(type: String, bits: Int?, algorithm: PublicKey.Algorithm) throws {
        let directory = try TemporaryDirectory()
        let line = try KeyGenerator.make(type, bits: bits, in: directory, name: "k")
        let key = try PublicKey(authorizedKeysText: line)
        #expect(key.algorithm == algorithm)
        #expect(key.comment == "k@test")
        #expect(key.rsaBits == (algorithm == .rsa ? bits : nil))
        let printed = try KeyGenerator.run(["-l", "-f", directory("k.pub")])
        #expect(printed.split(separator: " ")[1] == key.fingerprint)
        #expect(try PublicKey(blob: key.blob) == key)
    }

    @Test("an RSA key of 1024 bits is refused with its size")
    func weakRSA() throws {
        let directory = try TemporaryDirectory()
        let line = try KeyGenerator.make("rsa", bits: 1024, in: directory, name: "weak")
        #expect(throws: PublicKeyError.rsaSize(1024)) { try PublicKey(authorizedKeysText: line) }
    }

    @Test("a real user certificate is refused as one")
    func certificate() throws {
        let directory = try TemporaryDirectory()
        _ = try KeyGenerator.make("ed25519", bits: nil, in: directory, name: "ca")
        _ = try KeyGenerator.make("ed25519", bits: nil, in: directory, name: "u")
        _ = try KeyGenerator.run(["-q", "-s", directory("ca"), "-I", "id", directory("u.pub")])
        let line = try directory.read("u-cert.pub")
        #expect(throws: PublicKeyError.certificate) { try PublicKey(authorizedKeysText: line) }
    }

    @Test("a private key is recognised, and so is another public format")
    func privateKey() throws {
        let directory = try TemporaryDirectory()
        _ = try KeyGenerator.make("ed25519", bits: nil, in: directory, name: "k")
        let text = try directory.read("k")
        #expect(throws: PublicKeyError.privateKey) { try PublicKey(authorizedKeysText: text) }
        let exported = try KeyGenerator.run(["-e", "-f", directory("k.pub")])
        #expect(throws: PublicKeyError.otherFormat) { try PublicKey(authorizedKeysText: exported) }
    }

    @Test(
        "what is no plain key line is refused with its own reason",
        arguments: [
            ("", PublicKeyError.empty),
            ("  \n ", .empty),
            ("command=\"echo hi\" \(Samples.alice)", .options),
            ("restrict \(Samples.alice)", .options),
            ("no-pty,no-X11-forwarding \(Samples.alice)", .options),
            ("something \(Samples.alice)", .options),
            ("ssh-dss AAAAB3NzaC1kc3M= x", .dss),
            ("sk-ssh-ed25519@openssh.com AAAA x", .securityKey),
            ("sk-ecdsa-sha2-nistp256@openssh.com AAAA x", .securityKey),
            ("ssh-rsa-cert-v01@openssh.com AAAA x", .certificate),
            ("sk-ssh-ed25519-cert-v01@openssh.com AAAA x", .certificate),
            ("ssh-ed448 AAAA", .unknownAlgorithm("\"ssh-ed448\"")),
            ("hello", .unknownAlgorithm("\"hello\"")),
            ("ssh-ed25519", .missingBlob),
            ("ssh-ed25519 AAA", .badBase64),
            ("ssh-ed25519 AA$A", .badBase64),
            ("ssh-ed25519 AAAA", .truncated),
            ("\(Samples.alice)\n\(Samples.bob)", .severalLines),
            ("\(Samples.alice) a\u{1B}[2Jb", .severalLines),
            (
                Samples.alice.replacing("ssh-ed25519", with: "ssh-rsa", maxReplacements: 1),
                .otherAlgorithmInside(text: "ssh-rsa", blob: "ssh-ed25519")
            ),
            (String(repeating: "x", count: 16385), .tooLong(16385)),
        ])
    func refusedText(text: String, expected: PublicKeyError) {
        #expect(throws: expected) { try PublicKey(authorizedKeysText: text) }
        #expect(!expected.description.contains("\n"))
    }

    private static func rsa(exponent: [UInt8] = [1, 0, 1], modulus: [UInt8]) -> [UInt8] {
        Samples.string("ssh-rsa") + Samples.string(exponent) + Samples.string(modulus)
    }

    private static func ecdsa(_ curve: String, point: [UInt8]) -> [UInt8] {
        Samples.string("ecdsa-sha2-nistp256") + Samples.string(curve) + Samples.string(point)
    }

    private static let modulus: [UInt8] = [0, 0x80] + [UInt8](repeating: 1, count: 255)

    @Test(
        "a blob that is wrong in one place is refused for that",
        arguments: [
            ([], PublicKeyError.truncated),
            ([0, 0, 0], .truncated),
            ([255, 255, 255, 255, 1], .truncated),
            (Samples.blob(number: 1) + [0], .trailingBytes(1)),
            (Array(Samples.blob(number: 1).dropLast()), .truncated),
            (
                Samples.string("ssh-ed25519") + Samples.string([UInt8](repeating: 1, count: 31)),
                .wrongLength(.ed25519, expected: 32, found: 31)
            ),
            (ecdsa("nistp384", point: [4] + [UInt8](repeating: 1, count: 64)), .otherCurveInside(.ecdsa256)),
            (
                ecdsa("nistp256", point: [2] + [UInt8](repeating: 1, count: 32)),
                .wrongLength(.ecdsa256, expected: 65, found: 33)
            ),
            (ecdsa("nistp256", point: [2] + [UInt8](repeating: 1, count: 64)), .badPoint),
            (rsa(modulus: modulus + [2]), .badRSANumber),
            (rsa(modulus: [0] + modulus), .badRSANumber),
            (rsa(modulus: Array(modulus.dropFirst())), .badRSANumber),
            (rsa(modulus: []), .badRSANumber),
            (rsa(exponent: [1], modulus: modulus), .badRSANumber),
            (rsa(exponent: [4], modulus: modulus), .badRSANumber),
            (rsa(exponent: [UInt8](repeating: 1, count: 9), modulus: modulus), .badRSANumber),
            (rsa(modulus: [0x7F] + [UInt8](repeating: 1, count: 255)), .rsaSize(2047)),
            (rsa(modulus: [1] + [UInt8](repeating: 1, count: 2048)), .rsaSize(16385)),
        ])
    func refusedBlob(blob: [UInt8], expected: PublicKeyError) {
        #expect(throws: expected) { try PublicKey(blob: blob) }
    }

    @Test("the smallest and the largest RSA key are accepted")
    func rsaBounds() throws {
        #expect(try PublicKey(blob: Self.rsa(modulus: Self.modulus)).rsaBits == 2048)
        let largest = [0, 0x80] + [UInt8](repeating: 1, count: 2047)
        #expect(try PublicKey(blob: Self.rsa(modulus: largest)).rsaBits == 16384)
    }

    @Test("changed blobs never end the process, and each accepted one reads the same again")
    func fuzz() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("PublicKey fuzz seed: \(seed)")
        var generator = SeededGenerator(seed: seed)
        let originals = [
            Samples.blob(number: 5), Self.rsa(modulus: Self.modulus),
            Self.ecdsa("nistp256", point: [4] + [UInt8](repeating: 9, count: 64)),
        ]
        let deadline = ContinuousClock.now + .seconds(1)
        while ContinuousClock.now < deadline {
            var blob = try #require(originals.randomElement(using: &generator))
            for _ in 0..<Int.random(in: 0...4, using: &generator) where !blob.isEmpty {
                let index = Int.random(in: 0..<blob.count, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: blob[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: blob.removeSubrange(index...)
                default: blob.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                }
            }
            guard let key = try? PublicKey(blob: blob) else { continue }
            let line = "\(key.algorithm) \(Samples.base64(blob)) c"
            #expect(try PublicKey(authorizedKeysText: line).blob == blob)
        }
    }
}
