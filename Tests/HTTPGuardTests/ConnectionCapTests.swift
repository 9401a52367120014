import Testing

@testable import HTTPGuard

@Suite("Caps of connections") struct ConnectionCapTests {
    @Test(
        "a port gets what it wants, but never more than an eighth of the descriptors",
        arguments: [(512, 20_000, 512), (512, 4096, 512), (512, 1024, 128), (512, 256, 32), (4, 256, 4), (512, 3, 1)])
    func cap(wish: Int, descriptors: Int, expected: Int) {
        #expect(ConnectionCap.of(wish, descriptors: descriptors) == expected)
    }
}
