#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ranges of bytes of files, read one at a time.
enum FileBytes {
  /// The length of a regular file, nil where there is none.
  static func length(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// The bytes in a range of a file, nil where they cannot be read.
  static func read(_ range: Range<Int>, of path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    guard fseek(file, range.lowerBound, SEEK_SET) == 0 else { return nil }
    var isComplete = true
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      count = fread(buffer.baseAddress, 1, range.count, file)
      isComplete = count == range.count
    }
    return isComplete ? bytes : nil
  }
}
