#include "CKernels.h"
#include "clones.h"
#include <string.h>

typedef float v16 __attribute__((vector_size(64), aligned(4)));

#pragma clang fp contract(fast)

// `P` neighbouring positions of 16 channels, held in registers over all taps.
#define TILE(P)                                                                                     \
  {                                                                                                 \
    v16 sum[P] = {0};                                                                               \
    const float *k = weights;                                                                       \
    for (long kh = 0; kh < w->kernel_height; kh++) {                                                \
      const float *in = x + p * step + kh * w->dilation_height * line;                              \
      for (long kw = 0; kw < w->kernel_width; kw++, k += c, in += w->dilation_width * c) {          \
        v16 tap = *(const v16 *)k;                                                                  \
        for (int q = 0; q < P; q++) sum[q] += tap * *(const v16 *)(in + q * step);                  \
      }                                                                                             \
    }                                                                                               \
    for (int q = 0; q < P; q++) *(v16 *)(y + (p + q) * c) = sum[q];                                 \
    p += P;                                                                                         \
  }

// Positions of one row of a padded image, `line` elements a row; channels in vectors.
JK_CLONES static void row(float *out, const float *padded, const float *all, const jk_window *w, long line) {
  long c = w->channels, step = w->stride_width * c;
  for (long i = 0; i < c; i += 16) {
    const float *x = padded + i, *weights = all + i;
    float *y = out + i;
    for (long p = 0; p < w->out_width;) {
      if (w->out_width - p >= 8) TILE(8)
      else if (w->out_width - p >= 4) TILE(4)
      else TILE(1)
    }
  }
}

void jk_depthwise_direct(float *y, const float *x, const float *weights, float *workspace, const jk_window *w,
                         long image) {
  long line = jk_pad_image(workspace, x, w, image) * w->channels;
  for (long oh = 0; oh < w->out_height; oh++) {
    row(y + (image * w->out_height + oh) * w->out_width * w->channels, workspace + oh * w->stride_height * line,
        weights, w, line);
  }
}

// Products of gradients with the inputs under `T` neighbouring taps over an image, two positions at once.
#define SUMS(T)                                                                                     \
  {                                                                                                 \
    v16 even[T] = {0}, odd[T] = {0};                                                                \
    for (long oh = 0; oh < w->out_height; oh++) {                                                   \
      const float *in = x + (oh * w->stride_height + kh * w->dilation_height) * line + kw * tap;    \
      const float *from = g + oh * w->out_width * c;                                                \
      long ow = 0;                                                                                  \
      for (; ow + 2 <= w->out_width; ow += 2, in += 2 * step, from += 2 * c) {                      \
        v16 a = *(const v16 *)from, b = *(const v16 *)(from + c);                                   \
        for (int t = 0; t < T; t++) {                                                               \
          even[t] += a * *(const v16 *)(in + t * tap);                                              \
          odd[t] += b * *(const v16 *)(in + step + t * tap);                                        \
        }                                                                                           \
      }                                                                                             \
      if (ow < w->out_width) {                                                                      \
        v16 a = *(const v16 *)from;                                                                 \
        for (int t = 0; t < T; t++) even[t] += a * *(const v16 *)(in + t * tap);                    \
      }                                                                                             \
    }                                                                                               \
    for (int t = 0; t < T; t++) {                                                                   \
      float *to = weights + (kh * w->kernel_width + kw + t) * c + i;                                \
      *(v16 *)to = *(v16 *)to + (even[t] + odd[t]);                                                 \
    }                                                                                               \
    kw += T;                                                                                        \
  }

JK_CLONES static void weight_sums(float *weights, const float *padded, const float *gradient, const jk_window *w,
                                  long line) {
  long c = w->channels, step = w->stride_width * c, tap = w->dilation_width * c;
  for (long i = 0; i < c; i += 16) {
    const float *x = padded + i, *g = gradient + i;
    for (long kh = 0; kh < w->kernel_height; kh++)
      for (long kw = 0; kw < w->kernel_width;) {
        if (w->kernel_width - kw >= 5) SUMS(5)
        else if (w->kernel_width - kw >= 3) SUMS(3)
        else SUMS(1)
      }
  }
}

void jk_depthwise_direct_weights(float *weights, const float *x, const float *g, float *workspace, const jk_window *w,
                                 long image) {
  long line = jk_pad_image(workspace, x, w, image) * w->channels;
  weight_sums(weights, workspace, g + image * w->out_height * w->out_width * w->channels, w, line);
}
