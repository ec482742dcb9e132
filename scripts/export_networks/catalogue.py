"""The networks by name: how to make each, its example inputs and the names of what enters and leaves."""

from dataclasses import dataclass, field
from typing import Callable

import torch

from . import language, vision


@dataclass
class Network:
    make: Callable[[], torch.nn.Module]
    inputs: dict[str, Callable[[], torch.Tensor]]
    outputs: list[str] = field(default_factory=lambda: ["output"])


def declare_torchvision_operators():
    """Lets torchvision load without its compiled operators, none of which these networks use."""
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        try:
            getattr(torch.ops.torchvision, name)
        except (AttributeError, RuntimeError):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return library


def image(*shape: int) -> dict[str, Callable[[], torch.Tensor]]:
    return {"input": lambda: torch.randn(*shape)}


def tokens(count: int, vocabulary: int) -> Callable[[], torch.Tensor]:
    return lambda: torch.randint(0, vocabulary, (1, count))


def classifier(name: str) -> Network:
    def make():
        import torchvision

        return getattr(torchvision.models, name)(weights=None)

    return Network(make, image(1, 3, 224, 224))


def caches(layers: int, length: int) -> dict[str, Callable[[], torch.Tensor]]:
    names = [f"past_{kind}_{layer}" for layer in range(layers) for kind in ("key", "value")]
    return {name: lambda: torch.randn(1, 12, length, 64) for name in names}


def present(layers: int) -> list[str]:
    return ["logits"] + [f"present_{kind}_{layer}" for layer in range(layers) for kind in ("key", "value")]


NETWORKS: dict[str, Network] = {
    "resnet18": classifier("resnet18"),
    "resnet50": classifier("resnet50"),
    "vgg16": classifier("vgg16"),
    "alexnet": classifier("alexnet"),
    "mobilenet-v2": classifier("mobilenet_v2"),
    "mobilenet-v3-large": classifier("mobilenet_v3_large"),
    "efficientnet-b0": classifier("efficientnet_b0"),
    "densenet121": classifier("densenet121"),
    "squeezenet1.1": classifier("squeezenet1_1"),
    "convnext-tiny": classifier("convnext_tiny"),
    "vit-b16": classifier("vit_b_16"),
    "swin-t": classifier("swin_t"),
    "unet": Network(vision.UNet, image(1, 3, 256, 256)),
    "fsrcnn": Network(vision.FSRCNN, image(1, 1, 128, 128)),
    "edsr-baseline": Network(vision.EDSR, image(1, 3, 128, 128)),
    "tiny-yolo": Network(vision.TinyDetector, image(1, 3, 416, 416), ["coarse", "fine"]),
    "bert-base": Network(
        language.BERT,
        {"input_ids": tokens(128, 30522), "token_type_ids": lambda: torch.zeros(1, 128, dtype=torch.int64)},
    ),
    "gpt2-small": Network(language.GPT2, {"input_ids": tokens(128, 50257)}, present(12)),
    "gpt2-small-decode": Network(
        language.GPT2, {"input_ids": tokens(1, 50257), **caches(12, 128)}, present(12)
    ),
}
