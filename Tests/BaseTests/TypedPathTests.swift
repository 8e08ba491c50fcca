import Testing

@testable import Base

@Suite struct TypedPathTests {
  /// As terminals drop a file, as shells and file managers give its name.
  @Test(arguments: [
    ("/home/u/a.ukresp", "/home/u/a.ukresp"), ("  /home/u/a.ukresp ", "/home/u/a.ukresp"),
    ("'/home/u/a b.ukresp' ", "/home/u/a b.ukresp"), ("\"/home/u/a b.ukresp\"", "/home/u/a b.ukresp"),
    ("/home/u/a\\ b.ukresp ", "/home/u/a b.ukresp"), ("/home/u/a\\ ", "/home/u/a "),
    ("~/a\\(1\\).ukresp", "~/a(1).ukresp"),
    ("file:///home/u/a%20b.ukresp", "/home/u/a b.ukresp"), ("'file:///home/u/%E5%9B%9E.ukresp'", "/home/u/回.ukresp"),
    ("file://localhost/home/u/a", "/home/u/a"), ("'/home/u/it'\\''s'", "/home/u/it's"),
    ("回执.ukresp　", "回执.ukresp"), ("a\\b", "a\\b"), ("UKRSP2/00/%E5", "UKRSP2/00/%E5"), ("", ""), ("'", "'"), ("''", ""),
    ("file:///%", "/%"), ("file:///%zz%2", "/%zz%2"), ("/a\\", "/a\\"),
  ])
  func isWhatWasMeant(_ typed: String, _ path: String) {
    #expect(typedPath(typed) == path)
  }
}
