// Loops over the taps of a window and over its positions.
#pragma once
#include "CKernels.h"

// Calls the body for each tap inside the image, with the place of its pixel and of its weights; `n`, `od`, `oh`, `ow` say which
// position it is.
#define EACH_TAP(...)                                                                                    \
  for (long kd = 0; kd < w->kernel_depth; kd++) {                                                        \
    long d = od * w->stride_depth + kd * w->dilation_depth - w->padding_depth;                           \
    if (d < 0 || d >= w->depth) continue;                                                                \
    for (long kh = 0; kh < w->kernel_height; kh++) {                                                     \
      long h = oh * w->stride_height + kh * w->dilation_height - w->padding_height;                      \
      if (h < 0 || h >= w->height) continue;                                                             \
      for (long kw = 0; kw < w->kernel_width; kw++) {                                                    \
        long v = ow * w->stride_width + kw * w->dilation_width - w->padding_width;                       \
        if (v < 0 || v >= w->width) continue;                                                            \
        long pixel = (((n * w->depth + d) * w->height + h) * w->width + v) * c;                          \
        long tap = ((kd * w->kernel_height + kh) * w->kernel_width + kw) * c;                            \
        __VA_ARGS__                                                                                      \
      }                                                                                                  \
    }                                                                                                    \
  }

// Each position of some rows of all images.
#define EACH_POSITION(first_row, rows)                                                                            \
  for (long r = first_row, n, od, oh; r < (first_row) + (rows); r++)                                              \
    if (n = r / (w->out_depth * w->out_height), od = r / w->out_height % w->out_depth, oh = r % w->out_height, 1) \
      for (long ow = 0; ow < w->out_width; ow++)
