/* Sixteen lanes of float32 or int32, and 64 bytes of weights, in the vectors of the processor that this file is compiled for.
 *
 * A kernel is written once, with these, and compiled for each kind of processor. Widths differ, sums do not: a lane is summed in the
 * order in which a kernel adds to it.
 */
#ifndef VLM_LANES_H
#define VLM_LANES_H

#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/* Weights of eight bits are stored as they are and 128 more. What multiply_eights takes them for is more by this. */
#if defined(__AVX512F__)
#define EIGHTS_ABOVE 128
#else
#define EIGHTS_ABOVE 0
#endif

INLINE float widened(uint16_t x) {
    union {
        uint32_t bits;
        float number;
    } u = {(uint32_t)x << 16};
    return u.number;
}

/* To the nearest, halves to even; what is no number stays so. */
INLINE uint16_t narrowed(float x) {
    union {
        float number;
        uint32_t bits;
    } u = {x};
    if (x != x) {
        return (uint16_t)(u.bits >> 16) | 0x40;
    }
    return (uint16_t)((u.bits + 0x7fff + ((u.bits >> 16) & 1)) >> 16);
}

#if defined(__AVX512F__)

#include <immintrin.h>

/* Rows and outputs that are computed at once, by the number of registers. */
enum { ROW_TILE = 4, OUT_TILE = 4, STREAM_ROWS = 8, EIGHT_ROWS = 8, EIGHT_BLOCKS = 2, FOUR_ROWS = 8, QUERIES = 3, VALUES = 8 };

typedef __m512 Floats;
typedef __m512i Ints;
typedef __m512i Bytes;

INLINE Floats zero_floats(void) { return _mm512_setzero_ps(); }
INLINE Ints all_ints(int32_t x) { return _mm512_set1_epi32(x); }
INLINE Floats load_floats(const float *p) { return _mm512_loadu_ps(p); }
INLINE void store_floats(float *p, Floats x) { _mm512_storeu_ps(p, x); }
INLINE Bytes load_bytes(const void *p) { return _mm512_loadu_si512(p); }
INLINE Floats to_floats(Ints x) { return _mm512_cvtepi32_ps(x); }
INLINE Floats all_lanes(float x) { return _mm512_set1_ps(x); }
INLINE Floats multiply(Floats a, Floats b) { return _mm512_mul_ps(a, b); }
INLINE Floats multiply_add(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }
INLINE Floats widen(const uint16_t *p) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const void *)p)), 16));
}
INLINE Ints widen_bytes(const uint8_t *p) { return _mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)p)); }
INLINE Bytes low_halves(Bytes x) { return _mm512_and_si512(x, _mm512_set1_epi8(15)); }
INLINE Bytes high_halves(Bytes x) { return low_halves(_mm512_srli_epi16(x, 4)); }
/* Each lane's four bytes w times four signed bytes x that all lanes share, added to a. */
INLINE Ints multiply_fours(Ints a, Bytes w, int32_t x) { return _mm512_dpbusd_epi32(a, w, _mm512_set1_epi32(x)); }
INLINE Ints multiply_eights(Ints a, Bytes w, int32_t x) { return multiply_fours(a, w, x); }
/* a + w * x, of numbers that 16 bits hold, w not negative: the upper halves of x are multiplied by nothing. */
INLINE Ints multiply_lanes(Ints a, Ints w, int32_t x) { return _mm512_dpwssd_epi32(a, w, _mm512_set1_epi32(x)); }
/* Each lane's four bytes x as x * factor + more, rounded, which a byte holds. */
INLINE void store_scaled(uint8_t *p, Bytes x, Floats factor, Floats more) {
    __m512i y = _mm512_setzero_si512();
#pragma GCC unroll 4
    for (int i = 0; i < 32; i += 8) {
        __m512 one = _mm512_cvtepi32_ps(_mm512_and_si512(_mm512_srli_epi32(x, (unsigned)i), _mm512_set1_epi32(255)));
        y = _mm512_or_si512(y, _mm512_slli_epi32(_mm512_cvtps_epi32(_mm512_fmadd_ps(one, factor, more)), (unsigned)i));
    }
    _mm512_storeu_si512(p, y);
}
INLINE float sum_of(Floats x) { return _mm512_reduce_add_ps(x); }
INLINE float most_of(Floats x) { return _mm512_reduce_max_ps(x); }
INLINE Floats absolute(Floats x) { return _mm512_abs_ps(x); }
INLINE Floats nearest(Floats x) { return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
INLINE Floats smaller(Floats a, Floats b) { return _mm512_min_ps(a, b); }
INLINE Floats larger(Floats a, Floats b) { return _mm512_max_ps(a, b); }
/* x where a > b, otherwise y. */
INLINE Floats where_more(Floats a, Floats b, Floats x, Floats y) { return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_GT_OQ), y, x); }
/* Rounded halves to even, to bytes; what is no number becomes one. */
INLINE void store_rounded(int8_t *p, Floats x) { _mm_storeu_si128((void *)p, _mm512_cvtsepi32_epi8(_mm512_cvtps_epi32(x))); }

