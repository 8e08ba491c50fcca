internal import Base
package import Failures

/// What support wants to know of a library: what it is, what it exports, how it behaves, how long its calls take.
package struct LibraryInspection: Sendable {
  package struct Timing: Sendable, Equatable {
    package var function: String
    package var microseconds: Int
    /// `nil` when it succeeded.
    package var failure: Failure?
  }

  package struct Device: Sendable, Equatable {
    package var name: String
    /// Label, maker, serial, versions, as told; not made safe to show.
    package var details: [String]
  }

  /// Functions of an SKF library that unlocking by an answer from afar needs; GM/T 0016 has none.
  package static let remoteUnlock = SKFFunction.remoteUnlock.map(\.symbol)

  package var library: LibraryFile
  package var machine: String
  /// Functions found (SKF), or the version of the function list (PKCS#11).
  package var exports: [String] = []
  /// Functions that this program would call and that are not there.
  package var missing: [String] = []
  package var isTableOnly = false
  /// Whether keys behind it can be unlocked by an answer from afar: it has the two functions for it.
  package var unlocksRemotely = false
  /// What is in force in the library's process.
  package var confinement: Confinement = []
  /// `ULONG 32, packed`, or what else the answers showed.
  package var abi: [String] = []
  package var devices: [Device] = []
  package var timings: [Timing] = []
  /// The last that the library printed.
  package var printed = ""

  /// Loads the library in a host of its own and calls its reading functions; no PIN, nothing is changed.
  ///
  /// - Throws: `UK-230` … when it cannot be loaded; later failures are in ``timings``.
  package static func run(_ library: LibraryFile) throws(Failure) -> LibraryInspection {
    let host = LibraryHost(library)
    var result = LibraryInspection(library: library, machine: try library.check().text)
    let begun = Instant.now
    let greeting = try host.session { () throws(Failure) in try host.greeting() }
    result.timings.append(Timing(function: "dlopen", microseconds: (Instant.now - begun).microseconds))
    result.confinement = host.confinement
    switch library.kind {
    case .skf: result.inspectSKF(host, greeting)
    case .pkcs11: result.inspectPKCS11(host, greeting)
    }
    result.printed = host.printed.text
    return result
  }

  private mutating func timed<Value>(_ function: String, _ body: () throws(Failure) -> Value) -> Value? {
    let begun = Instant.now
    do throws(Failure) {
      let value = try body()
      timings.append(Timing(function: function, microseconds: (Instant.now - begun).microseconds))
      return value
    } catch {
      timings.append(Timing(function: function, microseconds: (Instant.now - begun).microseconds, failure: error))
      return nil
    }
  }

  private mutating func inspectSKF(_ host: LibraryHost, _ greeting: HostReply) {
    exports = greeting.data.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    let optional = SKFFunction.remoteUnlock
    // What only a renewal wants is missed by nobody who does not renew.
    let seldom = optional + SKFFunction.renewalOnly + SKFFunction.trial
    missing = SKFFunction.allCases.filter { !seldom.contains($0) }.map(\.symbol).filter { !exports.contains($0) }
    unlocksRemotely = optional.allSatisfy { exports.contains($0.symbol) }
    isTableOnly = greeting.number(0) == 1
    guard (try? host.acquire()) != nil else { return }
    defer { host.release() }
    let calls = SKFCalls(caller: host)
    if let probe = timed("SKF_EnumDev", { () throws(Failure) in try calls.probe() }) {
      abi.append("ULONG \(probe.width * 8)")
      if probe.asked > 65_536 { abi.append("size query 0x" + String(probe.asked, radix: 16, uppercase: true)) }
    }
    for name in timed("SKF_EnumDev", { () throws(Failure) in try calls.devices() }) ?? [] {
      var device = Device(name: TokenName(name).text, details: [])
      if let handle = timed("SKF_ConnectDev", { () throws(Failure) in try calls.connect(name) }) {
        if let info = timed("SKF_GetDevInfo", { () throws(Failure) in try calls.info(handle) }) {
          device.details =
            [info.manufacturer.text, info.label.text, info.serial.text, info.hardwareVersion, info.firmwareVersion]
            .filter { !$0.isEmpty }
          let layout = "DEVINFO \(info.size)" + (info.layout.map { " (" + $0.text + ")" } ?? "")
          if !abi.contains(layout) { abi.append(layout) }
        }
        _ = timed("SKF_EnumApplication") { () throws(Failure) in try calls.applications(handle) }
        calls.close(.disConnectDev, handle)
      }
      devices.append(device)
    }
  }

  private mutating func inspectPKCS11(_ host: LibraryHost, _ greeting: HostReply) {
    exports = ["C_GetFunctionList \(greeting.number(0)).\(greeting.number(1))"]
    guard (try? host.acquire()) != nil else { return }
    defer { host.release() }
    let calls = P11Calls(caller: host)
    abi.append("CK_ULONG 64, aligned")
    for slot in timed("C_GetSlotList", { () throws(Failure) in try calls.slots(withToken: false) }) ?? [] {
      guard let info = timed("C_GetSlotInfo", { () throws(Failure) in try calls.slotInfo(slot) }) else { continue }
      var device = Device(name: info.description.text, details: [])
      if let token = try? calls.tokenInfo(slot) {
        device.details =
          [token.manufacturer.text, token.label.text, token.model.text, token.serial.text, token.firmwareVersion].filter
        { !$0.isEmpty }
      }
      devices.append(device)
    }
  }
}
