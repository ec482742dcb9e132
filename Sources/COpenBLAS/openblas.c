#include "COpenBLAS.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__APPLE__)
#define FILE_NAME "libopenblas.dylib"
#else
#define FILE_NAME "libopenblas.so.0"
#endif

// cblas.h: enum CBLAS_ORDER and CBLAS_TRANSPOSE.
enum { row_major = 101, as_it_is = 111, transposed = 112 };

static struct {
  void (*set_num_threads)(int);
  void (*sgemm)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
  // Fortran's calling convention: every argument by address, and the lengths of texts at the end.
  void (*dgesv)(const int *, const int *, double *, const int *, int *, double *, const int *, int *);
  void (*dgesvd)(const char *, const char *, const int *, const int *, double *, const int *, double *, double *,
                 const int *, double *, const int *, double *, const int *, int *, size_t, size_t);
} library;

static void fail(const char *found) {
  fprintf(stderr,
          "error: OpenBLAS: found %s; expected the library %s; install it (Debian: libopenblas0), or name its file in "
          "JOULERY_OPENBLAS\n",
          found, FILE_NAME);
  exit(69);
}

static void *symbol(void *handle, const char *name) {
  void *address = dlsym(handle, name);
  if (address == NULL) fail(dlerror());
  return address;
}

static void load(void) {
  const char *file = getenv("JOULERY_OPENBLAS");
  void *handle = dlopen(file != NULL && *file != 0 ? file : FILE_NAME, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) fail(dlerror());
  *(void **)&library.set_num_threads = symbol(handle, "openblas_set_num_threads");
  *(void **)&library.sgemm = symbol(handle, "cblas_sgemm");
  *(void **)&library.dgesv = symbol(handle, "dgesv_");
  *(void **)&library.dgesvd = symbol(handle, "dgesvd_");
  library.set_num_threads(1);
}

void jk_openblas_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
}

void jk_sgemm(int transposes_a, int transposes_b, int m, int n, int k, const float *a, int lda, const float *b, int ldb,
              float beta, float *c, int ldc) {
  library.sgemm(row_major, transposes_a ? transposed : as_it_is, transposes_b ? transposed : as_it_is, m, n, k, 1, a,
                lda, b, ldb, beta, c, ldc);
}

int jk_dgesv(int n, int columns, double *a, int *pivots, double *b) {
  jk_openblas_load();
  int info = 0;
  library.dgesv(&n, &columns, a, &n, pivots, b, &n, &info);
  return info;
}

int jk_dgesvd(int m, int n, double *a, double *s, double *u, double *vt, double *work, int length) {
  jk_openblas_load();
  int info = 0, k = m < n ? m : n;
  library.dgesvd("S", "S", &m, &n, a, &m, s, u, &m, vt, &k, work, &length, &info, 1, 1);
  return info;
}
