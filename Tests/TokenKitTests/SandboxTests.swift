import CLinux
import Glibc
import Testing

@testable import TokenKit

@Suite("What a library is kept from")
struct SandboxTests {
  private let process: UInt32 = 4242

  /// Runs the filter as the kernel does. - Returns: the errno, 0 for allowed; `nil` when the program is none.
  private func verdict(_ sandbox: Sandbox, _ call: Int32, _ arguments: UInt64...) -> Int32? {
    guard let program = CallFilter(sandbox, process: process)?.program else { return nil }
    var data: [UInt32] = [UInt32(call), ukey_call_architecture(), 0, 0]
    for index in 0..<6 {
      let value = index < arguments.count ? arguments[index] : 0
      data += [UInt32(truncatingIfNeeded: value), UInt32(value >> 32)]
    }
    var (place, accumulator) = (0, UInt32(0))
    while program.indices.contains(place) {
      let step = program[place]
      place += 1
      func jump(_ isTrue: Bool) { place += Int(isTrue ? step.jt : step.jf) }
      switch step.code {
      case 0x20: accumulator = data[Int(step.k) / 4]
      case 0x15: jump(accumulator == step.k)
      case 0x35: jump(accumulator >= step.k)
      case 0x45: jump(accumulator & step.k != 0)
      case 0x06: return step.k == 0x7FFF_0000 ? 0 : Int32(step.k & 0xFFFF)
      default: return nil
      }
    }
    return nil
  }

  @Test(arguments: [Sandbox.strict, .relaxed])
  func otherProgramsAndTheNetworkAreOut(_ sandbox: Sandbox) {
    for call in [__NR_execve, __NR_ptrace, __NR_process_vm_readv, __NR_io_uring_setup, __NR_keyctl, __NR_setsid] {
      #expect(verdict(sandbox, call) == EPERM, "\(call)")
    }
    #expect(verdict(sandbox, __NR_clone3) == ENOSYS)
    #expect(verdict(sandbox, __NR_clone, 0x11) == EPERM)
    #expect(verdict(sandbox, __NR_clone, 0x3D_0F00) == 0)
    #expect(verdict(sandbox, __NR_socket, 2, 1, 0) == EPERM)
    #expect(verdict(sandbox, __NR_socket, 10, 2, 0) == EPERM)
    #expect(verdict(sandbox, __NR_socket, 16, 3, 0) == EPERM)
    #expect(verdict(sandbox, __NR_socket, 16, 3, 15) == 0)
    #expect(verdict(sandbox, __NR_socket, 1, 1, 0) == 0)
    #expect(verdict(sandbox, __NR_kill, 1, 9) == EPERM)
    #expect(verdict(sandbox, __NR_tgkill, UInt64(process), 9, 9) == 0)
    #expect(verdict(sandbox, __NR_prctl, 1, 0) == EPERM)
    #expect(verdict(sandbox, __NR_ioctl, 5, 0x5412) == EPERM)
    #expect(verdict(sandbox, __NR_ioctl, 5, 0xC018_5500) == 0)
  }

  @Test func whatIsNotKnownIsOutWhenStrictOnly() {
    #expect(verdict(.strict, __NR_openat) == 0 && verdict(.relaxed, __NR_openat) == 0)
    #expect(verdict(.strict, __NR_fanotify_init) == EPERM && verdict(.relaxed, __NR_fanotify_init) == 0)
    #expect(verdict(.strict, __NR_futex) == 0 && verdict(.strict, __NR_exit_group) == 0)
    #expect(verdict(.strict, __NR_mlock) == 0 && verdict(.strict, __NR_rt_sigreturn) == 0)
  }

  private let tree: [String: [String]] = [
    "/": ["usr", "etc", "home", "tmp", "proc", "dev", "root", "run", "boot"], "/home": ["a", "b"],
    "/home/a": [".ssh", ".vendor", ".config", "work"], "/home/a/.config": ["ukey", "vendor"],
    "/run": ["pcscd", "user"], "/proc": ["1", "4242", "self", "cpuinfo", "kcore"],
    "/dev": ["null", "tty", "pts", "bus", "hidraw0", "sda", "ttyUSB0", "ptmx", "mem"],
  ]

