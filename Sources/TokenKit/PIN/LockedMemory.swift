internal import Failures
internal import Glibc

/// Pages of memory for secrets: locked, left out of core dumps and forks, overwritten when it ends.
struct LockedMemory: ~Copyable {
  static var pageSize: Int { 4096 }

  let base: UnsafeMutableRawPointer
  /// Bytes.
  let size: Int

  /// - Throws: `UK-440` when no memory can be had or locked: a secret that might be swapped to disk is not accepted.
  init(pages: Int = 1) throws(Failure) {
    try Secrecy.begin()
    let size = pages * Self.pageSize
    guard
      let page = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0),
      page != MAP_FAILED
    else { throw Failure(.secretMemory, function: "mmap", number: .errno(errno)) }
    guard mlock(page, size) == 0 else {
      let number = errno
      munmap(page, size)
      throw Failure(.secretMemory, function: "mlock", number: .errno(number))
    }
    // Without these two the page is still locked and wiped; an old kernel may not know them.
    madvise(page, size, Int32(MADV_DONTDUMP))
    madvise(page, size, Int32(MADV_DONTFORK))
    base = page
    self.size = size
  }

  deinit {
    explicit_bzero(base, size)
    munmap(base, size)
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
