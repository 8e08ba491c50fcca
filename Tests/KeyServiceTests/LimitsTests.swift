import KeyServer
import Testing

/// Connections of all interfaces together leave descriptors for the service itself.
@Suite struct LimitsTests {
  @Test(arguments: [
    (5, 4096, 512), (5, 1024, 179), (3, 1024, 298), (1, 1024, 512), (5, 256, 25), (5, 64, 16), (0, 4096, 512),
  ])
  func connectionsFit(_ interfaces: Int, _ descriptors: Int, _ wanted: Int) {
    var limits = ServerLimits()
    limits.fit(interfaces: interfaces, descriptors: descriptors)
    #expect(limits.connections == wanted && limits.quiet == min(64, wanted / 2))
  }
}