/* x * 2^n, n whole. */
INLINE Floats times_power(Floats x, Floats n) { return _mm512_scalef_ps(x, n); }
/* The sum of each of 16 vectors. */
INLINE Floats sums_of(const float *p) {
    __m512 part[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++, p += 64) {
        __m512 a = load_floats(p), b = load_floats(p + 16), c = load_floats(p + 32), d = load_floats(p + 48);
        __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
        __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
        part[i] = _mm512_add_ps(
            _mm512_shuffle_ps(ab, cd, _MM_SHUFFLE(1, 0, 1, 0)), _mm512_shuffle_ps(ab, cd, _MM_SHUFFLE(3, 2, 3, 2)));
    }
    __m512 low = _mm512_add_ps(_mm512_shuffle_f32x4(part[0], part[1], 0x88), _mm512_shuffle_f32x4(part[0], part[1], 0xdd));
    __m512 high = _mm512_add_ps(_mm512_shuffle_f32x4(part[2], part[3], 0x88), _mm512_shuffle_f32x4(part[2], part[3], 0xdd));
    return _mm512_add_ps(_mm512_shuffle_f32x4(low, high, 0x88), _mm512_shuffle_f32x4(low, high, 0xdd));
}
INLINE Floats add(Floats a, Floats b) { return _mm512_add_ps(a, b); }
INLINE Floats divide(Floats a, Floats b) { return _mm512_div_ps(a, b); }
INLINE Ints add_ints(Ints a, Ints b) { return _mm512_add_epi32(a, b); }
/* As narrowed, each lane. */
INLINE void narrow(uint16_t *p, Floats x) {
    __m512i bits = _mm512_castps_si512(x), upper = _mm512_srli_epi32(bits, 16);
    __m512i odd = _mm512_and_si512(upper, _mm512_set1_epi32(1));
    __m512i near = _mm512_srli_epi32(_mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff))), 16);
    __mmask16 none = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
    near = _mm512_mask_or_epi32(near, none, upper, _mm512_set1_epi32(0x40));
    _mm256_storeu_si256((void *)p, _mm512_cvtepi32_epi16(near));
}

#if defined(__AVX512BF16__)
typedef __m512bh Pairs;
INLINE Pairs load_pairs(const uint16_t *p) { return (__m512bh)_mm512_loadu_si512(p); }
INLINE Floats multiply_pairs(Floats a, Pairs x, Pairs y) { return _mm512_dpbf16_ps(a, x, y); }
#else
typedef __m512i Pairs;
INLINE Pairs load_pairs(const uint16_t *p) { return _mm512_loadu_si512(p); }
INLINE Floats multiply_pairs(Floats a, Pairs x, Pairs y) {
    const __m512i upper = _mm512_set1_epi32((int)0xffff0000);
    a = _mm512_fmadd_ps(_mm512_castsi512_ps(_mm512_and_si512(x, upper)), _mm512_castsi512_ps(_mm512_and_si512(y, upper)), a);
    return _mm512_fmadd_ps(_mm512_castsi512_ps(_mm512_slli_epi32(x, 16)), _mm512_castsi512_ps(_mm512_slli_epi32(y, 16)), a);
}
#endif

#elif defined(__AVX2__)

#include <immintrin.h>

