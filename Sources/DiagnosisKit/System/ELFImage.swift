/// What an ELF file says of itself in its header, read before anyone loads it. Layout: System V ABI, elf(5).
struct ELFImage: Sendable, Equatable {
  /// 32 or 64.
  var bits: Int
  /// e_machine.
  var machine: UInt16

  /// `nil` when the bytes do not begin an ELF file of a known form.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 20, bytes[0] == 0x7F, bytes[1] == 0x45, bytes[2] == 0x4C, bytes[3] == 0x46 else { return nil }
    switch bytes[4] {
    case 1: bits = 32
    case 2: bits = 64
    default: return nil
    }
    let low = UInt16(bytes[18])
    let high = UInt16(bytes[19])
    switch bytes[5] {
    case 1: machine = low | high << 8
    case 2: machine = high | low << 8
    default: return nil
    }
  }

  /// `x86-64`, `aarch64`; the number for one not in this list.
  var text: String {
    switch machine {
    case 3: "x86 (32 bit)"
    case 8: "mips (\(bits) bit)"
    case 40: "arm (32 bit)"
    case 62: "x86-64"
    case 183: "aarch64"
    case 243: "riscv (\(bits) bit)"
    case 258: "loongarch (\(bits) bit)"
    default: "machine \(machine) (\(bits) bit)"
    }
  }

  func fits(_ other: ELFImage) -> Bool { bits == other.bits && machine == other.machine }
}
