// What is done with results that are still in registers.
#pragma once
#include "CKernels.h"
#include "clones.h"

typedef float v16 __attribute__((vector_size(64), aligned(4)));
typedef int i16 __attribute__((vector_size(64), aligned(4)));

// Finishes 16 results from output `o` on; `at` is their place in the addend. What is not a number stays so.
// Vectors go by address: functions for different instruction sets pass them differently.
JK_INLINE void jk_finish_vector(v16 *result, const jk_finish *f, long o, long at) {
  v16 value = *result, low = {0}, high = {0};
  if (f->bias) value += *(const v16 *)(f->bias + o);
  if (f->addend) value += *(const v16 *)(f->addend + at);
  low += f->low;
  high += f->high;
  i16 below = value < low, above = value > high;
  i16 bits = (below & (i16)low) | (above & (i16)high) | (~below & ~above & (i16)value);
  *result = (v16)bits;
}

JK_INLINE float jk_finished_one(float value, const jk_finish *f, long o, long at) {
  if (f->bias) value += f->bias[o];
  if (f->addend) value += f->addend[at];
  return value < f->low ? f->low : value > f->high ? f->high : value;
}
