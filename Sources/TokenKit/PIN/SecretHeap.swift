internal import CSecretHeap

/// The pages for the expanded keys of ciphers; see `CSecretHeap.h`.
enum SecretHeap {
  private static let pages = 4

  private static let isGiven: Bool = {
    // Where there is none to be had, a PIN has none either, and that is told where the PIN is made.
    guard let memory = try? LockedMemory(pages: pages) else { return false }
    let size = memory.size
    ukey_secret_heap_give(memory.keep(), size)
    return true
  }()

  /// Once for the life of the process; to be called before `ukey_secret_heap_enter`.
  static func prepare() { _ = isGiven }
}
