import CCrypto
import Dispatch
import FoundationEssentials
import Synchronization

/// The SHA-256 of a file, computed on another thread while the file is being used.
///
/// The thread reads the file in pieces of its own, so the bytes never stay in memory.
package final class FileDigest: Sendable {
  private let group = DispatchGroup()
  private let result = Mutex<String?>(nil)

  package init(path: String) {
    DispatchQueue.global(qos: .userInitiated).async(group: group) { [self] in
      let digest = Self.sha256(path: path)
      result.withLock { $0 = digest }
    }
  }

  /// Lower-case hexadecimal digits, nil where the file cannot be read; waits until they are known.
  package var hexadecimal: String? {
    group.wait()
    return result.withLock { $0 }
  }

  private static func sha256(path: String) -> String? {
    guard let file = fopen(path, "rb"), let context = EVP_MD_CTX_new() else { return nil }
    defer {
      fclose(file)
      EVP_MD_CTX_free(context)
    }
    setvbuf(file, nil, _IONBF, 0)
    guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { return nil }
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      if count == 0 { break }
      guard EVP_DigestUpdate(context, piece, count) == 1 else { return nil }
    }
    guard ferror(file) == 0 else { return nil }
    var digest = [UInt8](repeating: 0, count: 32)
    guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else { return nil }
    return hexadecimal(digest)
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
