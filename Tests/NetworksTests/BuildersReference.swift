import Graphs
import Networks
import Testing

/// Built-in networks against figures that others published.
struct BuildersReference {
  /// A network's name, its parameters and its multiply-accumulate operations.
  ///
  /// Parameters: torchvision's model pages, Hugging Face, the papers. Operations: half of what PyTorch 2's
  /// `FlopCounterMode` counts for the same modules (plus 2 · 197² · 768 · 12 for the attention of vit-b16, which it
  /// leaves out); lenet5 and mobilenet-v1 from their papers' tables. Variants of ResNet-50 and -101, MobileNet 0.25 and the
  /// detectors were written in PyTorch, modified from torchvision's or after Darknet's configurations, and counted in the
  /// same way; Inception v4 and MobileNetV2 1.4 are timm's.
  static let figures: [(String, Int, Int)] = [
    ("lenet5", 61_706, 416_520),
    ("alexnet", 61_100_840, 714_188_480),
    ("vgg16", 138_357_544, 15_470_264_320),
    ("vgg19", 143_667_240, 19_632_062_464),
    ("resnet18", 11_689_512, 1_814_073_344),
    ("resnet34", 21_797_672, 3_663_761_408),
    ("resnet50", 25_557_032, 4_089_184_256),
    ("resnet50-v1", 25_557_032, 3_857_973_248),
    ("resnet50-slim", 25_557_032, 3_482_255_360),
    ("resnet101-slim", 44_549_160, 7_194_476_544),
    ("googlenet", 7_005_832, 1_582_671_872),
    ("inception-v1", 6_624_904, 1_498_376_192),
    ("inception-v3", 23_834_568, 5_713_216_096),
    ("inception-v4", 42_679_816, 12_253_974_624),
    ("mobilenet-v1-0.25", 470_072, 13_570_048),
    ("mobilenet-v1", 4_231_976, 568_740_352),
    ("mobilenet-v2", 3_504_872, 300_774_272),
    ("mobilenet-v2-1.4", 6_108_776, 582_195_824),
    ("mobilenet-v3-large", 5_483_032, 216_589_760),
    ("efficientnet-b0", 5_288_548, 385_814_752),
    ("densenet121", 7_978_856, 2_834_161_664),
    ("squeezenet1.1", 1_235_496, 349_151_936),
    ("convnext-tiny", 28_589_128, 4_455_531_264),
    ("vit-b16", 86_567_656, 16_848_500_736 + 2 * 197 * 197 * 768 * 12),
    ("swin-t", 28_288_354, 4_490_566_656),
    ("convnet", 320_010, 50_745_344),
    ("convnet-small", 24_714, 3_838_976),
    ("resnet20", 269_722, 40_551_040),
    ("resnet32", 464_154, 68_862_592),
    ("resnet56", 853_018, 125_485_696),
    ("vit-cifar", 5_362_762, 365_107_584),
    ("darts-search", 1_930_842, 300_255_744),
    ("gcn-cora", 1433 * 256 + 256 + 256 * 7 + 7, 2708 * (1433 * 256 + 256 * 7)),
    ("unet", 31_037_698, 48_171_581_440),
    ("fsrcnn", 12_809, 204_210_176),
    ("edsr-baseline", 1_369_859, 22_488_809_472),
    ("tiny-yolo", 8_852_366, 2_782_480_896),
    ("tiny-yolo-voc", 8_713_766, 2_735_755_776),
    ("yolov2-voc", 50_655_389, 17_025_519_616),
    ("yolov3-voc", 61_626_049, 32_713_987_072),
    ("bert-base", 108_891_648, 11_173_625_856),
    ("gpt2-small", 124_439_808, 16_114_089_984),
    ("gpt2-small-decode", 124_439_808, 125_909_760),
    ("mlperf-tiny-ad", 265_864, 264_192),
    ("mlperf-tiny-ic", 77_946, 12_501_632),
    ("mlperf-tiny-kws", 23_180, 2_656_768),
    ("mlperf-tiny-vww", 213_586, 7_489_664),
  ]

  @Test(arguments: figures)
  func `a network has the parameters and the arithmetic of its reference`(
    _ name: String, _ parameters: Int, _ macs: Int
  ) throws {
    let graph = try #require(BuiltInNetworks.named(name)).graph()
    #expect(graph.parameterCount == parameters)
    #expect(graph.macs == macs)
  }

  @Test func `every built-in network has a reference`() {
    #expect(BuiltInNetworks.all.map(\.name) == Self.figures.map(\.0))
  }

  /// The file `yolov3-tiny.weights` holds 8 858 734 numbers: the parameters and the running statistics.
  @Test func `the small detector has the weights of Darknet's file`() throws {
    let graph = try #require(BuiltInNetworks.named("tiny-yolo")).graph()
    #expect(graph.constants.reduce(0) { $0 + $1.type.count } == 8_858_734)
  }
}
