/* Products with weights in bfloat16, rows as they are stored. */
#ifndef VLM_ROWS_H
#define VLM_ROWS_H

#include "numbers.h"

/* Rows of x that are taken at once, and inputs: what they have in common stays in the processor's first cache. */
enum { MOST_ROWS = 16, PART_BYTES = 32768, CHUNK = BLOCK };

static size_t rows_scratch(void) { return (size_t)MOST_ROWS * CHUNK * BLOCK * sizeof(float); }

INLINE Pairs load_part(const uint16_t *p, int64_t count) {
    uint16_t part[32] = {0};
    memcpy(part, p, (size_t)count * sizeof *p);
    return load_pairs(part);
}

/* Adds to sums [r, o] the products of inputs from begin to end. What lies at from, as far as it is read next, of so many rows of weights
 * is fetched into the cache meanwhile. */
INLINE void rows_tile(int r, int o, const uint16_t *x, int64_t x_apart, const uint16_t *w, int64_t w_apart, int64_t begin, int64_t end,
                      int fetched, const uint16_t *from, int near, float *sums, int64_t sums_apart) {
    Floats a[ROW_TILE][OUT_TILE];
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < o; j++) {
            a[i][j] = begin == 0 ? zero_floats() : load_floats(sums + i * sums_apart + j * BLOCK);
        }
    }
    int64_t k = begin;
    for (; k + 32 <= end; k += 32) {
        Pairs v[OUT_TILE];
#pragma GCC unroll 16
        for (int j = 0; j < fetched; j++) {
            __builtin_prefetch(from + j * w_apart + k - begin, 0, near);
        }
#pragma GCC unroll 16
        for (int j = 0; j < o; j++) {
            v[j] = load_pairs(w + j * w_apart + k);
        }
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            Pairs u = load_pairs(x + i * x_apart + k);
#pragma GCC unroll 16
            for (int j = 0; j < o; j++) {
                a[i][j] = multiply_pairs(a[i][j], u, v[j]);
            }
        }
    }
    if (k < end) {
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            Pairs u = load_part(x + i * x_apart + k, end - k);
#pragma GCC unroll 16
            for (int j = 0; j < o; j++) {
                a[i][j] = multiply_pairs(a[i][j], u, load_part(w + j * w_apart + k, end - k));
            }
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < o; j++) {
            store_floats(sums + i * sums_apart + j * BLOCK, a[i][j]);
        }
    }
}

/* The rows of one tile, with those weights fetched that are some way ahead, or at last the beginning of the next rows of weights. */
INLINE void few_rows(int r, int o, const uint16_t *x, int64_t x_apart, const uint16_t *w, int64_t w_apart, int64_t in, float *sums,
                     int64_t sums_apart) {
    int64_t most = in > AHEAD ? in - AHEAD : 0;
    most = most / 32 * 32;
    rows_tile(r, o, x, x_apart, w, w_apart, 0, most, o, w + in - most, 3, sums, sums_apart);
    rows_tile(r, o, x, x_apart, w, w_apart, most, in, o, w + OUT_TILE * w_apart, 3, sums, sums_apart);
}

INLINE void rows_tiles(int o, int64_t rows, const uint16_t *x, int64_t x_apart, const uint16_t *w, int64_t w_apart, int64_t begin,
                       int64_t end, const uint16_t *next, float *sums, int64_t sums_apart) {
    int64_t i = 0;
    /* Each tile fetches a part of what the next ones read, so that memory never waits for arithmetic, or the other way round. */
    int fetched = rows >= OUT_TILE * ROW_TILE ? 1 : OUT_TILE / 2, left = OUT_TILE;
    for (; i + ROW_TILE <= rows; i += ROW_TILE, next += fetched * w_apart, left -= fetched) {
        if (left <= 0) {
            rows_tile(ROW_TILE, o, x + i * x_apart, x_apart, w, w_apart, begin, end, 0, next, 2, sums + i * sums_apart, sums_apart);
        } else if (fetched == 1) {
            rows_tile(ROW_TILE, o, x + i * x_apart, x_apart, w, w_apart, begin, end, 1, next, 2, sums + i * sums_apart, sums_apart);
        } else {
            rows_tile(ROW_TILE, o, x + i * x_apart, x_apart, w, w_apart, begin, end, OUT_TILE / 2, next, 2, sums + i * sums_apart,
                      sums_apart);
        }
    }
    for (; i + 2 <= rows; i += 2) {
        rows_tile(2, o, x + i * x_apart, x_apart, w, w_apart, begin, end, 0, next, 2, sums + i * sums_apart, sums_apart);
    }
    for (; i < rows; i++) {
        rows_tile(1, o, x + i * x_apart, x_apart, w, w_apart, begin, end, 0, next, 2, sums + i * sums_apart, sums_apart);
    }
}

