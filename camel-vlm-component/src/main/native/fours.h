/* Weights of four bits: their rounding, products, and other forms. */
#ifndef VLM_FOURS_H
#define VLM_FOURS_H

#include "eights.h"

INLINE void fours_tile(int r, struct rounded x, int64_t row, const uint8_t *w, const uint16_t *scales, const uint8_t *zeros,
                       int64_t block, struct numbers bias, struct numbers added, struct numbers y) {
    int64_t groups = x.columns / x.group;
    const int8_t *integers = x.integers + row * x.columns;
    const uint8_t *codes = w + block * x.columns * BLOCK / 2;
    Floats f[FOUR_ROWS];
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
        f[i] = zero_floats();
    }
    for (int64_t g = 0; g < groups; g++) {
        Ints zero = widen_bytes(zeros + (block * groups + g) * BLOCK);
        Ints a[FOUR_ROWS];
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            a[i] = multiply_lanes(all_ints(0), zero, -x.sums[(row + i) * groups + g]);
        }
        for (int64_t k = g * x.group; k < (g + 1) * x.group; k += FOURS_GROUP) {
#pragma GCC unroll 16
            for (int h = 0; h < 2; h++) {
                Bytes v[4];
#pragma GCC unroll 16
                for (int j = 0; j < 4; j++) {
                    Bytes both = load_bytes(codes + k * BLOCK / 2 + j * 64);
                    if (h == 0 && row == 0) {
                        __builtin_prefetch(codes + k * BLOCK / 2 + j * 64 + BYTES_AHEAD);
                    }
                    v[j] = h == 0 ? low_halves(both) : high_halves(both);
                }
#pragma GCC unroll 16
                for (int j = 0; j < 4; j++) {
#pragma GCC unroll 16
                    for (int i = 0; i < r; i++) {
                        a[i] = multiply_fours(a[i], v[j], four_bytes(integers + i * x.columns + k + h * 16 + j * 4));
                    }
                }
            }
        }
        Floats scale = widen(scales + (block * groups + g) * BLOCK);
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            f[i] = multiply_add(to_floats(a[i]), multiply(scale, all_lanes(x.scales[(row + i) * groups + g])), f[i]);
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
        put_lanes(y, row + i, block * BLOCK, BLOCK, f[i], bias, added);
    }
}

static void fours_blocks(struct rounded x, const uint8_t *w, const uint16_t *scales, const uint8_t *zeros, int64_t begin, int64_t end,
                         struct numbers bias, struct numbers added, struct numbers y) {
    for (int64_t block = begin; block < end; block++) {
        int64_t i = 0;
        for (; i + FOUR_ROWS <= x.rows; i += FOUR_ROWS) {
            fours_tile(FOUR_ROWS, x, i, w, scales, zeros, block, bias, added, y);
        }
        for (; i + 4 <= x.rows; i += 4) {
            fours_tile(4, x, i, w, scales, zeros, block, bias, added, y);
        }
        for (; i + 2 <= x.rows; i += 2) {
            fours_tile(2, x, i, w, scales, zeros, block, bias, added, y);
        }
        for (; i < x.rows; i++) {
            fours_tile(1, x, i, w, scales, zeros, block, bias, added, y);
        }
    }
}

/* A block of outputs in eight bits, with one scale for each output: what many rows are multiplied by in less time, though a part in 254
 * of the largest weight of an output is lost. */
static void fours_as_eights(const uint8_t *w, const uint16_t *scales, const uint8_t *zeros, int64_t block, int64_t in, int64_t groups,
                            uint8_t *codes, float *eights_scales) {
    int64_t group = in / groups;
    const uint8_t *from = w + block * in * BLOCK / 2;
    scales += block * groups * BLOCK;
    zeros += block * groups * BLOCK;
    Floats most = zero_floats();
    for (int64_t g = 0; g < groups; g++) {
        Floats zero = to_floats(widen_bytes(zeros + g * BLOCK));
        Floats reach = larger(zero, add(all_lanes(15), multiply(zero, all_lanes(-1))));
        most = larger(absolute(multiply(widen(scales + g * BLOCK), reach)), most);
    }
    float lanes[BLOCK], inverse[BLOCK];
    store_floats(lanes, most);
    for (int o = 0; o < BLOCK; o++) {
        eights_scales[o] = lanes[o] / 127.0f;
        inverse[o] = eights_scales[o] >= 1e-37f ? 1.0f / eights_scales[o] : 0.0f;
    }
    Floats per = load_floats(inverse);
    for (int64_t g = 0; g < groups; g++) {
        Floats factor = multiply(widen(scales + g * BLOCK), per);
        /* 128 more, as eights are stored. */
        Floats least_code = multiply_add(to_floats(widen_bytes(zeros + g * BLOCK)), multiply(factor, all_lanes(-1)), all_lanes(128));
        for (int64_t k = g * group; k < (g + 1) * group; k += FOURS_GROUP) {
            for (int j = 0; j < 4; j++) {
                Bytes both = load_bytes(from + k * BLOCK / 2 + j * 64);
                store_scaled(codes + (k + 4 * j) * BLOCK, low_halves(both), factor, least_code);
                store_scaled(codes + (k + 16 + 4 * j) * BLOCK, high_halves(both), factor, least_code);
            }
        }
    }
}

