#include "CKernels.h"
#include "clones.h"
#include "finish.h"
#include <string.h>

#pragma clang fp contract(fast)

// Stores `P` positions of 16 channels.
#define STORE(P)                                                                                    \
  {                                                                                                 \
    for (int q = 0; q < P; q++) {                                                                   \
      long at = (p + q) * c + i;                                                                    \
      if (f) jk_finish_vector(&sum[q], f, i, at);                                                   \
      *(v16 *)(out + at) = sum[q];                                                                  \
    }                                                                                               \
    p += P;                                                                                         \
  }

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
    STORE(P)                                                                                        \
  }

// The same for 3 × 3 taps side by side: each input is read once for a row of taps.
#define TILE3(P)                                                                                    \
  {                                                                                                 \
    v16 sum[P] = {0};                                                                               \
    for (long kh = 0; kh < 3; kh++) {                                                               \
      const float *in = x + p * c + kh * line, *k = weights + 3 * kh * c;                           \
      v16 a = *(const v16 *)k, b = *(const v16 *)(k + c), d = *(const v16 *)(k + 2 * c);            \
      v16 value[P + 2];                                                                             \
      for (int q = 0; q < P + 2; q++) value[q] = *(const v16 *)(in + q * c);                        \
      for (int q = 0; q < P; q++) sum[q] += a * value[q];                                           \
      for (int q = 0; q < P; q++) sum[q] += b * value[q + 1];                                       \
      for (int q = 0; q < P; q++) sum[q] += d * value[q + 2];                                       \
    }                                                                                               \
    STORE(P)                                                                                        \
  }

// Positions of one row of a padded image, `line` elements a row; channels in vectors.
JK_CLONES static void row(float *out, const float *padded, const float *all, const jk_window *w, long line,
                          const jk_finish *f) {
  long c = w->channels, step = w->stride_width * c;
  int is_near = w->kernel_height == 3 && w->kernel_width == 3 && step == c && w->dilation_height == 1 &&
                w->dilation_width == 1;
  for (long i = 0; i < c; i += 16) {
    const float *x = padded + i, *weights = all + i;
    for (long p = 0; p < w->out_width;) {
      long left = w->out_width - p;
      if (is_near) {
        if (left >= 7) TILE3(7)
        else if (left >= 4) TILE3(4)
        else TILE3(1)
      } else {
        if (left >= 7) TILE(7)
        else if (left >= 4) TILE(4)
        else TILE(1)
      }
    }
  }
}

void jk_depthwise_direct(float *y, const float *x, const float *weights, float *workspace, const jk_window *w,
                         long image, const jk_finish *finish) {
  long line = jk_pad_image(workspace, x, w, image) * w->channels;
  for (long oh = 0; oh < w->out_height; oh++) {
    long at = (image * w->out_height + oh) * w->out_width * w->channels;
    jk_finish part;
    if (finish) {
      part = *finish;
      if (part.addend) part.addend += at;
    }
    row(y + at, workspace + oh * w->stride_height * line, weights, w, line, finish ? &part : 0);
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
