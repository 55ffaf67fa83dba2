/* The rounding of what is multiplied, and products with weights of eight bits. */
#ifndef VLM_EIGHTS_H
#define VLM_EIGHTS_H

#include "numbers.h"

enum { MOST_EIGHTS = 64 };

/* How many rows there is place for in a block of so many. */
INLINE int64_t places_for(int64_t rows) { return rows <= 1 ? 1 : rows <= 2 ? 2 : rows <= 4 ? 4 : ROWS_BLOCK; }

static void round_row(struct numbers x, int64_t i, int64_t columns, struct rounded to) {
    int64_t groups = to.columns / to.group;
    int64_t first = i / ROWS_BLOCK * ROWS_BLOCK;
    int64_t places = places_for(to.rows - first);
    int8_t *integers = to.integers + first * to.columns / COLUMNS_BLOCK * PLACE + (i - first) * PLACE;
    for (int64_t g = 0; g < groups; g++) {
        int64_t begin = g * to.group;
        int64_t end = least(begin + to.group, columns);
        Floats most = zero_floats();
        /* Nothing, or no number if there is one that is not finite. */
        Floats nothing = zero_floats();
        int64_t k = begin;
        for (; k + BLOCK <= end; k += BLOCK) {
            Floats part = load_any(x, i, k);
            most = larger(absolute(part), most);
            nothing = multiply_add(part, zero_floats(), nothing);
        }
        float largest = most_of(most);
        float spoiled = sum_of(nothing);
        for (; k < end; k++) {
            spoiled += number(x, i, k) * 0.0f;
            float a = __builtin_fabsf(number(x, i, k));
            largest = a > largest ? a : largest;
        }
        /* A scale that is too small to divide by stands for numbers that are too small to tell from zero. */
        float scale = largest / 127.0f;
        float inverse = scale >= 1e-37f ? 1.0f / scale : 0.0f;
        Floats by = all_lanes(inverse);
        int32_t sum = 0;
        for (k = begin; k < begin + to.group; k += BLOCK) {
            int8_t *part = integers + k / COLUMNS_BLOCK * PLACE * places + k % COLUMNS_BLOCK;
            if (k + BLOCK <= end) {
                store_rounded(part, multiply(load_any(x, i, k), by));
            } else {
                float last[BLOCK] = {0};
                for (int64_t l = k; l < end; l++) {
                    last[l - k] = number(x, i, l) * inverse;
                }
                store_rounded(part, load_floats(last));
            }
            for (int64_t l = 0; l < BLOCK; l++) {
                sum += part[l];
            }
        }
        int64_t place = first * room_for_groups(to) + (g / GROUPS_BLOCK * places + i - first) * GROUPS_BLOCK + g % GROUPS_BLOCK;
        to.scales[place] = scale + spoiled;
        to.less[place] = -sum;
    }
}

INLINE int32_t four_bytes(const int8_t *p) {
    int32_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* Adds to sums [r, b] the products of so many columns of r rows, of places in their block, and of b blocks of outputs. Meanwhile as much
 * is fetched into the cache. */
INLINE void eights_tile(int r, int places, int b, const int8_t *x, const uint8_t *w, int64_t w_apart, int64_t columns, int fetched,
                        const uint8_t *from, Ints *sums) {
    Ints a[EIGHT_ROWS][EIGHT_BLOCKS];
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < b; j++) {
            a[i][j] = sums[i * b + j];
        }
    }
    for (int64_t k = 0; k < columns; k += COLUMNS_BLOCK, x += PLACE * places) {
        for (int l = 0; l < COLUMNS_BLOCK; l += 4, w += 4 * BLOCK, from += 4 * BLOCK) {
            Bytes v[EIGHT_BLOCKS];
#pragma GCC unroll 16
            for (int j = 0; j < fetched; j++) {
                /* Soon used, and then no more. */
                __builtin_prefetch(from + j * w_apart, 0, 0);
            }
#pragma GCC unroll 16
            for (int j = 0; j < b; j++) {
                v[j] = load_bytes(w + j * w_apart);
            }
#pragma GCC unroll 16
            for (int i = 0; i < r; i++) {
                int32_t u = four_bytes(x + i * PLACE + l);
#pragma GCC unroll 16
                for (int j = 0; j < b; j++) {
                    a[i][j] = multiply_eights(a[i][j], v[j], u);
                }
            }
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < b; j++) {
            sums[i * b + j] = a[i][j];
        }
    }
}

/* All rows of a block. */
INLINE void eights_rows(int64_t places, int b, const int8_t *x, const uint8_t *w, int64_t w_apart, int64_t columns, int fetched,
                        const uint8_t *from, Ints *sums) {
    if (places == 1) {
        eights_tile(1, 1, b, x, w, w_apart, columns, fetched, from, sums);
    } else if (places == 2) {
        eights_tile(2, 2, b, x, w, w_apart, columns, fetched, from, sums);
    } else if (places == 4) {
        eights_tile(4, 4, b, x, w, w_apart, columns, fetched, from, sums);
    } else {
        for (int i = 0; i < ROWS_BLOCK; i += EIGHT_ROWS) {
            eights_tile(EIGHT_ROWS, ROWS_BLOCK, b, x + i * PLACE, w, w_apart, columns, i == 0 ? fetched : 0, from, sums + i * b);
        }
    }
}

