/// Shapes that PyTorch 2 and numpy computed for random attributes (seed 7), one case a line.
///
/// convolution, transposed: x, weights, strides, padding, dilations, groups, output padding, result.
/// pooling: x, window, strides, padding, dilations, ceil mode, nothing, result. matmul, broadcast: both operands, result.
/// slice: extent, start, end, step, the indices that are left.
enum ReferenceShapes {
  /// The cases of a kind, each as lists of numbers; "-" is an empty one.
  static func cases(_ kind: String) -> [[[Int]]] {
    table.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields[0] == kind else { return nil }
      return fields.dropFirst().map { $0 == "-" ? [] : $0.split(separator: ",").compactMap { Int($0) } }
    }
  }

  private static let table = """
    convolution 1,2,4,11 3,2,1,3 3,1 1,0 1,2 1 - 1,3,2,7
    convolution 2,1,3,12 1,1,1,2 3,3 0,3 1,1 1 - 2,1,1,6
    convolution 2,3,5 6,1,1 3 2 3 3 - 2,6,3
    convolution 1,1,8,4,11 3,1,1,1,2 2,3,3 3,2,3 3,2,2 1 - 1,3,7,3,5
    convolution 1,1,4,12 3,1,3,4 2,3 3,2 3,1 1 - 1,3,2,5
    convolution 2,9,8 6,3,4 3 3 1 3 - 2,6,4
    convolution 1,4,3 6,2,3 3 3 2 2 - 1,6,2
    convolution 1,6,10,8,5 4,3,1,4,1 1,2,1 1,3,3 2,1,1 2 - 1,4,12,6,11
    convolution 1,6,9,11 4,3,3,4 2,3 3,1 1,1 2 - 1,4,7,4
    convolution 2,1,12,12 2,1,3,2 3,3 0,3 3,3 1 - 2,2,2,5
    convolution 1,4,10,9 4,2,1,2 1,1 3,1 1,2 2 - 1,4,16,9
    convolution 1,1,11,4,8 1,1,1,1,2 3,2,1 2,2,2 2,1,1 1 - 1,1,5,4,11
    convolution 2,4,4,5 4,2,1,3 3,2 3,1 3,1 2 - 2,4,4,3
    convolution 1,6,11 3,2,3 3 0 3 3 - 1,3,2
    convolution 2,6,6,11 3,2,3,2 3,1 1,3 3,1 3 - 2,3,1,16
    convolution 1,6,3 6,2,3 2 2 1 3 - 1,6,3
    convolution 2,6,8,4,6 6,2,1,2,4 1,2,1 3,0,3 3,2,3 3 - 2,6,14,1,3
    convolution 1,3,10 6,1,2 2 2 1 3 - 1,6,7
    convolution 1,4,5,5,5 4,2,1,2,4 3,1,3 3,2,1 3,3,1 2 - 1,4,4,6,2
    convolution 1,3,11 3,3,2 2 1 1 1 - 1,3,6
    convolution 1,2,12 4,1,3 2 3 1 2 - 1,4,8
    convolution 2,6,11 6,2,2 3 1 3 3 - 2,6,4
    convolution 1,2,5,5,5 1,2,4,1,1 2,3,3 3,0,0 1,1,2 1 - 1,1,4,2,2
    convolution 2,6,11,6 6,3,3,2 2,1 3,0 2,2 2 - 2,6,7,4
    convolution 2,3,4,6 1,3,3,1 1,3 2,1 2,1 1 - 2,1,4,3
    convolution 2,3,10,5 1,3,2,2 3,2 3,2 2,1 1 - 2,1,5,4
    convolution 2,2,8,4 6,1,3,1 3,1 3,0 2,1 2 - 2,6,4,4
    convolution 1,2,4,7,4 1,2,4,1,3 3,2,2 1,0,1 1,1,2 1 - 1,1,1,4,1
    convolution 2,1,11 2,1,2 2 3 3 1 - 2,2,7
    convolution 1,2,9 1,2,3 1 1 1 1 - 1,1,9
    transposed 1,3,8,3,3 3,2,3,4,1 2,2,2 2,1,0 1,2,1 1 1,0,0 1,2,14,9,5
    transposed 2,2,4,4 2,2,1,1 2,1 0,1 1,2 2 0,1 2,4,7,3
    transposed 1,3,7,6 3,1,4,2 2,3 2,2 1,1 3 1,2 1,3,13,15
    transposed 1,9,2 9,3,4 2 0 2 3 0 1,9,9
    transposed 2,1,8,7,2 1,3,4,3,1 3,3,3 0,0,2 1,2,2 1 2,2,2 2,3,27,25,2
    transposed 1,9,8,1 9,1,4,3 3,1 2,0 2,2 3 2,1 1,3,26,6
    transposed 1,3,5 3,1,3 1 2 2 1 0 1,1,5
    transposed 2,2,7,1,3 2,2,1,4,4 2,2,3 0,1,1 2,2,1 2 1,0,1 2,4,14,5,9
    transposed 1,2,5,5 2,1,3,1 2,2 2,0 2,2 2 1,0 1,2,10,9
    transposed 2,1,3,4 1,3,3,4 3,2 0,1 2,1 1 2,1 2,3,13,9
    transposed 1,3,1,7,8 3,3,2,3,4 1,3,1 0,1,1 2,2,2 3 1,2,1 1,9,4,23,13
    transposed 2,3,7,2 3,2,2,2 1,1 2,1 1,2 3 0,1 2,6,4,3
    transposed 1,3,2,3 3,1,3,1 2,1 1,1 1,1 1 1,0 1,1,4,1
    transposed 2,9,5,6 9,1,1,4 2,3 1,0 1,1 3 1,0 2,3,8,19
    transposed 2,1,4,7,5 1,1,2,1,1 3,2,2 1,1,2 1,2,1 1 2,0,0 2,1,11,11,5
    transposed 1,9,1,4 9,2,4,4 1,2 0,2 2,2 3 0,1 1,6,7,10
    transposed 2,6,6 6,3,4 1 0 2 3 0 2,9,12
    transposed 1,2,4 2,2,4 1 1 2 2 0 1,4,8
    transposed 1,6,8,7,1 6,1,2,4,1 1,1,3 0,1,0 1,1,2 2 0,0,2 1,2,9,8,3
    transposed 1,1,3 1,2,4 1 1 2 1 1 1,2,8
    transposed 1,3,6 3,2,4 1 1 2 1 1 1,2,11
    transposed 2,6,1 6,1,4 1 1 1 3 0 2,3,2
    transposed 2,3,6,5 3,1,3,1 2,3 2,2 2,2 1 1,0 2,1,12,9
    transposed 1,9,4,2,8 9,1,4,4,3 2,2,1 1,0,0 2,1,1 3 1,1,0 1,3,12,7,10
    transposed 1,3,7,3 3,3,2,4 1,3 0,1 2,1 3 1,0 1,9,10,8
    transposed 1,6,2 6,1,4 2 2 2 2 0 1,2,5
    transposed 1,2,2 2,2,3 2 1 2 1 1 1,2,6
    transposed 2,6,4,3 6,1,2,2 1,2 2,0 2,1 3 1,1 2,3,3,7
    transposed 1,9,8 9,1,1 1 0 2 3 0 1,3,8
    transposed 1,2,8,8,2 2,1,4,1,4 3,3,1 2,2,0 1,2,2 2 1,1,1 1,2,22,19,9
    pooling 1,2,14,12 3,4 4,1 1,2 1,2 1 - 1,2,4,10
    pooling 1,1,4,9,10 2,3,2 1,4,3 0,1,0 1,1,2 0 - 1,1,3,3,3
    pooling 1,3,6,3 4,2 4,3 0,0 1,1 0 - 1,3,1,1
    pooling 1,3,8,4,9 4,3,4 3,2,4 1,1,1 2,1,1 0 - 1,3,2,2,2
    pooling 1,1,14 3 1 0 2 0 - 1,1,10
    pooling 1,3,14 1 2 0 2 1 - 1,3,7
    pooling 1,1,8 3 2 1 2 1 - 1,1,4
    pooling 2,3,10 2 3 0 2 1 - 2,3,4
    pooling 1,1,9 2 3 1 2 0 - 1,1,3
    pooling 1,3,3,13 3,4 1,3 1,2 2,2 1 - 1,3,1,5
    pooling 1,2,8,4 4,2 2,1 1,1 2,2 0 - 1,2,2,4
    pooling 1,1,5,7,12 4,4,3 1,2,4 0,2,0 1,1,1 1 - 1,1,2,5,3
    pooling 1,3,8,11 2,4 3,2 0,1 2,1 0 - 1,3,2,5
    pooling 1,3,5 4 1 0 1 1 - 1,3,2
    pooling 2,1,3,13 3,4 4,2 0,0 1,1 0 - 2,1,1,5
    pooling 1,1,5,3 1,1 2,2 0,0 2,1 1 - 1,1,3,2
    pooling 2,1,6 1 3 0 1 0 - 2,1,2
    pooling 1,1,14,8,6 4,3,2 4,4,4 2,0,0 2,1,2 0 - 1,1,3,2,1
    pooling 1,3,5,5 1,1 1,1 0,0 1,1 0 - 1,3,5,5
    pooling 1,3,13 1 1 0 1 1 - 1,3,13
    pooling 1,3,9 1 2 0 1 0 - 1,3,5
    pooling 1,3,4 3 4 0 1 0 - 1,3,1
    pooling 1,2,8,8,9 3,1,3 3,3,1 1,0,1 2,1,2 0 - 1,2,2,3,7
    pooling 1,2,10,14 1,2 1,3 0,1 1,1 1 - 1,2,10,5
    pooling 1,2,10 1 4 0 2 1 - 1,2,3
    pooling 2,3,5,7,6 2,4,2 1,1,4 0,2,1 2,1,2 1 - 2,3,3,8,2
    pooling 1,2,13,3,8 2,3,3 4,2,4 0,1,0 1,2,2 0 - 1,2,3,1,1
    pooling 2,1,10,10 3,2 2,3 1,0 1,2 1 - 2,1,6,4
    pooling 1,3,5,6,14 3,3,2 2,3,2 1,0,0 1,1,2 0 - 1,3,3,2,6
    pooling 2,3,7 4 3 0 1 0 - 2,3,2
    matmul 2,3 1,3,4 1,2,4
    matmul 4,3 3 4
    matmul 4,2 2,5 4,5
    matmul 2,2 2,2,1 2,2,1
    matmul 2 2,2 2
    matmul 1,3,2 2,2,1 2,3,1
    matmul 5,2 2,3 5,3
    matmul 5,4 1,3,4,1 1,3,5,1
    matmul 2,1 1,1,3 1,2,3
    matmul 5,3 3,3 5,3
    matmul 4,2 2,4 4,4
    matmul 4,2 2,5 4,5
    matmul 4,2 2,3 4,3
    matmul 4,3 3,2 4,2
    matmul 3,1,4,4 3,1,4,4 3,1,4,4
    matmul 3,3 3,5 3,5
    matmul 1,2,3 3,2 1,2,2
    matmul 2,4 4,5 2,5
    matmul 3,1 1,4 3,4
    matmul 4,1 1,4 4,4
    matmul 2,1 1,3 2,3
    matmul 4,4 4 4
    matmul 1,1,3,1 2,2,1,1 2,2,3,1
    matmul 3,3,1 1,3 3,3,3
    matmul 5,3 3,1 5,1
    matmul 2,3 3,4 2,4
    matmul 2,3 1,1,3,5 1,1,2,5
    matmul 1,3 3,1 1,1
    matmul 4 4,2 2
    matmul 4 1,4,1 1,1
    slice 1 -9 12 1 0
    slice 7 2 -10 -3 2
    slice 1 1 -12 -3 0
    slice 3 3 -12 -1 2,1,0
    slice 4 2 11 3 2
    slice 3 -11 -1 3 0
    slice 1 10 -11 -3 0
    slice 1 -12 8 3 0
    slice 2 0 -3 -1 0
    slice 6 -1 6 3 5
    slice 3 -9 -1 3 0
    slice 7 12 2 -1 6,5,4,3
    slice 6 -3 -4 -3 3
    slice 9 3 0 -2 3,1
    slice 4 0 6 2 0,2
    slice 9 6 -6 -2 6,4
    slice 5 -1 6 2 4
    slice 6 0 12 2 0,2,4
    slice 6 -9 -1 3 0,3
    slice 2 10 -10 -1 1,0
    slice 3 2 -7 -1 2,1,0
    slice 4 11 -5 -2 3,1
    slice 6 12 -12 -2 5,3,1
    slice 2 3 -2 -1 1
    slice 5 0 -9 -1 0
    slice 8 0 -7 1 0
    slice 8 10 -6 -3 7,4
    slice 2 2 -2 -1 1
    slice 1 -7 10 1 0
    slice 5 -2 -7 -1 3,2,1,0
    slice 8 -9 -2 1 0,1,2,3,4,5
    slice 5 12 -6 -1 4,3,2,1,0
    slice 7 -4 -5 -2 3
    slice 9 -2 4 -2 7,5
    slice 3 -1 1 -3 2
    slice 7 -6 -4 2 1
    slice 4 10 -7 -2 3,1
    slice 2 -10 7 3 0
    slice 8 12 -4 -2 7,5
    slice 4 -8 7 3 0,3
    broadcast 1 1 1
    broadcast 1,4,1 3,4,1 3,4,1
    broadcast 2,1 1,2,3 1,2,3
    broadcast 3 3 3
    broadcast 1 3 3
    broadcast 1,1 1 1,1
    broadcast 1,1 1 1,1
    broadcast 1,1 1,3 1,3
    broadcast 1 1 1
    broadcast 2,4 4 2,4
    broadcast 3 1,4,1,3 1,4,1,3
    broadcast 2,3,2 2,1,2 2,3,2
    broadcast 3 3 3
    broadcast 2,4 1 2,4
    broadcast 1,1 1,1,3 1,1,3
    broadcast 2,1 1 2,1
    broadcast 1 1 1
    broadcast 3 1,1,3 1,1,3
    broadcast 4,3,1 1 4,3,1
    broadcast 2 4,1,1,2 4,1,1,2
    """
}
