// One source, several instruction sets: the loader picks the best that the processor has.
#pragma once
#if defined(__x86_64__) && defined(__linux__) && !defined(JK_NO_CLONES)
#define JK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define JK_CLONES
#endif
#define JK_INLINE static inline __attribute__((always_inline))
