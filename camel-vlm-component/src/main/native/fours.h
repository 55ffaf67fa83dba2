/* Weights of four bits: their rounding, products, and other forms. */
#ifndef VLM_FOURS_H
#define VLM_FOURS_H

#include "eights.h"

/* Weights as they are stored, see struct kernels. */
struct fours {
    const uint8_t *codes;
    const uint16_t *scales;
    const uint8_t *zeros;
};

/* r rows, from one of places in their block on, by a block of outputs. */
INLINE void fours_tile(int r, int places, int is_fetched, struct rounded x, int64_t row, struct fours w, int64_t block,
                       struct numbers bias, struct numbers added, struct numbers y) {
    enum { GROUPS_AHEAD = 16 };
    int64_t groups = x.columns / x.group;
    int64_t first = row / ROWS_BLOCK * ROWS_BLOCK;
    const int8_t *integers = x.integers + first * x.columns / COLUMNS_BLOCK * PLACE + (row - first) * PLACE;
    int64_t of_rows = first * room_for_groups(x) + (row - first) * GROUPS_BLOCK;
    const uint8_t *codes = w.codes + block * x.columns * BLOCK / 2;
    Floats f[FOUR_ROWS];
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
        f[i] = zero_floats();
    }
    for (int64_t g = 0; g < groups; g++) {
        int64_t place = block * groups + g;
        int64_t of_group = of_rows + g / GROUPS_BLOCK * GROUPS_BLOCK * places + g % GROUPS_BLOCK;
        if (is_fetched) {
            __builtin_prefetch(w.scales + (place + GROUPS_AHEAD) * BLOCK);
            __builtin_prefetch(w.zeros + (place + GROUPS_AHEAD) * BLOCK);
        }
        Ints zero = widen_bytes(w.zeros + place * BLOCK);
        Ints a[FOUR_ROWS];
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            a[i] = multiply_lanes(all_ints(0), zero, x.less[of_group + i * GROUPS_BLOCK]);
        }
        for (int64_t k = 0; k < x.group; k += FOURS_GROUP, integers += PLACE * places, codes += FOURS_GROUP * BLOCK / 2) {
#pragma GCC unroll 16
            for (int l = 0; l < 4; l++) {
                if (is_fetched) {
                    __builtin_prefetch(codes + GROUPS_AHEAD * FOURS_GROUP * BLOCK / 2 + l * 64);
                }
                Bytes both = load_bytes(codes + l * 64);
                Bytes low = low_halves(both), high = high_halves(both);
#pragma GCC unroll 16
                for (int i = 0; i < r; i++) {
                    a[i] = multiply_fours(a[i], low, four_bytes(integers + i * PLACE + l * 4));
                }
#pragma GCC unroll 16
                for (int i = 0; i < r; i++) {
                    a[i] = multiply_fours(a[i], high, four_bytes(integers + i * PLACE + 16 + l * 4));
                }
            }
        }
        Floats scale = widen(w.scales + place * BLOCK);
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            f[i] = multiply_add(to_floats(a[i]), multiply(scale, all_lanes(x.scales[of_group + i * GROUPS_BLOCK])), f[i]);
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
        if (row + i < x.rows) {
            put_lanes(y, row + i, block * BLOCK, BLOCK, f[i], bias, added);
        }
    }
}

/* All rows of a block of rows. */
INLINE void fours_rows(int is_fetched, struct rounded x, int64_t row, struct fours w, int64_t block, struct numbers bias,
                       struct numbers added, struct numbers y) {
    int64_t places = places_for(x.rows - row);
    if (places == 1) {
        fours_tile(1, 1, is_fetched, x, row, w, block, bias, added, y);
    } else if (places == 2) {
        fours_tile(2, 2, is_fetched, x, row, w, block, bias, added, y);
    } else if (places == 4) {
        for (int i = 0; i < 4; i += FOUR_ROWS) {
            fours_tile(FOUR_ROWS < 4 ? FOUR_ROWS : 4, 4, is_fetched && i == 0, x, row + i, w, block, bias, added, y);
        }
    } else {
        for (int i = 0; i < ROWS_BLOCK; i += FOUR_ROWS) {
            fours_tile(FOUR_ROWS, ROWS_BLOCK, is_fetched && i == 0, x, row + i, w, block, bias, added, y);
        }
    }
}

static void fours_blocks(struct rounded x, const uint8_t *codes, const uint16_t *scales, const uint8_t *zeros, int64_t begin, int64_t end,
                         struct numbers bias, struct numbers added, struct numbers y) {
    struct fours w = {codes, scales, zeros};
    for (int64_t block = begin; block < end; block++) {
        for (int64_t i = 0; i < x.rows; i += ROWS_BLOCK) {
            if (i == 0) {
                fours_rows(1, x, i, w, block, bias, added, y);
            } else {
                fours_rows(0, x, i, w, block, bias, added, y);
            }
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
