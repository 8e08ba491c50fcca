internal import Base
internal import CLinux
package import CertificateKit
package import Failures
internal import Glibc

/// A vendor's library on this machine.
package struct LibraryFile: Sendable, Hashable {
  package var path: String
  package var kind: LibraryKind
  /// Nanoseconds a call may take, from the configuration; `nil`: the usual ones.
  package var limit: Duration?
  /// How far it is kept to itself.
  package var sandbox = Sandbox.relaxed
  /// Where in its field an SKF library wants the private key of an encryption pair (ENVELOPEDKEYBLOB, GM/T 0016).
  package var pairAlignment = EnvelopedKey.Alignment.right
  /// Named for it in the configuration: what it may read and write in a strict sandbox too, and environment variables that
  /// it gets.
  package var files: [String] = []
  package var variables: [String] = []
  /// p11-kit's list says that it holds what is trusted, not keys: used only when it is named.
  package var isTrustPolicy = false
  /// Why it is looked at: the command line, the configuration, a maker's known path, p11-kit's list.
  package var origin: Origin

  package enum Origin: String, Sendable {
    case commandLine
    case configuration
    case knownPath
    case p11Kit
  }

  package init(path: String, kind: LibraryKind, limit: Duration? = nil, origin: Origin = .commandLine) {
    self.path = path
    self.kind = kind
    self.limit = limit
    self.origin = origin
  }

  /// As on the command line: `skf:/usr/lib/libes_3000gm.so`.
  package var provider: String { kind.rawValue + ":" + path }

  /// The file's name without its folder.
  package var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Reads the ELF header before anything is loaded: a library for another machine is a common fault, and the loader's
  /// own message does not say which one it is for.
  ///
  /// - Throws: `UK-614` when another user could have written it, `UK-230` when it cannot be read, `UK-238` when it is no shared library, `UK-231` when it is for another machine.
  package func check() throws(Failure) -> ELFHeader {
    try Failure.checkTrust(path, missing: .libraryNotLoaded)
    let beginning = try Failure.mapping(.libraryNotLoaded, try readBeginning(of: path, limit: 20))
    guard let header = ELFHeader(beginning) else {
      throw Failure(.libraryNotELF, function: "ELF", context: Self.looks(beginning) + path)
    }
    if let own = ELFHeader.own, header != own {
      throw Failure(.libraryArchitecture, function: "ELF", context: header.text + " · " + path)
    }
    return header
  }

  /// What the beginning of a file says it is, as far as that helps.
  private static func looks(_ bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "0 B · " }
    if bytes.starts(with: [0x4D, 0x5A]) { return "Windows DLL · " }
    if bytes.starts(with: [0xCF, 0xFA, 0xED, 0xFE]) { return "macOS · " }
    return ""
  }
}

/// The part of an ELF header that decides whether this process can load it (System V ABI, chapter 4).
package struct ELFHeader: Sendable, Equatable {
  /// 32 or 64.
  package var bits: Int
  package var isLittleEndian: Bool
  /// `e_machine`.
  package var machine: UInt16

  /// `nil` when the bytes do not begin with an ELF header of a known class and byte order.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= 20, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]), (1...2).contains(bytes[4]),
      (1...2).contains(bytes[5])
    else { return nil }
    bits = bytes[4] == 1 ? 32 : 64
    isLittleEndian = bytes[5] == 1
    machine =
      isLittleEndian ? UInt16(bytes[18]) | UInt16(bytes[19]) << 8 : UInt16(bytes[19]) | UInt16(bytes[18]) << 8
  }

  /// Of this program, as it lies in memory: right on every machine it was built for. Its file need not be readable (it
  /// is installed for running only). The program headers stand right behind the header; `nil` where they do not.
  package static let own: ELFHeader? = {
    let size = MemoryLayout<UInt>.size == 8 ? 64 : 52
    let headers = Int(bitPattern: UInt(ukey_program_headers()))
    guard headers > size, let start = UnsafeRawPointer(bitPattern: headers - size) else { return nil }
    return ELFHeader([UInt8](UnsafeRawBufferPointer(start: start, count: 20)))
  }()

  /// `64-bit x86_64`.
  package var text: String {
    let name =
      switch machine {
      case 3: "x86"
      case 8: "mips"
      case 20: "ppc"
      case 21: "ppc64"
      case 40: "arm"
      case 62: "x86_64"
      case 183: "aarch64"
      case 243: "riscv"
      case 258: "loongarch"
      default: "machine \(machine)"
      }
    return "\(bits)-bit \(name)" + (isLittleEndian ? "" : " big-endian")
  }
}
