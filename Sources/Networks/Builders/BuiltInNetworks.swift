/// The one list of networks that need no file, in the order in which they are shown.
package enum BuiltInNetworks {
  /// The network of a name, or nil.
  package static func named(_ name: String) -> BuiltInNetwork? { all.first { $0.name == name } }

  package static var all: [BuiltInNetwork] {
    classifiers + smallClassifiers + imageToImage + language + tiny
  }

  private static var classifiers: [BuiltInNetwork] {
    let image = [3, 224, 224]
    return [
      network("lenet5", "LeNet-5, digits of 32 × 32 pixels", [1, 32, 32], LeNet()),
      network("alexnet", "AlexNet in one column, ImageNet", image, AlexNet()),
      network("vgg16", "VGG-16, ImageNet", image, VGG.vgg16),
      network("vgg19", "VGG-19, ImageNet", image, VGG.vgg19),
      network(
        "resnet18", "ResNet-18, ImageNet", image, ResNet(depths: [2, 2, 2, 2], hasBottlenecks: false)),
      network(
        "resnet34", "ResNet-34, ImageNet", image, ResNet(depths: [3, 4, 6, 3], hasBottlenecks: false)),
      network(
        "resnet50", "ResNet-50 v1.5, ImageNet", image, ResNet(depths: [3, 4, 6, 3], hasBottlenecks: true)),
      network(
        "resnet50-v1", "ResNet-50 as in its paper, ImageNet", image,
        ResNet(depths: [3, 4, 6, 3], hasBottlenecks: true, halving: .inFirst)),
      network(
        "resnet50-slim", "ResNet-50 of TensorFlow-Slim, ImageNet", image,
        ResNet(depths: [3, 4, 6, 3], hasBottlenecks: true, halving: .inLastBlock)),
      network(
        "resnet101-slim", "ResNet-101 of TensorFlow-Slim, ImageNet", image,
        ResNet(depths: [3, 4, 23, 3], hasBottlenecks: true, halving: .inLastBlock)),
      network("googlenet", "Inception v1 with 5 × 5 kernels, ImageNet", image, GoogLeNet(largeKernel: 5)),
      network("inception-v1", "Inception v1 with 3 × 3 kernels, ImageNet", image, GoogLeNet(largeKernel: 3)),
      network("inception-v3", "Inception v3, ImageNet", [3, 299, 299], InceptionV3()),
      network("inception-v4", "Inception v4, ImageNet", [3, 299, 299], InceptionV4()),
      network(
        "mobilenet-v1-0.25", "MobileNet 0.25, ImageNet", [3, 128, 128], MobileNetV1(width: 0.25)),
      network("mobilenet-v1", "MobileNet 1.0, ImageNet", image, MobileNetV1()),
      network("mobilenet-v2", "MobileNetV2 1.0, ImageNet", image, MobileNetV2()),
      network("mobilenet-v2-1.4", "MobileNetV2 1.4, ImageNet", image, MobileNetV2(width: 1.4)),
      network("mobilenet-v3-large", "MobileNetV3 large, ImageNet", image, MobileNetV3()),
      network("efficientnet-b0", "EfficientNet-B0, ImageNet", image, EfficientNet()),
      network("densenet121", "DenseNet-121, ImageNet", image, DenseNet.densenet121),
      network("squeezenet1.1", "SqueezeNet 1.1, ImageNet", image, SqueezeNet()),
      network("convnext-tiny", "ConvNeXt-T, ImageNet", image, ConvNeXt.tiny),
      network(
        "vit-b16", "Vision transformer, base, patches of 16, ImageNet", image, VisionTransformer.base16),
      network("swin-t", "Swin transformer, tiny, ImageNet", image, SwinTransformer.tiny),
    ]
  }

  /// Networks for images of 32 × 32 pixels and fewer, which a CPU trains.
  private static var smallClassifiers: [BuiltInNetwork] {
    let image = [3, 32, 32]
    return [
      network("convnet", "ConvNet of 3 blocks and 128 channels, CIFAR-10", image, ConvNet()),
      network("convnet-small", "ConvNet of 3 blocks and 32 channels, CIFAR-10", image, ConvNet(width: 32)),
      network("resnet20", "ResNet-20, CIFAR-10", image, SmallResNet(depth: 3)),
      network("resnet32", "ResNet-32, CIFAR-10", image, SmallResNet(depth: 5)),
      network("resnet56", "ResNet-56, CIFAR-10", image, SmallResNet(depth: 9)),
      network(
        "vit-cifar", "Vision transformer, 12 layers of 192 features, patches of 4, CIFAR-10", image,
        VisionTransformer.cifar),
      network(
        "darts-search", "Search network of DARTS, 8 cells of mixed edges, CIFAR-10", image, SearchNetwork()),
      network(
        "gcn-cora", "Graph convolution network of 2 layers for a graph of Cora's size", [2708, 1433],
        GraphConvolutionNetwork.cora),
    ]
  }

  private static var imageToImage: [BuiltInNetwork] {
    [
      network("unet", "U-Net of widths 64 to 1024, two classes", [3, 256, 256], UNet.classic),
      network("fsrcnn", "FSRCNN(56, 12, 4), twice the resolution", [1, 128, 128], FSRCNN()),
      network("edsr-baseline", "EDSR baseline, twice the resolution", [3, 128, 128], EDSR()),
      network("tiny-yolo", "YOLOv3-tiny up to its two detection maps, COCO", [3, 416, 416], TinyYOLO()),
      network(
        "tiny-yolo-voc", "YOLOv3-tiny up to its two detection maps, VOC", [3, 416, 416],
        TinyYOLO(classes: 20)),
      network(
        "yolov2-voc", "YOLOv2 up to its detection map, VOC", [3, 448, 448], YOLOv2(classes: 20)),
      network(
        "yolov3-voc", "YOLOv3 up to its three detection maps, VOC", [3, 416, 416], YOLOv3(classes: 20)),
    ]
  }

  private static var language: [BuiltInNetwork] {
    [
      network("bert-base", "BERT-base encoder, 128 tokens", [128], BERT()),
      network("gpt2-small", "GPT-2 small, a prompt of 128 tokens", [128], GPT2(decodes: false)),
      network(
        "gpt2-small-decode", "GPT-2 small, one token after 128 in the cache", [128], GPT2(decodes: true)),
    ]
  }

  private static var tiny: [BuiltInNetwork] {
    [
      network(
        "mlperf-tiny-ad", "MLPerf Tiny, anomaly detection by an autoencoder", [640],
        TinyBenchmark.anomalyDetection),
      network(
        "mlperf-tiny-ic", "MLPerf Tiny, image classification by a ResNet of 8 layers", [3, 32, 32],
        TinyBenchmark.imageClassification),
      network(
        "mlperf-tiny-kws", "MLPerf Tiny, keyword spotting by separable convolutions", [1, 49, 10],
        TinyBenchmark.keywordSpotting),
      network(
        "mlperf-tiny-vww", "MLPerf Tiny, visual wake words by MobileNet 0.25", [3, 96, 96],
        TinyBenchmark.visualWakeWords),
    ]
  }

  private static func network(
    _ name: String, _ sentence: String, _ inputShape: [Int], _ architecture: any NetworkArchitecture
  ) -> BuiltInNetwork {
    BuiltInNetwork(name: name, sentence: sentence, inputShape: inputShape, architecture: architecture)
  }
}
