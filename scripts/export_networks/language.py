"""Transformers for language: a BERT-base encoder and GPT-2-small with and without a cache."""

import math

import torch
from torch import nn


class Attention(nn.Module):
    """Multi-head attention, written out as the products that it consists of."""

    def __init__(self, width: int, heads: int, causal: bool):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.project = nn.Linear(width, width)

    def split(self, x):
        batch, tokens, width = x.shape
        return x.view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)

    def forward(self, x, past_key=None, past_value=None):
        query, key, value = (self.split(part(x)) for part in (self.query, self.key, self.value))
        if past_key is not None:
            key, value = torch.cat([past_key, key], dim=2), torch.cat([past_value, value], dim=2)
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        if self.causal and x.shape[1] > 1:
            mask = torch.ones(x.shape[1], key.shape[2], dtype=torch.bool).tril(key.shape[2] - x.shape[1])
            scores = torch.where(mask, scores, torch.finfo(scores.dtype).min)
        mixed = (scores.softmax(dim=-1) @ value).transpose(1, 2).flatten(2)
        return self.project(mixed), key, value


class EncoderLayer(nn.Module):
    """Normalisation behind each half, as in BERT."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.attention = Attention(width, heads, causal=False)
        self.attention_norm = nn.LayerNorm(width, eps=1e-12)
        self.expand, self.contract = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x):
        x = self.attention_norm(x + self.attention(x)[0])
        return self.norm(x + self.contract(nn.functional.gelu(self.expand(x))))


class BERT(nn.Module):
    """BERT-base encoder: 12 layers of width 768 (arXiv:1810.04805)."""

    def __init__(self, layers: int = 12, width: int = 768, heads: int = 12, vocabulary: int = 30522):
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(512, width)
        self.segments = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(EncoderLayer(width, heads) for _ in range(layers))

    def forward(self, input_ids, token_type_ids):
        places = torch.arange(input_ids.shape[1])
        x = self.words(input_ids) + self.positions(places) + self.segments(token_type_ids)
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x)
        return x


class DecoderLayer(nn.Module):
    """Normalisation before each half, as in GPT-2."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads, causal=True)
        self.norm = nn.LayerNorm(width)
        self.expand, self.contract = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, past_key=None, past_value=None):
        mixed, key, value = self.attention(self.attention_norm(x), past_key, past_value)
        x = x + mixed
        x = x + self.contract(nn.functional.gelu(self.expand(self.norm(x)), approximate="tanh"))
        return x, key, value


class GPT2(nn.Module):
    """GPT-2-small: 12 layers of width 768, the output matrix tied to the embedding; returns logits and caches."""

    def __init__(self, layers: int = 12, width: int = 768, heads: int = 12, vocabulary: int = 50257):
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(1024, width)
        self.layers = nn.ModuleList(DecoderLayer(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, input_ids, *past):
        start = past[0].shape[2] if past else 0
        places = torch.arange(start, start + input_ids.shape[1])
        x = self.words(input_ids) + self.positions(places)
        caches = []
        for index, layer in enumerate(self.layers):
            x, key, value = layer(x, *past[2 * index : 2 * index + 2])
            caches += [key, value]
        return (self.norm(x) @ self.words.weight.t(), *caches)
