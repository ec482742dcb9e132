import Foundation
import Networks
import Testing

/// Digests of files against the examples of FIPS 180-4.
struct FileDigestBehaviour {
  @Test(arguments: [
    ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func `a file has the digest of its bytes`(_ text: String, _ count: Int, _ digest: String) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "digest-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(String(repeating: text, count: count).utf8).write(to: file)
    #expect(FileDigest(path: file.path(percentEncoded: false)).hexadecimal == digest)
  }

  @Test func `a file that is not there has none`() {
    #expect(FileDigest(path: "/no/such/file").hexadecimal == nil)
  }
}
