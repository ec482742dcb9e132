"""Networks that torchvision does not have: segmentation, super-resolution, detection."""

import torch
from torch import nn


class DoubleConvolution(nn.Sequential):
    def __init__(self, inputs: int, outputs: int):
        layers = []
        for channels in (inputs, outputs):
            layers += [
                nn.Conv2d(channels, outputs, 3, padding=1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(inplace=True),
            ]
        super().__init__(*layers)


class UNet(nn.Module):
    """U-Net with padded convolutions: base 64 channels, four downsamplings, two classes (arXiv:1505.04597)."""

    def __init__(self, base: int = 64, depth: int = 4, classes: int = 2):
        super().__init__()
        widths = [base << level for level in range(depth + 1)]
        self.first = DoubleConvolution(3, base)
        self.down = nn.ModuleList(DoubleConvolution(a, b) for a, b in zip(widths, widths[1:]))
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(b, a, 2, stride=2) for a, b in reversed(list(zip(widths, widths[1:])))
        )
        self.merge = nn.ModuleList(DoubleConvolution(2 * a, a) for a in reversed(widths[:-1]))
        self.last = nn.Conv2d(base, classes, 1)

    def forward(self, image):
        skips = [self.first(image)]
        for stage in self.down:
            skips.append(stage(nn.functional.max_pool2d(skips[-1], 2)))
        x = skips.pop()
        for up, merge in zip(self.up, self.merge):
            x = merge(torch.cat([skips.pop(), up(x)], dim=1))
        return self.last(x)


class FSRCNN(nn.Module):
    """Fast super-resolution network: d = 56, s = 12, m = 4, ×2 (arXiv:1608.00367)."""

    def __init__(self, d: int = 56, s: int = 12, m: int = 4, scale: int = 2):
        super().__init__()
        layers = [nn.Conv2d(1, d, 5, padding=2), nn.PReLU(d), nn.Conv2d(d, s, 1), nn.PReLU(s)]
        for _ in range(m):
            layers += [nn.Conv2d(s, s, 3, padding=1), nn.PReLU(s)]
        layers += [nn.Conv2d(s, d, 1), nn.PReLU(d)]
        layers += [nn.ConvTranspose2d(d, 1, 9, stride=scale, padding=4, output_padding=scale - 1)]
        self.layers = nn.Sequential(*layers)

    def forward(self, image):
        return self.layers(image)


class ResidualBlock(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return x + self.second(torch.relu(self.first(x)))


class EDSR(nn.Module):
    """EDSR baseline: 16 blocks of 64 channels, ×2 by pixel shuffle (arXiv:1707.02921)."""

    def __init__(self, blocks: int = 16, channels: int = 64, scale: int = 2):
        super().__init__()
        self.head = nn.Conv2d(3, channels, 3, padding=1)
        self.body = nn.Sequential(
            *[ResidualBlock(channels) for _ in range(blocks)], nn.Conv2d(channels, channels, 3, padding=1)
        )
        self.tail = nn.Sequential(
            nn.Conv2d(channels, channels * scale * scale, 3, padding=1),
            nn.PixelShuffle(scale),
            nn.Conv2d(channels, 3, 3, padding=1),
        )

    def forward(self, image):
        x = self.head(image)
        return self.tail(x + self.body(x))


class DetectorConvolution(nn.Sequential):
    def __init__(self, inputs: int, outputs: int, kernel: int):
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False),
            nn.BatchNorm2d(outputs),
            nn.LeakyReLU(0.1),
        )


class TinyDetector(nn.Module):
    """A detector of YOLOv3-tiny's layout: two heads of 255 channels at strides 32 and 16 (arXiv:1804.02767)."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.ModuleList(
            DetectorConvolution(a, b, 3) for a, b in zip((3, 16, 32, 64, 128), (16, 32, 64, 128, 256))
        )
        self.deep = DetectorConvolution(256, 512, 3)
        self.deeper = DetectorConvolution(512, 1024, 3)
        self.neck = DetectorConvolution(1024, 256, 1)
        self.coarse = nn.Sequential(DetectorConvolution(256, 512, 3), nn.Conv2d(512, 255, 1))
        self.lateral = DetectorConvolution(256, 128, 1)
        self.fine = nn.Sequential(DetectorConvolution(384, 256, 3), nn.Conv2d(256, 255, 1))

    def forward(self, image):
        x = image
        for stage in self.trunk[:-1]:
            x = nn.functional.max_pool2d(stage(x), 2)
        route = self.trunk[-1](x)
        x = self.deep(nn.functional.max_pool2d(route, 2))
        # The last pooling keeps its extents: stride 1 behind one more column and row of padding.
        x = nn.functional.max_pool2d(nn.functional.pad(x, (0, 1, 0, 1), value=float("-inf")), 2, stride=1)
        x = self.neck(self.deeper(x))
        upsampled = nn.functional.interpolate(self.lateral(x), scale_factor=2.0, mode="nearest")
        return self.coarse(x), self.fine(torch.cat([upsampled, route], dim=1))
