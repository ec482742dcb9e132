// What Joulery takes from OpenBLAS, loaded when it is first needed.
//
// Linked to the program, OpenBLAS would start threads of its own as soon as the program does, and these spin for some
// twenty milliseconds: as long as the simulator runs for a small network.
#pragma once

// Loads the library, once, and keeps it to the calling thread: workers are threads already. The file is that which
// $JOULERY_OPENBLAS names, or the system's. Where there is none the program says so and ends with code 69: nothing that
// needs OpenBLAS can go on without it.
void jk_openblas_load(void);

// C = A · B + beta · C for row-major matrices of single precision: C is [m, n], A [m, k] or its transpose, B [k, n] or its
// transpose. Loads nothing: jk_openblas_load must have been called.
void jk_sgemm(int transposes_a, int transposes_b, int m, int n, int k, const float *a, int lda, const float *b, int ldb,
              float beta, float *c, int ldc);

// Solves A · X = B for matrices by columns: A is [n, n], B [n, columns] and becomes X. Returns LAPACK's info.
int jk_dgesv(int n, int columns, double *a, int *pivots, double *b);

// A = U · diag(s) · VT for matrices by columns: A is [m, n] and is overwritten, U [m, k], VT [k, n], k the smaller of m
// and n. Returns LAPACK's info.
int jk_dgesvd(int m, int n, double *a, double *s, double *u, double *vt, double *work, int length);