/* Outputs of b blocks, so many apart, of some rows, of which w is fetched once; what of it comes next is fetched meanwhile. */
INLINE void eights_some(int b, int is_fetched, struct rounded x, int64_t first, int64_t rows, const uint8_t *w, const float *scales,
                        int64_t block, int64_t blocks_apart, int64_t out, struct numbers bias, struct numbers added, struct numbers y) {
    /* As much as memory delivers while so many rows are multiplied. */
    const int64_t most = rows <= ROWS_BLOCK ? 256 : 512;
    Ints sums[MOST_EIGHTS * EIGHT_BLOCKS];
    for (int64_t i = 0; i < rows; i++) {
        int64_t row = first + i;
        for (int j = 0; j < b; j++) {
            sums[i * b + j] = all_ints(EIGHTS_ABOVE * x.less[row * GROUPS_BLOCK]);
        }
    }
    int64_t apart = x.columns * BLOCK * blocks_apart;
    w += block * x.columns * BLOCK;
    for (int64_t k = 0; k < x.columns; k += most) {
        int64_t columns = least(most, x.columns - k);
        const uint8_t *part = w + k * BLOCK;
        /* After the last part of these blocks comes the first of others. */
        const uint8_t *next = k + most < x.columns ? part + most * BLOCK : w + b * x.columns * BLOCK;
        for (int64_t i = 0; i < rows; i += ROWS_BLOCK) {
            int64_t places = places_for(rows - i);
            const int8_t *u = x.integers + ((first + i) * x.columns + k * places) / COLUMNS_BLOCK * PLACE;
            Ints *s = sums + i * b;
            if (!is_fetched || i / ROWS_BLOCK >= b) {
                eights_rows(places, b, u, part, apart, columns, 0, next, s);
            } else if (rows > ROWS_BLOCK) {
                eights_rows(places, b, u, part, apart, columns, 1, next + i / ROWS_BLOCK * apart, s);
            } else {
                eights_rows(places, b, u, part, apart, columns, b, next, s);
            }
        }
    }
    for (int j = 0; j < b; j++) {
        int64_t o = (block + j * blocks_apart) * BLOCK;
        Floats scale = load_floats(scales + o);
        for (int64_t i = 0; i < rows; i++) {
            Floats by = multiply(scale, all_lanes(x.scales[(first + i) * GROUPS_BLOCK]));
            put_lanes(y, first + i, o, least(BLOCK, out - o), multiply(to_floats(sums[i * b + j]), by), bias, added);
        }
    }
}

static void eights_blocks(struct rounded x, const uint8_t *w, const float *scales, int64_t begin, int64_t end, int64_t out,
                          struct numbers bias, struct numbers added, struct numbers y) {
    int64_t block = begin;
    if (x.rows <= 2) {
        /* Two stretches at once, each from its begin to its end: nothing is in memory's way. */
        int64_t half = (end - begin) / EIGHT_BLOCKS;
        for (; block < begin + half; block++) {
            eights_some(EIGHT_BLOCKS, 0, x, 0, x.rows, w, scales, block, half, out, bias, added, y);
        }
        block = begin + EIGHT_BLOCKS * half;
    }
    for (; block + EIGHT_BLOCKS <= end; block += EIGHT_BLOCKS) {
        for (int64_t i = 0; i < x.rows; i += MOST_EIGHTS) {
            eights_some(EIGHT_BLOCKS, 1, x, i, least(MOST_EIGHTS, x.rows - i), w, scales, block, 1, out, bias, added, y);
        }
    }
    for (; block < end; block++) {
        for (int64_t i = 0; i < x.rows; i += MOST_EIGHTS) {
            eights_some(1, 0, x, i, least(MOST_EIGHTS, x.rows - i), w, scales, block, 1, out, bias, added, y);
        }
    }
}

static void round_eights(struct numbers w, int64_t block, int64_t out, int64_t in, uint8_t *codes, float *scales) {
    int64_t columns = (in + FOURS_GROUP - 1) / FOURS_GROUP * FOURS_GROUP;
    codes += block * BLOCK * columns;
    memset(codes, 128, (size_t)(BLOCK * columns));
    for (int64_t o = 0; o < BLOCK; o++) {
        int64_t row = block * BLOCK + o;
        scales[row] = 0;
        if (row >= out) {
            continue;
        }
        int64_t whole = in / BLOCK * BLOCK;
        Floats of_lanes = zero_floats(), nothing = zero_floats();
        for (int64_t k = 0; k < whole; k += BLOCK) {
            Floats x = load_any(w, row, k);
            of_lanes = larger(absolute(x), of_lanes);
            nothing = multiply_add(x, zero_floats(), nothing);
        }
        float most = most_of(of_lanes), spoiled = sum_of(nothing);
        for (int64_t k = whole; k < in; k++) {
            float a = __builtin_fabsf(number(w, row, k));
            most = a > most ? a : most;
            spoiled += a * 0;
        }
        /* What is no number, or infinite, must not look like a weight. */
        most += spoiled;
        float scale = most / 127.0f;
        float inverse = scale >= 1e-37f ? 1.0f / scale : 0.0f;
        scales[row] = scale;
        for (int64_t k = 0; k < in; k += BLOCK) {
            float part[BLOCK] = {0};
            for (int64_t l = 0; k == whole && l < in - k; l++) {
                part[l] = number(w, row, k + l);
            }
            int8_t integers[BLOCK];
            store_rounded(integers, multiply(k < whole ? load_any(w, row, k) : load_floats(part), all_lanes(inverse)));
            for (int64_t l = 0; l < BLOCK && k + l < columns; l += 4) {
                for (int64_t i = 0; i < 4; i++) {
                    codes[(k + l) / 4 * 64 + o * 4 + i] = (uint8_t)(integers[l + i] + 128);
                }
            }
        }
    }
}

#endif
