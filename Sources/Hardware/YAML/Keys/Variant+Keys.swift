import Formats
import Records

extension Variant {
  /// A mapping from names to mappings from keys to values.
  static let codec: Codec<[Variant]> = {
    let settings = Shape.table(keys: nil, allRequired: false, .text)
    let shape = Shape.table(keys: nil, allRequired: false, settings)
    let element = Codec<[Setting]>(
      settings,
      decode: { node, decoding in
        decoding.rows(in: node, shape: settings, keys: nil, .text)?.map {
          Setting(key: $0.key, value: $0.value)
        }
      },
      encode: { .unplaced(.mapping($0.map { YAMLNode.entry($0.key, Codec.text.encode($0.value)) })) })
    return Codec(
      shape,
      decode: { node, decoding in
        decoding.rows(in: node, shape: shape, keys: nil, element)?.map {
          Variant(name: $0.key, settings: $0.value)
        }
      },
      encode: { variants in
        .unplaced(.mapping(variants.map { YAMLNode.entry($0.name, element.encode($0.settings)) }))
      })
  }()
}