enum { ROW_TILE = 2, OUT_TILE = 2, STREAM_ROWS = 2, EIGHT_ROWS = 4, EIGHT_BLOCKS = 1, FOUR_ROWS = 2, QUERIES = 2, VALUES = 2 };

typedef struct { __m256 a, b; } Floats;
typedef struct { __m256i a, b; } Ints;
typedef Ints Bytes;
typedef Ints Pairs;

#define BOTH(type, of_a, of_b) ((type){(of_a), (of_b)})

INLINE Floats zero_floats(void) { return BOTH(Floats, _mm256_setzero_ps(), _mm256_setzero_ps()); }
INLINE Ints all_ints(int32_t x) { return BOTH(Ints, _mm256_set1_epi32(x), _mm256_set1_epi32(x)); }
INLINE Floats load_floats(const float *p) { return BOTH(Floats, _mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)); }
INLINE void store_floats(float *p, Floats x) {
    _mm256_storeu_ps(p, x.a);
    _mm256_storeu_ps(p + 8, x.b);
}
INLINE Bytes load_bytes(const void *p) {
    const uint8_t *bytes = p;
    return BOTH(Bytes, _mm256_loadu_si256((const void *)bytes), _mm256_loadu_si256((const void *)(bytes + 32)));
}
INLINE Floats to_floats(Ints x) { return BOTH(Floats, _mm256_cvtepi32_ps(x.a), _mm256_cvtepi32_ps(x.b)); }
INLINE Floats all_lanes(float x) { return BOTH(Floats, _mm256_set1_ps(x), _mm256_set1_ps(x)); }
INLINE Floats multiply(Floats a, Floats b) { return BOTH(Floats, _mm256_mul_ps(a.a, b.a), _mm256_mul_ps(a.b, b.b)); }
INLINE Floats multiply_add(Floats a, Floats b, Floats c) {
    return BOTH(Floats, _mm256_fmadd_ps(a.a, b.a, c.a), _mm256_fmadd_ps(a.b, b.b, c.b));
}
INLINE __m256 widen_half(const uint16_t *p) {
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const void *)p)), 16));
}
INLINE Floats widen(const uint16_t *p) { return BOTH(Floats, widen_half(p), widen_half(p + 8)); }
INLINE Ints widen_bytes(const uint8_t *p) {
    __m128i x = _mm_loadu_si128((const void *)p);
    return BOTH(Ints, _mm256_cvtepu8_epi32(x), _mm256_cvtepu8_epi32(_mm_srli_si128(x, 8)));
}
INLINE __m256i low_half(__m256i x) { return _mm256_and_si256(x, _mm256_set1_epi8(15)); }
INLINE Bytes low_halves(Bytes x) { return BOTH(Bytes, low_half(x.a), low_half(x.b)); }
INLINE Bytes high_halves(Bytes x) {
    return BOTH(Bytes, low_half(_mm256_srli_epi16(x.a, 4)), low_half(_mm256_srli_epi16(x.b, 4)));
}
INLINE __m256i fours(__m256i a, __m256i w, __m256i x) {
    return _mm256_add_epi32(a, _mm256_madd_epi16(_mm256_maddubs_epi16(w, x), _mm256_set1_epi16(1)));
}
INLINE Ints multiply_fours(Ints a, Bytes w, int32_t x) {
    __m256i v = _mm256_set1_epi32(x);
    return BOTH(Ints, fours(a.a, w.a, v), fours(a.b, w.b, v));
}
/* By way of 16 bits, which do not hold the sum of two products of eight. */
INLINE __m256i eights(__m256i a, __m256i w, __m256i x) {
    __m256i number = _mm256_xor_si256(w, _mm256_set1_epi8((char)128));
    __m256i odd = _mm256_madd_epi16(_mm256_srai_epi16(number, 8), _mm256_srai_epi16(x, 8));
    __m256i even = _mm256_madd_epi16(
        _mm256_srai_epi16(_mm256_slli_epi16(number, 8), 8), _mm256_srai_epi16(_mm256_slli_epi16(x, 8), 8));
    return _mm256_add_epi32(a, _mm256_add_epi32(odd, even));
}
INLINE Ints multiply_eights(Ints a, Bytes w, int32_t x) {
    __m256i v = _mm256_set1_epi32(x);
    return BOTH(Ints, eights(a.a, w.a, v), eights(a.b, w.b, v));
}
INLINE Ints multiply_lanes(Ints a, Ints w, int32_t x) {
    __m256i v = _mm256_set1_epi32(x);
    return BOTH(Ints, _mm256_add_epi32(a.a, _mm256_madd_epi16(w.a, v)), _mm256_add_epi32(a.b, _mm256_madd_epi16(w.b, v)));
}
INLINE float sum_of(Floats x) {
    __m256 y = _mm256_add_ps(x.a, x.b);
    __m128 z = _mm_add_ps(_mm256_castps256_ps128(y), _mm256_extractf128_ps(y, 1));
    z = _mm_add_ps(z, _mm_movehl_ps(z, z));
    return _mm_cvtss_f32(_mm_add_ss(z, _mm_movehdup_ps(z)));
}
INLINE float most_of(Floats x) {
    __m256 y = _mm256_max_ps(x.a, x.b);
    __m128 z = _mm_max_ps(_mm256_castps256_ps128(y), _mm256_extractf128_ps(y, 1));
    z = _mm_max_ps(z, _mm_movehl_ps(z, z));
    return _mm_cvtss_f32(_mm_max_ss(z, _mm_movehdup_ps(z)));
}
INLINE __m256 absolute_half(__m256 x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
INLINE __m256 nearest_half(__m256 x) { return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
INLINE Floats nearest(Floats x) { return BOTH(Floats, nearest_half(x.a), nearest_half(x.b)); }
INLINE Floats smaller(Floats a, Floats b) { return BOTH(Floats, _mm256_min_ps(a.a, b.a), _mm256_min_ps(a.b, b.b)); }
INLINE Floats absolute(Floats x) { return BOTH(Floats, absolute_half(x.a), absolute_half(x.b)); }
INLINE Floats larger(Floats a, Floats b) { return BOTH(Floats, _mm256_max_ps(a.a, b.a), _mm256_max_ps(a.b, b.b)); }
INLINE __m256 where_half(__m256 a, __m256 b, __m256 x, __m256 y) { return _mm256_blendv_ps(y, x, _mm256_cmp_ps(a, b, _CMP_GT_OQ)); }
INLINE Floats where_more(Floats a, Floats b, Floats x, Floats y) {
    return BOTH(Floats, where_half(a.a, b.a, x.a, y.a), where_half(a.b, b.b, x.b, y.b));
}
INLINE void store_rounded(int8_t *p, Floats x) {
    __m256i a = _mm256_cvtps_epi32(x.a), b = _mm256_cvtps_epi32(x.b);
    __m128i low = _mm_packs_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    __m128i high = _mm_packs_epi32(_mm256_castsi256_si128(b), _mm256_extracti128_si256(b, 1));
    _mm_storeu_si128((void *)p, _mm_packs_epi16(low, high));
}
INLINE Pairs load_pairs(const uint16_t *p) { return load_bytes(p); }
INLINE __m256 pairs(__m256 a, __m256i x, __m256i y) {
    const __m256i upper = _mm256_set1_epi32((int)0xffff0000);
    a = _mm256_fmadd_ps(_mm256_castsi256_ps(_mm256_and_si256(x, upper)), _mm256_castsi256_ps(_mm256_and_si256(y, upper)), a);
    return _mm256_fmadd_ps(_mm256_castsi256_ps(_mm256_slli_epi32(x, 16)), _mm256_castsi256_ps(_mm256_slli_epi32(y, 16)), a);
}
INLINE Floats multiply_pairs(Floats a, Pairs x, Pairs y) { return BOTH(Floats, pairs(a.a, x.a, y.a), pairs(a.b, x.b, y.b)); }

INLINE Ints add_ints(Ints a, Ints b) { return BOTH(Ints, _mm256_add_epi32(a.a, b.a), _mm256_add_epi32(a.b, b.b)); }
INLINE Floats add(Floats a, Floats b) { return BOTH(Floats, _mm256_add_ps(a.a, b.a), _mm256_add_ps(a.b, b.b)); }
INLINE Floats divide(Floats a, Floats b) { return BOTH(Floats, _mm256_div_ps(a.a, b.a), _mm256_div_ps(a.b, b.b)); }

#elif defined(__ARM_NEON) && defined(__ARM_FEATURE_DOTPROD)

#include <arm_neon.h>

enum { ROW_TILE = 2, OUT_TILE = 2, STREAM_ROWS = 2, EIGHT_ROWS = 4, EIGHT_BLOCKS = 1, FOUR_ROWS = 2, QUERIES = 2, VALUES = 2 };

typedef struct { float32x4_t v[4]; } Floats;
typedef struct { int32x4_t v[4]; } Ints;
typedef struct { uint8x16_t v[4]; } Bytes;

#define EACH(type, expression) \
    type r; \
    for (int i = 0; i < 4; i++) { \
        r.v[i] = (expression); \
    } \
    return r

INLINE Floats zero_floats(void) { EACH(Floats, vdupq_n_f32(0)); }
INLINE Ints all_ints(int32_t x) { EACH(Ints, vdupq_n_s32(x)); }
INLINE Floats load_floats(const float *p) { EACH(Floats, vld1q_f32(p + 4 * i)); }
INLINE void store_floats(float *p, Floats x) {
    for (int i = 0; i < 4; i++) {
        vst1q_f32(p + 4 * i, x.v[i]);
    }
}
INLINE Bytes load_bytes(const void *p) { EACH(Bytes, vld1q_u8((const uint8_t *)p + 16 * i)); }
INLINE Ints add_ints(Ints a, Ints b) { EACH(Ints, vaddq_s32(a.v[i], b.v[i])); }
INLINE Floats add(Floats a, Floats b) { EACH(Floats, vaddq_f32(a.v[i], b.v[i])); }
INLINE Floats divide(Floats a, Floats b) { EACH(Floats, vdivq_f32(a.v[i], b.v[i])); }
INLINE Floats to_floats(Ints x) { EACH(Floats, vcvtq_f32_s32(x.v[i])); }
INLINE Floats all_lanes(float x) { EACH(Floats, vdupq_n_f32(x)); }
INLINE Floats multiply(Floats a, Floats b) { EACH(Floats, vmulq_f32(a.v[i], b.v[i])); }
INLINE Floats multiply_add(Floats a, Floats b, Floats c) { EACH(Floats, vfmaq_f32(c.v[i], a.v[i], b.v[i])); }
INLINE Floats widen(const uint16_t *p) { EACH(Floats, vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p + 4 * i), 16))); }
INLINE Ints widen_bytes(const uint8_t *p) {
    uint8x16_t x = vld1q_u8(p);
    uint16x8_t low = vmovl_u8(vget_low_u8(x)), high = vmovl_u8(vget_high_u8(x));
    Ints r;
    r.v[0] = vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(low)));
    r.v[1] = vreinterpretq_s32_u32(vmovl_u16(vget_high_u16(low)));
    r.v[2] = vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(high)));
    r.v[3] = vreinterpretq_s32_u32(vmovl_u16(vget_high_u16(high)));
    return r;
}
INLINE Bytes low_halves(Bytes x) { EACH(Bytes, vandq_u8(x.v[i], vdupq_n_u8(15))); }
INLINE Bytes high_halves(Bytes x) { EACH(Bytes, vshrq_n_u8(x.v[i], 4)); }
INLINE Ints multiply_fours(Ints a, Bytes w, int32_t x) {
    int8x16_t v = vreinterpretq_s8_s32(vdupq_n_s32(x));
    EACH(Ints, vdotq_s32(a.v[i], vreinterpretq_s8_u8(w.v[i]), v));
}
INLINE Ints multiply_eights(Ints a, Bytes w, int32_t x) {
    int8x16_t v = vreinterpretq_s8_s32(vdupq_n_s32(x));
    EACH(Ints, vdotq_s32(a.v[i], vreinterpretq_s8_u8(veorq_u8(w.v[i], vdupq_n_u8(128))), v));
}
INLINE Ints multiply_lanes(Ints a, Ints w, int32_t x) { EACH(Ints, vmlaq_n_s32(a.v[i], w.v[i], x)); }
INLINE float sum_of(Floats x) { return vaddvq_f32(vaddq_f32(vaddq_f32(x.v[0], x.v[2]), vaddq_f32(x.v[1], x.v[3]))); }
INLINE float most_of(Floats x) { return vmaxvq_f32(vmaxq_f32(vmaxq_f32(x.v[0], x.v[2]), vmaxq_f32(x.v[1], x.v[3]))); }
INLINE Floats nearest(Floats x) { EACH(Floats, vrndnq_f32(x.v[i])); }
INLINE Floats smaller(Floats a, Floats b) { EACH(Floats, vminq_f32(a.v[i], b.v[i])); }
INLINE Floats absolute(Floats x) { EACH(Floats, vabsq_f32(x.v[i])); }
INLINE Floats larger(Floats a, Floats b) { EACH(Floats, vmaxq_f32(a.v[i], b.v[i])); }
INLINE Floats where_more(Floats a, Floats b, Floats x, Floats y) {
    EACH(Floats, vbslq_f32(vcgtq_f32(a.v[i], b.v[i]), x.v[i], y.v[i]));
}
INLINE void store_rounded(int8_t *p, Floats x) {
    int16x8_t low = vcombine_s16(vqmovn_s32(vcvtnq_s32_f32(x.v[0])), vqmovn_s32(vcvtnq_s32_f32(x.v[1])));
    int16x8_t high = vcombine_s16(vqmovn_s32(vcvtnq_s32_f32(x.v[2])), vqmovn_s32(vcvtnq_s32_f32(x.v[3])));
    vst1q_s8(p, vcombine_s8(vqmovn_s16(low), vqmovn_s16(high)));
}

