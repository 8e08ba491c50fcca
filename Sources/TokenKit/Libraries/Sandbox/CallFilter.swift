internal import CLinux

/// The filter of system calls for a confined library (seccomp): a program in classic BPF over `struct seccomp_data`.
struct CallFilter {
  private(set) var program: [sock_filter] = []

  /// Places in `struct seccomp_data`: the call's number, the architecture, the low half of an argument (little-endian).
  private static let number: UInt32 = 0
  private static let architecture: UInt32 = 4
  private static func argument(_ index: UInt32) -> UInt32 { 16 + 8 * index }

  private static let allowed: UInt32 = 0x7FFF_0000
  private static func refused(_ number: Int32) -> UInt32 { 0x0005_0000 | UInt32(bitPattern: number) }

  // Instructions (Documentation/networking/filter.rst).
  private static let load: UInt16 = 0x20
  private static let jumpEqual: UInt16 = 0x15
  private static let jumpNotLess: UInt16 = 0x35
  private static let jumpAnyBit: UInt16 = 0x45
  private static let end: UInt16 = 0x06

  /// - Parameter process: its own id, the only one that it may signal.
  /// - Returns: `nil` on a machine whose calls are not known.
  init?(_ sandbox: Sandbox, process: UInt32) {
    let machine = ukey_call_architecture()
    guard machine != 0 else { return nil }
    // Calls by the numbers of another architecture (32-bit programs, x32) would be other calls.
    add(Self.load, Self.architecture)
    add(Self.jumpEqual, machine, 1, 0)
    add(Self.end, Self.refused(EPERM))
    add(Self.load, Self.number)
    add(Self.jumpNotLess, 0x4000_0000, 0, 1)
    add(Self.end, Self.refused(EPERM))

    for call in Self.list(ukey_calls_never) { decide(call, Self.refused(EPERM)) }
    // Its flags are in memory, where a filter cannot look: the C library then takes clone, whose flags it can.
    decide(UInt32(__NR_clone3), Self.refused(ENOSYS))
    // A thread is no process.
    when(UInt32(__NR_clone)) {
      $0.test(0, Self.jumpAnyBit, [0x1_0000], then: Self.allowed, otherwise: Self.refused(EPERM))
    }
    for call in [__NR_kill, __NR_tgkill, __NR_rt_sigqueueinfo, __NR_rt_tgsigqueueinfo] {
      when(UInt32(call)) {
        $0.test(0, Self.jumpEqual, [process], then: Self.allowed, otherwise: Self.refused(EPERM))
      }
    }
    // Limits and scheduling of this process only: 0 is itself.
    when(UInt32(__NR_prlimit64)) {
      $0.test(0, Self.jumpEqual, [0, process], then: Self.allowed, otherwise: Self.refused(EPERM))
    }
    // To services on this machine, and the kernel's news of devices.
    when(UInt32(__NR_socket)) {
      $0.test(0, Self.jumpEqual, [1 /* AF_UNIX */], then: Self.allowed)
      $0.test(0, Self.jumpEqual, [16 /* AF_NETLINK */], then: nil, otherwise: Self.refused(EPERM))
      $0.test(2, Self.jumpEqual, [15 /* NETLINK_KOBJECT_UEVENT */], then: Self.allowed, otherwise: Self.refused(EPERM))
    }
    // Typing for the user: TIOCSTI, TIOCLINUX; taking a terminal: TIOCSCTTY; and having the kernel send a signal to whomever when a
    // descriptor is ready: FIOSETOWN, SIOCSPGRP, F_SETOWN, F_SETSIG, F_SETOWN_EX.
    when(UInt32(__NR_ioctl)) {
      $0.test(
        1, Self.jumpEqual, [0x5412, 0x541C, 0x540E, 0x8901, 0x8902], then: Self.refused(EPERM), otherwise: Self.allowed)
    }
    when(UInt32(__NR_fcntl)) {
      $0.test(1, Self.jumpEqual, [8, 10, 15], then: Self.refused(EPERM), otherwise: Self.allowed)
    }
    // PR_SET_PDEATHSIG: it ends with us.
    when(UInt32(__NR_prctl)) {
      $0.test(0, Self.jumpEqual, [1], then: Self.refused(EPERM), otherwise: Self.allowed)
    }
    guard sandbox == .strict else {
      add(Self.end, Self.allowed)
      return
    }
    for call in Self.list(ukey_calls_usual) { decide(call, Self.allowed) }
    add(Self.end, Self.refused(EPERM))
  }

  private static func list(_ get: (UnsafeMutablePointer<Int>) -> UnsafePointer<UInt32>?) -> [UInt32] {
    var count = 0
    let calls = get(&count)
    return Array(UnsafeBufferPointer(start: calls, count: count))
  }

  private mutating func add(_ code: UInt16, _ value: UInt32, _ then: UInt8 = 0, _ otherwise: UInt8 = 0) {
    program.append(sock_filter(code: code, jt: then, jf: otherwise, k: value))
  }

  private mutating func decide(_ call: UInt32, _ verdict: UInt32) {
    add(Self.jumpEqual, call, 0, 1)
    add(Self.end, verdict)
  }

  /// What follows is only for one call; it must end with a verdict.
  private mutating func when(_ call: UInt32, _ body: (inout CallFilter) -> Void) {
    let place = program.count
    add(Self.jumpEqual, call)
    body(&self)
    program[place].jf = UInt8(clamping: program.count - place - 1)
  }

  /// Looks at one argument. Without a verdict the next instruction decides.
  private mutating func test(
    _ argument: UInt32, _ jump: UInt16, _ values: [UInt32], then: UInt32?, otherwise: UInt32? = nil
  ) {
    add(Self.load, Self.argument(argument))
    for value in values {
      if let then {
        add(jump, value, 0, 1)
        add(Self.end, then)
      } else if let otherwise {
        add(jump, value, 1, 0)
        add(Self.end, otherwise)
      }
    }
    if then != nil, let otherwise { add(Self.end, otherwise) }
  }
}