  private func paths(_ sandbox: Sandbox, files: [String] = []) -> [String: FileRule.Access] {
    let place = FileRule.Place(
      home: "/home/a", library: "/home/a/work/lib.so", process: 4242, isRoot: false, files: files)
    let rules = FileRule.all(sandbox, place) { tree[$0] ?? [] }
    return Dictionary(rules.map { ($0.path, $0.access) }, uniquingKeysWith: { one, _ in one })
  }

  @Test func relaxedLeavesSecretsOut() {
    let open = paths(.relaxed)
    #expect(
      Set(open.keys) == [
        "/usr", "/etc", "/home/b", "/home/a/.vendor", "/home/a/.config/vendor", "/home/a/work", "/tmp", "/run/pcscd",
        "/proc/4242", "/proc/cpuinfo", "/dev/null", "/dev/bus", "/dev/hidraw0", "/dev/ttyUSB0",
      ])
    #expect(open["/usr"] == .read && open["/home/a/work"] == .write)
  }

  /// A folder with more names than are listed, /tmp on a machine that runs for years: what leads to the library and to the
  /// home is open all the same.
  @Test(arguments: [Sandbox.relaxed, .strict])
  func aFolderOfManyNamesHidesNeitherLibraryNorHome(sandbox: Sandbox) {
    let place = FileRule.Place(
      home: "/tmp/h/home", library: "/tmp/lib/lib.so", process: 4242, isRoot: false, files: [])
    let listed = ["/": ["usr", "tmp"], "/tmp": ["a", "b"], "/tmp/h": ["home"], "/tmp/h/home": [".ssh", "work"]]
    let open = FileRule.all(sandbox, place) { listed[$0] ?? [] }.map(\.path)
    #expect(open.contains("/tmp/lib"))
    #expect(open.contains("/tmp/h/home/work") == (sandbox == .relaxed) && !open.contains("/tmp/h/home/.ssh"))
    #expect(!open.contains("/tmp"))
  }

  @Test func strictLeavesTheHomeOut() {
    #expect(
      Set(paths(.strict, files: ["/home/a/.config/vendor"]).keys) == [
        "/usr", "/etc", "/tmp", "/run/pcscd", "/home/a/work", "/home/a/work/lib.so", "/home/a/.config/vendor",
        "/proc/4242", "/proc/cpuinfo",
        "/dev/null", "/dev/bus", "/dev/hidraw0", "/dev/ttyUSB0",
      ])
  }

  @Test func rightsAreThoseOfTheKind() {
    // Executing and making devices are nobody's.
    let all = FileRule.Access.write.rights(isFolder: true)
    #expect(all & (1 | 1 << 6 | 1 << 11) == 0 && all & FileRule.rights(3) == all)
    #expect(FileRule.Access.write.rights(isFolder: false) == 1 << 1 | 1 << 2 | 1 << 14)
    #expect(FileRule.Access.read.rights(isFolder: false) == 1 << 2)
    #expect(FileRule.rights(1) == 0x1FFF && FileRule.rights(2) == 0x3FFF && FileRule.rights(7) == 0x7FFF)
  }

  @Test func environmentIsReduced() {
    func kept(_ sandbox: Sandbox, _ named: [String] = []) -> [String] {
      [
        "PATH", "LC_ALL", "SOFTHSM2_CONF", "SSH_AUTH_SOCK", "DISPLAY", "GITHUB_TOKEN", "https_proxy",
        "DBUS_SESSION_BUS_ADDRESS",
      ]
      .filter { LibraryEnvironment.keeps($0, sandbox, named: named) }
    }
    #expect(kept(.relaxed) == ["PATH", "LC_ALL", "SOFTHSM2_CONF"])
    #expect(kept(.strict) == ["PATH", "LC_ALL"])
    #expect(kept(.strict, ["SOFTHSM2_CONF"]) == ["PATH", "LC_ALL", "SOFTHSM2_CONF"])
    #expect(kept(.off).count == 8)
  }
}