static void some_rows(const uint16_t *x, int64_t x_apart, int64_t first, int64_t rows, int64_t in, const uint16_t *w, int64_t w_apart,
                      int64_t begin, int64_t end, struct numbers bias, struct numbers added, struct numbers y, float *sums) {
    int64_t most = PART_BYTES / 2 / rows;
    int64_t parts = (in + most - 1) / most;
    int64_t part = (in / parts + 31) / 32 * 32;
    int64_t sums_apart = CHUNK * BLOCK;
    for (int64_t k = 0; k < in; k += part) {
        int64_t stop = least(k + part, in);
        int64_t o = begin;
        for (; o + OUT_TILE <= end; o += OUT_TILE) {
            const uint16_t *next = w + (stop < in ? o * w_apart + stop : (o + CHUNK) * w_apart);
            rows_tiles(OUT_TILE, rows, x, x_apart, w + o * w_apart, w_apart, k, stop, next, sums + (o - begin) * BLOCK, sums_apart);
        }
        for (; o < end; o++) {
            rows_tiles(1, rows, x, x_apart, w + o * w_apart, w_apart, k, stop, w + o * w_apart, sums + (o - begin) * BLOCK, sums_apart);
        }
    }
    for (int64_t i = 0; i < rows; i++) {
        put_lanes(y, first + i, begin, end - begin, sums_of(sums + i * sums_apart), bias, added);
    }
}

/* One row, two, or as many as a tile has. */
static void rows_stream(const uint16_t *x, int64_t x_apart, int64_t rows, int64_t in, const uint16_t *w, int64_t w_apart, int64_t begin,
                        int64_t end, struct numbers bias, struct numbers added, struct numbers y, float *sums) {
    int64_t sums_apart = CHUNK * BLOCK;
    int64_t o = begin;
    for (; o + OUT_TILE <= end; o += OUT_TILE) {
        const uint16_t *v = w + o * w_apart;
        float *s = sums + (o - begin) * BLOCK;
        if (rows == 1) {
            few_rows(1, OUT_TILE, x, x_apart, v, w_apart, in, s, sums_apart);
        } else if (rows == 2) {
            few_rows(2, OUT_TILE, x, x_apart, v, w_apart, in, s, sums_apart);
        } else {
            few_rows(ROW_TILE, OUT_TILE, x, x_apart, v, w_apart, in, s, sums_apart);
        }
    }
    for (; o < end; o++) {
        for (int64_t i = 0; i < rows; i++) {
            rows_tile(1, 1, x + i * x_apart, x_apart, w + o * w_apart, w_apart, 0, in, 0, w, 3, sums + i * sums_apart + (o - begin) * BLOCK,
                      sums_apart);
        }
    }
    for (int64_t i = 0; i < rows; i++) {
        put_lanes(y, i, begin, end - begin, sums_of(sums + i * sums_apart), bias, added);
    }
}

static void rows(const uint16_t *x, int64_t x_apart, int64_t rows, int64_t in, const uint16_t *w, int64_t w_apart, int64_t begin,
                 int64_t end, struct numbers bias, struct numbers added, struct numbers y, float *scratch) {
    for (int64_t o = begin; o < end; o += CHUNK) {
        int64_t stop = least(o + CHUNK, end);
        if (rows == 1 || rows == 2 || rows == ROW_TILE) {
            rows_stream(x, x_apart, rows, in, w, w_apart, o, stop, bias, added, y, scratch);
            continue;
        }
        for (int64_t i = 0; i < rows; i += MOST_ROWS) {
            some_rows(x + i * x_apart, x_apart, i, least(MOST_ROWS, rows - i), in, w, w_apart, o, stop, bias, added, y, scratch);
        }
    }
}

#endif