/* A block of outputs as numbers. */
static void unpack_fours(const uint8_t *w, const uint16_t *scales, const uint8_t *zeros, int64_t block, int64_t in, int64_t groups,
                         struct numbers to) {
    int64_t group = in / groups;
    const uint8_t *from = w + block * in * BLOCK / 2;
    for (int64_t o = 0; o < BLOCK; o++) {
        for (int64_t g = 0; g < groups; g++) {
            int64_t place = (block * groups + g) * BLOCK + o;
            Floats scale = all_lanes(widened(scales[place])), less = all_lanes(-(float)zeros[place]);
            for (int64_t k = g * group; k < (g + 1) * group; k += FOURS_GROUP) {
                uint8_t both[BLOCK], half[BLOCK];
                for (int j = 0; j < 4; j++) {
                    memcpy(both + 4 * j, from + k * BLOCK / 2 + j * 64 + o * 4, 4);
                }
                for (int h = 0; h < 2; h++) {
                    for (int j = 0; j < BLOCK; j++) {
                        half[j] = h == 0 ? both[j] & 15 : both[j] >> 4;
                    }
                    put_lanes(to, block * BLOCK + o, k + h * BLOCK, BLOCK, multiply(add(to_floats(widen_bytes(half)), less), scale),
                              (struct numbers){NULL, 0, 0}, (struct numbers){NULL, 0, 0});
                }
            }
        }
    }
}

/* A group's numbers as codes from 0 to 15, of which one stands for zero, so that a weight that is zero stays so. Of some ranges, which
 * leave more or less of the largest numbers out, the one is taken that comes nearest to all of them, and of all scales the best for
 * its codes. */
INLINE float round_group(const Floats w[2], float codes[FOURS_GROUP], float *zero) {
    Floats nothing = multiply_add(w[0], zero_floats(), multiply(w[1], zero_floats()));
    float spoiled = sum_of(nothing);
    float high = most_of(larger(larger(w[0], w[1]), zero_floats()));
    float low = -most_of(larger(larger(multiply(w[0], all_lanes(-1)), multiply(w[1], all_lanes(-1))), zero_floats()));
    float most = high > -low ? high : -low;
    *zero = 0;
    memset(codes, 0, FOURS_GROUP * sizeof *codes);
    if (spoiled != 0) {
        return spoiled;
    }
    if (most < 1e-36f) {
        return 0;
    }
    Floats by = all_lanes(1 / most);
    Floats x[2] = {multiply(w[0], by), multiply(w[1], by)};
    high /= most;
    low /= most;
    float best = -1, scale = 0;
    for (int i = 0; i < 16; i++) {
        float share = 1 - 0.04f * (float)(i / 2);
        float inverse = 15 / ((high - low) * share);
        float z = __builtin_floorf(-low * share * inverse) + (float)(i % 2);
        z = z > 15 ? 15 : z;
        Floats least_code = all_lanes(-z), most_code = all_lanes(15 - z), per = all_lanes(inverse);
        Floats t[2], products = zero_floats(), squares = zero_floats();
        for (int j = 0; j < 2; j++) {
            t[j] = smaller(larger(nearest(multiply(x[j], per)), least_code), most_code);
            products = multiply_add(x[j], t[j], products);
            squares = multiply_add(t[j], t[j], squares);
        }
        float a = sum_of(products), b = sum_of(squares);
        if (b > 0 && a * a > best * b) {
            best = a * a / b;
            scale = a / b;
            *zero = z;
            store_floats(codes, add(t[0], all_lanes(z)));
            store_floats(codes + BLOCK, add(t[1], all_lanes(z)));
        }
    }
    return scale * most;
}

static void round_fours(struct numbers w, int64_t block, int64_t in, uint8_t *codes, uint16_t *scales, uint8_t *zeros) {
    int64_t groups = in / FOURS_GROUP;
    codes += block * BLOCK * in / 2;
    for (int64_t o = 0; o < BLOCK; o++) {
        int64_t row = block * BLOCK + o;
        for (int64_t g = 0; g < groups; g++) {
            Floats part[2] = {load_any(w, row, g * FOURS_GROUP), load_any(w, row, g * FOURS_GROUP + BLOCK)};
            float rounded[FOURS_GROUP], zero;
            int64_t place = (block * groups + g) * BLOCK + o;
            scales[place] = narrowed(round_group(part, rounded, &zero));
            zeros[place] = (uint8_t)zero;
            uint8_t *to = codes + g * FOURS_GROUP * BLOCK / 2 + o * 4;
            for (int k = 0; k < BLOCK; k++) {
                to[k / 4 * 64 + k % 4] = (uint8_t)((uint8_t)rounded[k] | (uint8_t)rounded[k + BLOCK] << 4);
            }
        }
    }
}

#endif
