import Testing

@testable import DiagnosisKit

struct RedactorPlacesTests {
  /// libccid puts the serial that the key tells into its reader's name, and a key may tell anything.
  @Test(arguments: [
    ("Feitian ePass2003 (0437A1B2C3D4) 张三 00 0f", "Feitian ePass2003 (…) ＊＊ 00 0f"), ("Reader 00 01", "Reader 00 01"),
    ("A (b) (张三) 00", "A (…) ＊＊ 00"), ("海泰示例 1", "海泰示例 1"), ("A (张三", "A (…)"),
  ])
  func aReadersNameTellsNoSerial(_ name: String, _ shown: String) {
    #expect(Redactor.maskSerialOfReader(name) == shown)
  }

  @Test(arguments: [
    ("10.88.0.2", "10.88.＊.＊"), ("127.0.0.1:80", "127.0.0.1:80"), ("0.0.0.0", "0.0.0.0"), ("::1", "::1"),
    ("2001:db8::1", "2001:＊＊"), ("https_proxy: http://proxy.example-corp.cn:3128", "https_proxy: http://＊＊.cn:3128"),
    ("intranet.example-corp.cn,10.1.2.3", "＊＊.cn,10.1.＊.＊"), ("libgone.so", "libgone.so"), ("TLSv1.3", "TLSv1.3"),
  ])
  func addressesAndNamesOfComputersAreShortened(_ text: String, _ shown: String) {
    #expect(Redactor.maskAddress(text) == shown)
  }

  @Test(arguments: [
    ("/home/wang/投标-深圳市示例/libgone.so", "/home/＊＊/＊＊/libgone.so"), ("/usr/lib/x/liba.so", "/usr/lib/x/liba.so"),
    ("/home/wang/.pki/nssdb", "/home/＊＊/.pki/nssdb"), ("no path", "no path"),
  ])
  func foldersOfPeopleAreShortened(_ text: String, _ shown: String) { #expect(Redactor.maskPath(text) == shown) }

  @Test(arguments: [
    ("HTTP/1.1 403 Wang Mei 44", "HTTP/1.1 403 ＊＊"), ("220 mail.example", "＊＊"), ("", ""),
  ])
  func ofAnAnswerOnlyItsKindIsKept(_ text: String, _ shown: String) { #expect(Redactor.maskAnswer(text) == shown) }
}
