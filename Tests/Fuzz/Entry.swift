// libFuzzer's side: it is called at the start, and calls what is here. `make fuzz` builds and runs it, one target a process.

import Glibc

/// Reads bytes that anybody could have sent. What must hold is that it returns, and that ``check(_:_:)`` holds inside it.
struct Target: Sendable {
  let name: String
  /// Well-formed inputs to begin with, by file name.
  let seeds: @Sendable () throws -> [(name: String, bytes: [UInt8])]
  let read: @Sendable ([UInt8]) -> Void
}

let targets: [Target] =
  [Target.gm, .piv, .tlv, .inflate]
  + [.certificate, .signedData, .request, .response, .lines, .token, .report, .json, .settings, .devices]
  + [.library, .messages, .requests, .frames]

/// A rule that a target found broken: the process ends as libFuzzer wants it, with the input kept.
func check(_ holds: Bool, _ rule: @autoclosure () -> String) {
  if holds { return }
  say("broken: \(rule())")
  abort()
}

private func say(_ text: String) {
  let line = Array((text + "\n").utf8)
  _ = write(2, line, line.count)
}

/// The one of this process; `UKEY_FUZZ_TARGET` names it.
private let target: Target? = {
  let name = getenv("UKEY_FUZZ_TARGET").map { String(cString: $0) }
  return targets.first { $0.name == name }
}()

@_extern(c, "LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ read: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// SwiftPM makes `main` of this name in every program, so that libFuzzer's own cannot be it.
@_cdecl("Fuzz_main")
public func start(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments, testOneInput)
}

@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
  if let folder = getenv("UKEY_FUZZ_SEEDS") {
    exit(writeSeeds(String(cString: folder)) ? 0 : 1)
  }
  if target == nil {
    say("UKEY_FUZZ_TARGET: one of \(targets.map(\.name).joined(separator: " "))")
    exit(2)
  }
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  target?.read(Array(UnsafeBufferPointer(start: data, count: size)))
  return 0
}

/// Writes the seeds of every target into a folder of its name, which has to be there.
private func writeSeeds(_ folder: String) -> Bool {
  for target in targets {
    guard let seeds = try? target.seeds() else {
      say("\(target.name): no seeds")
      return false
    }
    let place = folder + "/" + target.name
    mkdir(place, 0o755)
    for seed in seeds {
      guard let file = fopen(place + "/" + seed.name, "w") else { return false }
      defer { fclose(file) }
      guard fwrite(seed.bytes, 1, seed.bytes.count, file) == seed.bytes.count else { return false }
    }
  }
  return true
}
