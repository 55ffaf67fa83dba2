/* The rounding of what is multiplied, and products with weights of eight bits. */
#ifndef VLM_EIGHTS_H
#define VLM_EIGHTS_H

#include "numbers.h"

static void round_row(struct numbers x, int64_t i, int64_t columns, struct rounded to) {
    int64_t groups = to.columns / to.group;
    for (int64_t g = 0; g < groups; g++) {
        int8_t *integers = to.integers + i * to.columns + g * to.group;
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
        for (k = begin; k + BLOCK <= end; k += BLOCK) {
            store_rounded(integers + k - begin, multiply(load_any(x, i, k), by));
        }
        if (k < begin + to.group) {
            float last[BLOCK] = {0};
            for (int64_t l = k; l < end; l++) {
                last[l - k] = number(x, i, l) * inverse;
            }
            memset(integers + k - begin, 0, (size_t)(begin + to.group - k));
            if (k < end) {
                store_rounded(integers + k - begin, load_floats(last));
            }
        }
        int32_t sum = 0;
        for (k = 0; k < to.group; k++) {
            sum += integers[k];
        }
        to.scales[i * groups + g] = scale + spoiled;
        to.sums[i * groups + g] = sum;
    }
}

INLINE int32_t four_bytes(const int8_t *p) {
    int32_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* For one or two rows: four sums each, of whole numbers, which may be added in any order. */
INLINE void eights_stream(int r, struct rounded x, int64_t row, const uint8_t *w, int64_t block, Ints *sums) {
    Ints a[2][4];
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < 4; j++) {
            a[i][j] = all_ints(j == 0 ? -EIGHTS_ABOVE * x.sums[row + i] : 0);
        }
    }
    const int8_t *integers = x.integers + row * x.columns;
    w += block * x.columns * BLOCK;
    for (int64_t k = 0; k < x.columns; k += 16) {
#pragma GCC unroll 16
        for (int j = 0; j < 4; j++) {
            Bytes v = load_bytes(w + (k + 4 * j) * BLOCK);
            __builtin_prefetch(w + (k + 4 * j) * BLOCK + BYTES_AHEAD);
#pragma GCC unroll 16
            for (int i = 0; i < r; i++) {
                a[i][j] = multiply_eights(a[i][j], v, four_bytes(integers + i * x.columns + k + 4 * j));
            }
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
        sums[i] = add_ints(add_ints(a[i][0], a[i][1]), add_ints(a[i][2], a[i][3]));
    }
}

INLINE void eights_tile(int r, int b, struct rounded x, int64_t row, const uint8_t *w, int64_t block, Ints *sums) {
    Ints a[EIGHT_ROWS][EIGHT_BLOCKS];
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < b; j++) {
            a[i][j] = all_ints(-EIGHTS_ABOVE * x.sums[row + i]);
        }
    }
    const int8_t *integers = x.integers + row * x.columns;
    int64_t apart = x.columns * BLOCK;
    w += block * apart;
    for (int64_t k = 0; k < x.columns; k += 4) {
        Bytes v[EIGHT_BLOCKS];
#pragma GCC unroll 16
        for (int j = 0; j < b; j++) {
            v[j] = load_bytes(w + j * apart + k * BLOCK);
            if (row == 0) {
                __builtin_prefetch(w + j * apart + k * BLOCK + BYTES_AHEAD + (k * BLOCK + BYTES_AHEAD < apart ? 0 : (b - 1) * apart));
            }
        }
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            int32_t u = four_bytes(integers + i * x.columns + k);
#pragma GCC unroll 16
            for (int j = 0; j < b; j++) {
                a[i][j] = multiply_eights(a[i][j], v[j], u);
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

static void put_eights(int64_t rows, int64_t b, const Ints *sums, struct rounded x, int64_t row, const float *scales, int64_t block,
                       int64_t out, struct numbers bias, struct numbers added, struct numbers y) {
    for (int64_t j = 0; j < b; j++) {
        int64_t o = (block + j) * BLOCK;
        Floats scale = load_floats(scales + o);
        for (int64_t i = 0; i < rows; i++) {
            Floats by = multiply(scale, all_lanes(x.scales[row + i]));
            put_lanes(y, row + i, o, least(BLOCK, out - o), multiply(to_floats(sums[i * b + j]), by), bias, added);
        }
    }
}

static void eights_blocks(struct rounded x, const uint8_t *w, const float *scales, int64_t begin, int64_t end, int64_t out,
                          struct numbers bias, struct numbers added, struct numbers y) {
    Ints sums[EIGHT_ROWS * EIGHT_BLOCKS];
    for (int64_t block = begin; block < end;) {
        int b = x.rows > 2 && block + EIGHT_BLOCKS <= end ? EIGHT_BLOCKS : 1;
        for (int64_t i = 0; i < x.rows;) {
            int64_t left = x.rows - i;
            int64_t rows = x.rows <= 2 ? x.rows : left >= EIGHT_ROWS ? EIGHT_ROWS : left >= 4 ? 4 : left >= 2 ? 2 : 1;
            if (x.rows == 1) {
                eights_stream(1, x, i, w, block, sums);
            } else if (x.rows == 2) {
                eights_stream(2, x, i, w, block, sums);
            } else if (b == EIGHT_BLOCKS && rows == EIGHT_ROWS) {
                eights_tile(EIGHT_ROWS, EIGHT_BLOCKS, x, i, w, block, sums);
            } else if (b == EIGHT_BLOCKS && rows == 4) {
                eights_tile(4, EIGHT_BLOCKS, x, i, w, block, sums);
            } else if (b == EIGHT_BLOCKS && rows == 2) {
                eights_tile(2, EIGHT_BLOCKS, x, i, w, block, sums);
            } else if (b == EIGHT_BLOCKS) {
                eights_tile(1, EIGHT_BLOCKS, x, i, w, block, sums);
            } else if (rows >= 4) {
                rows = 4;
                eights_tile(4, 1, x, i, w, block, sums);
            } else {
                rows = 1;
                eights_tile(1, 1, x, i, w, block, sums);
            }
            put_eights(rows, b, sums, x, i, scales, block, out, bias, added, y);
            i += rows;
        }
        block += b;
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
        float most = 0;
        for (int64_t k = 0; k < in; k++) {
            float a = __builtin_fabsf(number(w, row, k));
            most = a > most ? a : most;
        }
        float scale = most / 127.0f;
        float inverse = scale >= 1e-37f ? 1.0f / scale : 0.0f;
        scales[row] = scale;
        for (int64_t k = 0; k < in; k += BLOCK) {
            float part[BLOCK] = {0};
            int8_t integers[BLOCK];
            for (int64_t l = 0; l < least(BLOCK, in - k); l++) {
                part[l] = number(w, row, k + l) * inverse;
            }
            store_rounded(integers, load_floats(part));
            for (int64_t l = 0; l < least(BLOCK, in - k); l++) {
                codes[(k + l) / 4 * 64 + o * 4 + (k + l) % 4] = (uint8_t)(integers[l] + 128);
            }
        }
    }
}

#endif
