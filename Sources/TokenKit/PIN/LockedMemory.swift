internal import Base
internal import CLinux
internal import Failures
internal import Glibc

/// Pages of memory for secrets: of a kind that no other process can read where the kernel has it (`memfd_secret`), else
/// locked; left out of core dumps and forks, between two pages that nothing may touch, overwritten when it ends.
struct LockedMemory: ~Copyable {
  static var pageSize: Int { 4096 }

  let base: UnsafeMutableRawPointer
  /// Bytes.
  let size: Int

  /// - Throws: `UK-440` when no memory can be had or locked: a secret that might be swapped to disk is not accepted.
  init(pages: Int = 1) throws(Failure) {
    try Failure.mapping(.secretMemory, try Secrecy.begin())
    let size = pages * Self.pageSize
    let whole = size + 2 * Self.pageSize
    // One page before and one behind stay as they are here: whoever runs over the end is stopped there.
    guard let reserved = mmap(nil, whole, PROT_NONE, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0), reserved != MAP_FAILED
    else { throw Failure(.secretMemory, function: "mmap", number: .errno(errno)) }
    let page = reserved + Self.pageSize
    if !Self.placeSecret(page, size) {
      guard mprotect(page, size, PROT_READ | PROT_WRITE) == 0, mlock(page, size) == 0 else {
        let number = errno
        munmap(reserved, whole)
        throw Failure(.secretMemory, function: "mlock", number: .errno(number))
      }
      // The page is locked and wiped without it too; an old kernel may not know it.
      madvise(page, size, Int32(MADV_DONTDUMP))
    }
    madvise(page, size, Int32(MADV_DONTFORK))
    base = page
    self.size = size
  }

  /// Puts secret memory in the place of `size` bytes at `page`. - Returns: `false`, with nothing changed, where the kernel
  /// gives none.
  private static func placeSecret(_ page: UnsafeMutableRawPointer, _ size: Int) -> Bool {
    let descriptor = ukey_memfd_secret()
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    guard ftruncate(descriptor, size) == 0 else { return false }
    // It counts against the limit of locked memory and cannot be shared with anyone: the descriptor ends here.
    return mmap(page, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor, 0) == page
  }

  deinit {
    explicit_bzero(base, size)
    munmap(base - Self.pageSize, size + 2 * Self.pageSize)
  }

  /// Lets the memory live as long as the process.
  consuming func keep() -> UnsafeMutableRawPointer {
    let base = base
    discard self
    return base
  }

  func wipe() { explicit_bzero(base, size) }

  /// The byte at `index`, which is below ``size``.
  subscript(index: Int) -> UInt8 {
    get { base.load(fromByteOffset: index, as: UInt8.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: index, as: UInt8.self) }
  }

  /// The first `count` bytes, for as long as the memory lives.
  func bytes(_ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base, count: min(count, size))
  }
}
