#include "CKernels.h"
#include "clones.h"
#include "taps.h"
#include <string.h>

JK_CLONES void jk_patches(float *y, const float *x, const jk_window *w, long first, long pixels) {
  long area = w->out_height * w->out_width, volume = w->out_depth * area;
  long g = w->group_channels;
  for (long p = first; p < first + pixels; p++) {
    long n = p / volume, od = p % volume / area, oh = p % area / w->out_width, ow = p % w->out_width;
    const float *image = x + n * w->depth * w->height * w->width * w->channels + w->group_start;
    for (long kd = 0; kd < w->kernel_depth; kd++) {
      long d = od * w->stride_depth + kd * w->dilation_depth - w->padding_depth;
      for (long kh = 0; kh < w->kernel_height; kh++) {
        long h = oh * w->stride_height + kh * w->dilation_height - w->padding_height;
        int inside = d >= 0 && d < w->depth && h >= 0 && h < w->height;
        const float *line = image + (d * w->height + h) * w->width * w->channels;
        long left = ow * w->stride_width - w->padding_width;
        // Neighbouring taps of all channels are one run of memory.
        if (inside && g == w->channels && w->dilation_width == 1 && left >= 0
            && left + w->kernel_width <= w->width) {
          const float *source = line + left * w->channels;
          long run = w->kernel_width * g;
          for (long i = 0; i < run; i++) y[i] = source[i];
          y += run;
          continue;
        }
        for (long kw = 0; kw < w->kernel_width; kw++) {
          long v = left + kw * w->dilation_width;
          if (inside && v >= 0 && v < w->width) {
            const float *source = line + v * w->channels;
            for (long i = 0; i < g; i++) y[i] = source[i];
          } else {
            for (long i = 0; i < g; i++) y[i] = 0;
          }
          y += g;
        }
      }
    }
  }
}

JK_CLONES void jk_add_patches(float *x, const float *y, const jk_window *w, long first_image, long images) {
  long area = w->out_height * w->out_width, volume = w->out_depth * area;
  long g = w->group_channels;
  for (long p = first_image * volume; p < (first_image + images) * volume; p++) {
    long n = p / volume, od = p % volume / area, oh = p % area / w->out_width, ow = p % w->out_width;
    float *image = x + n * w->depth * w->height * w->width * w->channels + w->group_start;
    for (long kd = 0; kd < w->kernel_depth; kd++) {
      long d = od * w->stride_depth + kd * w->dilation_depth - w->padding_depth;
      for (long kh = 0; kh < w->kernel_height; kh++) {
        long h = oh * w->stride_height + kh * w->dilation_height - w->padding_height;
        int inside = d >= 0 && d < w->depth && h >= 0 && h < w->height;
        float *line = image + (d * w->height + h) * w->width * w->channels;
        for (long kw = 0; kw < w->kernel_width; kw++) {
          long v = ow * w->stride_width + kw * w->dilation_width - w->padding_width;
          if (inside && v >= 0 && v < w->width) {
            float *target = line + v * w->channels;
            for (long i = 0; i < g; i++) target[i] += y[i];
          }
          y += g;
        }
      }
    }
  }
}

JK_CLONES void jk_depthwise(float *y, const float *x, const float *weights, const jk_window *w, long first_row,
                            long rows) {
  long c = w->channels;
  for (long r = first_row; r < first_row + rows; r++) {
    long n = r / (w->out_depth * w->out_height), od = r / w->out_height % w->out_depth, oh = r % w->out_height;
    for (long ow = 0; ow < w->out_width; ow++) {
      float *out = y + (r * w->out_width + ow) * c;
      for (long i = 0; i < c; i++) out[i] = 0;
      EACH_TAP({
        const float *in = x + pixel, *k = weights + tap;
        for (long i = 0; i < c; i++) out[i] += in[i] * k[i];
      })
    }
  }
}

JK_CLONES void jk_depthwise_input(float *x, const float *y, const float *weights, const jk_window *w,
                                  long first_image, long images) {
  long c = w->channels, lines = w->out_depth * w->out_height;
  memset(x + first_image * w->depth * w->height * w->width * c, 0,
         (unsigned long)(images * w->depth * w->height * w->width * c) * 4);
  for (long r = first_image * lines; r < (first_image + images) * lines; r++) {
    long n = r / lines, od = r / w->out_height % w->out_depth, oh = r % w->out_height;
    for (long ow = 0; ow < w->out_width; ow++) {
      const float *g = y + (r * w->out_width + ow) * c;
      EACH_TAP({
        float *in = x + pixel;
        const float *k = weights + tap;
        for (long i = 0; i < c; i++) in[i] += g[i] * k[i];
      })
    }
  }
}

JK_CLONES void jk_depthwise_weights(float *weights, const float *x, const float *y, const jk_window *w,
                                    long first_image, long images) {
  long c = w->channels, lines = w->out_depth * w->out_height;
  for (long r = first_image * lines; r < (first_image + images) * lines; r++) {
    long n = r / lines, od = r / w->out_height % w->out_depth, oh = r % w->out_height;
    for (long ow = 0; ow < w->out_width; ow++) {
      const float *g = y + (r * w->out_width + ow) * c;
      EACH_TAP({
        const float *in = x + pixel;
        float *k = weights + tap;
        for (long i = 0; i < c; i++) k[i] += g[i] * in[i];
      })
    }
  }
}
