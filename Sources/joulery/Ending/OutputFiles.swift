import FoundationEssentials
import Glibc

/// The files a command writes: all of them appear complete under their names, or none does.
///
/// Each is written beside its place under a temporary name and renamed once all are complete. What is not a regular
/// file (a pipe, `/dev/stdout`) is written straight through.
struct OutputFiles: ~Copyable {
  private struct Output {
    var path: String
    var temporary: String?
    var descriptor: Int32
  }

  private let interruption: Interruption
  private var outputs: [Output] = []
  private var isCommitted = false

  init(interruption: Interruption) { self.interruption = interruption }

  deinit {
    for output in outputs where !isCommitted {
      close(output.descriptor)
      if let temporary = output.temporary {
        unlink(temporary)
        interruption.release(temporary)
      }
    }
  }

  /// Checks before any work that files can be written at the paths, and that no two are the same.
  static func check(_ paths: [String?]) throws {
    let given = paths.compactMap { $0 }
    for (index, path) in given.enumerated() {
      if given[..<index].contains(path) {
        throw Failure(.usage, "\(path): found as the path of two outputs, expected one each")
      }
      var isDirectory = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory {
        throw Failure(.usage, "\(path): found a folder, expected the path of a file to write")
      }
      let folder = folder(of: path)
      guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory else {
        throw Failure(
          .notFound,
          "\(path): found no folder '\(folder)', expected one to write into; try mkdir -p '\(folder)'")
      }
      if access(path, F_OK) == 0 ? access(path, W_OK) != 0 : access(folder, W_OK) != 0 {
        throw Failure(.output, "\(path): found no permission to write, expected it; choose another path")
      }
    }
  }

  /// Writes a whole text.
  mutating func add(_ text: String, at path: String) throws {
    try add(at: path) { try $0(Array(text.utf8)) }
  }

  /// Writes a file piece by piece: `produce` is given a function that takes the next bytes.
  mutating func add(at path: String, _ produce: ((@escaping ([UInt8]) throws -> Void)) throws -> Void) throws
  {
    let output = try open(path)
    outputs.append(output)
    try produce { bytes in try Self.write(bytes, to: output) }
  }

  /// Gives all files their names.
  consuming func commit() throws {
    for output in outputs where output.temporary != nil {
      guard fsync(output.descriptor) == 0 else { throw Self.failure(output.path) }
    }
    isCommitted = true
    for output in outputs {
      close(output.descriptor)
      guard let temporary = output.temporary else { continue }
      guard rename(temporary, output.path) == 0 else {
        let failure = Self.failure(output.path)
        for output in outputs { if let temporary = output.temporary { unlink(temporary) } }
        throw failure
      }
      interruption.release(temporary)
    }
  }

  private func open(_ path: String) throws -> Output {
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Self.failure(path) }
      return Output(path: path, temporary: nil, descriptor: descriptor)
    }
    // A link keeps pointing at its file: the file behind it is replaced.
    let target =
      exists
      ? realpath(path, nil).map { pointer in
        defer { free(pointer) }
        return String(cString: pointer)
      } ?? path : path
    let temporary = "\(target).\(getpid()).tmp"
    interruption.protect(temporary)
    let descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      interruption.release(temporary)
      throw Self.failure(path)
    }
    return Output(path: target, temporary: temporary, descriptor: descriptor)
  }

  private static func write(_ bytes: [UInt8], to output: Output) throws {
    try bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = Glibc.write(
          output.descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw failure(output.path) }
        rest = rest.dropFirst(count)
      }
    }
  }

  private static func failure(_ path: String) -> Failure {
    Failure(.output, "\(path): cannot be written: \(String(cString: strerror(errno)))")
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
