// Multiply-adds of sixteen floats. Swift's `addingProduct` of vectors is a loop over lanes: compilers
// undo it in short functions only, and in long ones leave shuffles between halves of registers. These
// are one instruction where the importing module's flags say that there is one, and a product and a
// sum elsewhere (there a fused one would be a library call).
#ifndef PDFF_CLANES_H
#define PDFF_CLANES_H

typedef float clanes_float16 __attribute__((ext_vector_type(16)));

#define CLANES_INLINE static inline __attribute__((always_inline))

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
#define CLANES_MADD(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
#define CLANES_MADD(a, b, c) ((a) * (b) + (c))
#endif

/// a b + c.
CLANES_INLINE clanes_float16 clanes_madd(clanes_float16 a, clanes_float16 b, clanes_float16 c) {
  return CLANES_MADD(a, b, c);
}

/// c - a b.
CLANES_INLINE clanes_float16 clanes_msub(clanes_float16 a, clanes_float16 b, clanes_float16 c) {
  return CLANES_MADD(-a, b, c);
}

/// The lesser of two, b where a is no number: what one instruction does.
CLANES_INLINE clanes_float16 clanes_lesser(clanes_float16 a, clanes_float16 b) {
  return a < b ? a : b;
}

/// The greater of two, b where a is no number.
CLANES_INLINE clanes_float16 clanes_greater(clanes_float16 a, clanes_float16 b) {
  return a > b ? a : b;
}

#endif
