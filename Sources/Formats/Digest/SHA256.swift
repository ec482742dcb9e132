import CCrypto

/// The SHA-256 of some bytes (FIPS 180-4) in lower-case hexadecimal digits.
package func sha256(of bytes: [UInt8]) -> String {
  var digest = [UInt8](repeating: 0, count: 32)
  var length: UInt32 = 0
  guard EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil) == 1 else {
    // One-shot digests of memory fail only where libcrypto itself was built without SHA-256.
    preconditionFailure("libcrypto cannot compute SHA-256")
  }
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
