/* Products with weights in bfloat16, rows as they are stored. */
#ifndef VLM_ROWS_H
#define VLM_ROWS_H

#include "numbers.h"

/* Rows of x that are taken at once, outputs, and inputs: what they have in common stays in the processor's first cache. */
enum { MOST_ROWS = 16, CHUNK = 3 * BLOCK, PART = 512 };

/* How many tiles it takes until memory has answered. */
enum { TILES_AHEAD = 8 };

static size_t rows_scratch(void) { return (size_t)MOST_ROWS * CHUNK * BLOCK * sizeof(float); }

INLINE Pairs load_part(const uint16_t *p, int64_t count) {
    uint16_t part[32] = {0};
    memcpy(part, p, (size_t)count * sizeof *p);
    return load_pairs(part);
}

/* Fetches 32 weights into the first cache alone, since they are soon used, and then no more. Files store them anywhere, so that they mostly
 * lie in two lines; and a processor that waits for many lines already passes over what it is asked for, so that it helps to ask twice. */
INLINE void fetch_pairs(const uint16_t *p) {
    __builtin_prefetch(p, 0, 0);
    __builtin_prefetch(p + 31, 0, 0);
}

/* Adds to sums [r, o] the products of inputs from begin to end. Of as many rows of weights as are fetched, as much is fetched into the
 * cache meanwhile. */
INLINE void rows_tile(int r, int o, const uint16_t *x, int64_t x_apart, const uint16_t *w, int64_t w_apart, int64_t begin, int64_t end,
                      int fetched, const uint16_t *from, int64_t from_apart, float *sums, int64_t rows_apart, int64_t outs_apart) {
    Floats a[STREAM_ROWS][OUT_TILE];
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < o; j++) {
            a[i][j] = begin == 0 ? zero_floats() : load_floats(sums + i * rows_apart + j * outs_apart);
        }
    }
    int64_t k = begin;
    for (; k + 32 <= end; k += 32) {
        Pairs v[OUT_TILE];
#pragma GCC unroll 16
        for (int j = 0; j < fetched; j++) {
            fetch_pairs(from + j * from_apart + k - begin);
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
            store_floats(sums + i * rows_apart + j * outs_apart, a[i][j]);
        }
    }
}

/* Some rows by few outputs, of weights that each tile fetches a part of for the tiles to come, so that memory never waits for arithmetic,
 * or the other way round. */
INLINE void rows_tiles(int o, int64_t rows, const uint16_t *x, int64_t x_apart, const uint16_t *w, int64_t w_apart, int64_t begin,
                       int64_t end, const uint16_t *next, float *sums, int64_t sums_apart) {
    int64_t i = 0, tiles = rows / ROW_TILE;
    int64_t fetched = next ? (OUT_TILE + tiles - 1) / tiles : 0, left = next ? OUT_TILE : 0;
    for (; i + ROW_TILE <= rows; i += ROW_TILE, next += fetched * w_apart, left -= fetched) {
        const uint16_t *u = x + i * x_apart;
        float *s = sums + i * sums_apart;
        if (left <= 0) {
            rows_tile(ROW_TILE, o, u, x_apart, w, w_apart, begin, end, 0, NULL, 0, s, sums_apart, BLOCK);
        } else if (fetched == 1) {
            rows_tile(ROW_TILE, o, u, x_apart, w, w_apart, begin, end, 1, next, w_apart, s, sums_apart, BLOCK);
        } else if (fetched == OUT_TILE) {
            rows_tile(ROW_TILE, o, u, x_apart, w, w_apart, begin, end, OUT_TILE, next, w_apart, s, sums_apart, BLOCK);
        } else {
            rows_tile(ROW_TILE, o, u, x_apart, w, w_apart, begin, end, OUT_TILE / 2, next, w_apart, s, sums_apart, BLOCK);
        }
    }
    for (; i + 2 <= rows; i += 2) {
        rows_tile(2, o, x + i * x_apart, x_apart, w, w_apart, begin, end, 0, NULL, 0, sums + i * sums_apart, sums_apart, BLOCK);
    }
    for (; i < rows; i++) {
        rows_tile(1, o, x + i * x_apart, x_apart, w, w_apart, begin, end, 0, NULL, 0, sums + i * sums_apart, sums_apart, BLOCK);
    }
}