/* One order of sums with and without instructions for bfloat16, whose own adds pairs in another. */
typedef struct { uint16x8_t v[4]; } Pairs;
INLINE Pairs load_pairs(const uint16_t *p) { EACH(Pairs, vld1q_u16(p + 8 * i)); }
INLINE Floats multiply_pairs(Floats a, Pairs x, Pairs y) {
    for (int i = 0; i < 4; i++) {
        uint32x4_t s = vreinterpretq_u32_u16(x.v[i]), t = vreinterpretq_u32_u16(y.v[i]);
        uint32x4_t upper = vdupq_n_u32(0xffff0000);
        a.v[i] = vfmaq_f32(a.v[i], vreinterpretq_f32_u32(vandq_u32(s, upper)), vreinterpretq_f32_u32(vandq_u32(t, upper)));
        a.v[i] = vfmaq_f32(a.v[i], vreinterpretq_f32_u32(vshlq_n_u32(s, 16)), vreinterpretq_f32_u32(vshlq_n_u32(t, 16)));
    }
    return a;
}

#endif

#if !defined(__AVX512F__)
/* x * 2^n, n whole and not above 127; nothing if it is below -126. */
INLINE Floats times_power(Floats x, Floats n) {
    float lanes[16];
    store_floats(lanes, n);
    for (int i = 0; i < 16; i++) {
        union {
            uint32_t bits;
            float number;
        } power = {lanes[i] < -126 ? 0 : (uint32_t)((int32_t)lanes[i] + 127) << 23};
        lanes[i] = power.number;
    }
    return multiply(x, load_floats(lanes));
}
/* Each lane's four bytes x as x * factor + more, rounded, which a byte holds. */
INLINE void store_scaled(uint8_t *p, Bytes x, Floats factor, Floats more) {
    uint8_t bytes[64];
    float by[16], plus[16];
    memcpy(bytes, &x, sizeof bytes);
    store_floats(by, factor);
    store_floats(plus, more);
    for (int i = 0; i < 64; i++) {
        p[i] = (uint8_t)__builtin_rintf((float)bytes[i] * by[i / 4] + plus[i / 4]);
    }
}
/* The sum of each of 16 vectors. */
INLINE Floats sums_of(const float *p) {
    float sums[16];
    for (int i = 0; i < 16; i++) {
        sums[i] = sum_of(load_floats(p + 16 * i));
    }
    return load_floats(sums);
}
/* As narrowed, each lane. */
INLINE void narrow(uint16_t *p, Floats x) {
    float lanes[16];
    store_floats(lanes, x);
    for (int i = 0; i < 16; i++) {
        p[i] = narrowed(lanes[i]);
    }
}
#endif
#endif
