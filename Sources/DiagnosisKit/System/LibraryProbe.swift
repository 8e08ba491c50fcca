import Failures
import Glibc
import TokenKit

/// The body of the process that loads a vendor library for a look, so that a crash or hang there stays there.
package enum LibraryProbe {
  /// What a library must export: each way in as a set of names that belong together.
  static let ways: [(interface: LibraryKind, names: [String])] = [
    (.skf, ["SKF_EnumDev", "SKF_ConnectDev", "SKF_EnumApplication", "SKF_OpenApplication", "SKF_ExportCertificate"]),
    // Some makers export only the table of functions.
    (.skf, ["SKF_GetFuncList"]),
    (.pkcs11, ["C_GetFunctionList"]),
  ]

  /// Loads the library, prints one line a known export, and ends: 0, or 3 with the loader's words.
  package static func run(_ path: String) -> Int32 {
    do throws(Failure) {
      try Failure.checkTrust(path, missing: .libraryNotLoaded)
    } catch {
      print("error " + error.description)
      return 3
    }
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      print("error " + (dlerror().map { String(cString: $0) } ?? ""))
      return 3
    }
    for name in ways.flatMap(\.names) where dlsym(handle, name) != nil { print("export " + name) }
    // Without its destructors: they are the library's own affair, and we have what we want.
    fflush(nil)
    _exit(0)
  }

  static func exports(in output: String) -> Set<String> {
    let known = Set(ways.flatMap(\.names))
    return Set(
      output.split(separator: "\n").compactMap { line in
        line.hasPrefix("export ") ? String(line.dropFirst(7)) : nil
      }
    ).intersection(known)
  }

  static func suffices(_ exports: Set<String>, _ interface: LibraryKind?) -> Bool {
    ways.contains { way in (interface == nil || interface == way.interface) && exports.isSuperset(of: way.names) }
  }
}