/* A chunk of outputs of more rows than a tile has. */
static void some_rows(const uint16_t *x, int64_t x_apart, int64_t first, int64_t rows, int64_t in, const uint16_t *w, int64_t w_apart,
                      int64_t begin, int64_t end, struct numbers bias, struct numbers added, struct numbers y, float *sums) {
    int64_t sums_apart = CHUNK * BLOCK;
    int64_t tiles = rows / ROW_TILE;
    int64_t ahead = tiles ? (TILES_AHEAD + tiles - 1) / tiles * OUT_TILE : 0;
    for (int64_t k = 0; k < in; k += PART) {
        int64_t stop = least(k + PART, in);
        int64_t o = begin;
        for (; o + OUT_TILE <= end; o += OUT_TILE) {
            int64_t far = o + ahead;
            const uint16_t *next = NULL;
            if (tiles) {
                next = far < end || stop == in ? w + far * w_apart + (far < end ? k : 0) : w + (begin + far - end) * w_apart + stop;
            }
            rows_tiles(OUT_TILE, rows, x, x_apart, w + o * w_apart, w_apart, k, stop, next, sums + (o - begin) * BLOCK, sums_apart);
        }
        for (; o < end; o++) {
            rows_tiles(1, rows, x, x_apart, w + o * w_apart, w_apart, k, stop, NULL, sums + (o - begin) * BLOCK, sums_apart);
        }
    }
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t o = begin; o < end; o += BLOCK) {
            put_lanes(y, first + i, o, least(BLOCK, end - o), sums_of(sums + i * sums_apart + (o - begin) * BLOCK), bias, added);
        }
    }
}

/* Few rows by two stretches of weights at once, each from its begin to its end. One row leaves the processor enough
 * room to read ahead by itself. */
INLINE void rows_streams(int r, const uint16_t *x, int64_t x_apart, int64_t in, const uint16_t *w, int64_t w_apart, int64_t begin,
                         int64_t end, struct numbers bias, struct numbers added, struct numbers y) {
    enum { AHEAD = 2048 };
    float sums[2 * STREAM_ROWS * BLOCK * BLOCK];
    int64_t half = (end - begin) / 2 / BLOCK * BLOCK;
    for (int64_t o = begin; o < begin + half; o += BLOCK) {
        for (int64_t i = 0; i < BLOCK; i++) {
            const uint16_t *v = w + (o + i) * w_apart;
            rows_tile(r, 2, x, x_apart, v, half * w_apart, 0, in, r > 1 ? 2 : 0, v + AHEAD, half * w_apart, sums + i * BLOCK,
                      BLOCK * BLOCK, STREAM_ROWS * BLOCK * BLOCK);
        }
        for (int64_t i = 0; i < r; i++) {
            put_lanes(y, i, o, BLOCK, sums_of(sums + i * BLOCK * BLOCK), bias, added);
            put_lanes(y, i, o + half, BLOCK, sums_of(sums + (STREAM_ROWS + i) * BLOCK * BLOCK), bias, added);
        }
    }
    for (int64_t o = begin + 2 * half; o < end; o += BLOCK) {
        int64_t count = least(BLOCK, end - o);
        for (int64_t i = 0; i < count; i++) {
            rows_tile(r, 1, x, x_apart, w + (o + i) * w_apart, w_apart, 0, in, 0, NULL, 0, sums + i * BLOCK, BLOCK * BLOCK, 0);
        }
        for (int64_t i = 0; i < r; i++) {
            put_lanes(y, i, o, count, sums_of(sums + i * BLOCK * BLOCK), bias, added);
        }
    }
}

#define STREAMS(r) \
    case r: rows_streams(r, x, x_apart, in, w, w_apart, begin, end, bias, added, y); return

static void rows(const uint16_t *x, int64_t x_apart, int64_t rows, int64_t in, const uint16_t *w, int64_t w_apart, int64_t begin,
                 int64_t end, struct numbers bias, struct numbers added, struct numbers y, float *scratch) {
    /* More numbers than a fast cache has room for are better read for more than two outputs at once. */
    enum { FEW_NUMBERS = 49152 };
    if (rows <= 2 || rows * in <= FEW_NUMBERS) {
        switch (rows) {
            STREAMS(1);
            STREAMS(2);
#if defined(__AVX512F__)
            STREAMS(3);
            STREAMS(4);
            STREAMS(5);
            STREAMS(6);
            STREAMS(7);
            STREAMS(8);
#endif
        default: break;
        }
    }
    for (int64_t o = begin; o < end; o += CHUNK) {
        for (int64_t i = 0; i < rows; i += MOST_ROWS) {
            some_rows(x + i * x_apart, x_apart, i, least(MOST_ROWS, rows - i), in, w, w_apart, o, least(o + CHUNK, end), bias, added, y,
                      scratch);
        }
    }
}

#endif
