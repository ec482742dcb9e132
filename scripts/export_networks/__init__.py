"""Writes the reference networks as ONNX files with PyTorch's two exporters."""
