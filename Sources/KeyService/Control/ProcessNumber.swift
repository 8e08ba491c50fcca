internal import Glibc

enum ProcessNumber {
  static var own: Int { Int(getpid()) }
}
