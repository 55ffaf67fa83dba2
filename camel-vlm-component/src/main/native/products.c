/* Products of matrices, and the forms that these take, on tensors. */
#define _DEFAULT_SOURCE
#include <stdlib.h>
#include <sys/mman.h>

#include "operators.h"

/* As many rows take less time to multiply by weights of four bits once these are unpacked. */
enum { MANY_ROWS = 96 };

int multiply_rows(struct tensor *t) {
    struct product p;
    int objection = read_product(&t[0], &t[1], &t[3], &t[4], &p);
    struct numbers w;
    objection = objection ? objection : rows_of(&t[2], &w);
    if (objection) {
        return objection;
    }
    if (w.wide || p.x.wide) {
        return OF_WRONG_TYPE;
    }
    if (t[2].sizes[0] != p.out || t[2].sizes[1] != p.in) {
        return OF_WRONG_SHAPE;
    }
    int missing = 0;
    /* What a kernel takes at once, and twice as much where it takes it from two places. */
    int64_t count = filled_up(stretch(p.out, p.in * 2, stretch_for(p.rows)), p.rows <= 8 ? 96 : 48);
#pragma omp parallel if (is_worth_threads(&p))
    {
        float *scratch = malloc(chosen->rows_scratch());
        if (!scratch) {
#pragma omp atomic write
            missing = 1;
        }
#pragma omp for schedule(dynamic, 1)
        for (int64_t o = 0; o < p.out; o += count) {
            if (scratch) {
                chosen->rows(p.x.first, p.x.apart, p.rows, p.in, w.first, w.apart, o, end_of(o, count, p.out), p.bias, p.added, p.y,
                             scratch);
            }
        }
        free(scratch);
    }
    return missing ? NO_MEMORY : FINE;
}

/* Rounds what is multiplied. The memory that it takes begins at integers, and is the caller's to free. */
static int begin_rounding(const struct product *p, int64_t group, struct rounded *r) {
    r->rows = p->rows;
    r->columns = filled_up(p->in, FOURS_GROUP);
    r->group = group > 0 ? group : r->columns;
    int64_t rows = filled_up(r->rows, ROWS_BLOCK);
    size_t integers = (size_t)(rows * r->columns / COLUMNS_BLOCK * PLACE);
    size_t groups = (size_t)(rows * room_for_groups(*r));
    size_t aligned = (integers + 63) / 64 * 64;
    r->integers = malloc(aligned + groups * (sizeof *r->scales + sizeof *r->less) + 1);
    if (!r->integers) {
        return NO_MEMORY;
    }
    r->scales = (float *)(void *)((char *)r->integers + aligned);
    r->less = (int32_t *)(void *)(r->scales + groups);
    return FINE;
}

int multiply_eights(struct tensor *t) {
    struct product p;
    int objection = read_product(&t[0], &t[1], &t[4], &t[5], &p);
    if (objection) {
        return objection;
    }
    int64_t blocks = filled_up(p.out, BLOCK) / BLOCK;
    int64_t columns = filled_up(p.in, FOURS_GROUP);
    objection = require_dense(&t[2], UINT8, blocks * BLOCK * columns);
    objection = objection ? objection : require_dense(&t[3], FLOAT32, blocks * BLOCK);
    struct rounded x;
    objection = objection ? objection : begin_rounding(&p, 0, &x);
    if (objection) {
        return objection;
    }
    int64_t count = filled_up(stretch(blocks, columns * BLOCK, stretch_for(p.rows)), 2);
#pragma omp parallel if (is_worth_threads(&p))
    {
#pragma omp for schedule(static)
        for (int64_t i = 0; i < p.rows; i++) {
            chosen->round(p.x, i, p.in, x);
        }
#pragma omp for schedule(dynamic, 1)
        for (int64_t b = 0; b < blocks; b += count) {
            chosen->eights(x, t[2].data, t[3].data, b, end_of(b, count, blocks), p.out, p.bias, p.added, p.y);
        }
    }
    free(x.integers);
    return FINE;
}

/* Whether w is codes [out, in / 2], scales and zeros [out / 16, groups, 16], and how many groups there are. */
static int read_fours(const struct tensor *w, int64_t out, int64_t in, int64_t *groups) {
    if (w[1].dimensions != 3 || out % BLOCK || w[1].sizes[1] < 1 || in % w[1].sizes[1]) {
        return OF_WRONG_SHAPE;
    }
    *groups = w[1].sizes[1];
    int64_t group = in / *groups;
    if (group == 0 || group % FOURS_GROUP || group > 256) {
        return OF_WRONG_SHAPE;
    }
    int objection = require_dense(&w[0], UINT8, out * in / 2);
    objection = objection ? objection : require_dense(&w[1], BFLOAT16, out * *groups);
    return objection ? objection : require_dense(&w[2], UINT8, out * *groups);
}

static int few_by_fours(const struct product *p, const struct tensor *w, int64_t groups) {
    struct rounded x;
    int objection = begin_rounding(p, p->in / groups, &x);
    if (objection) {
        return objection;
    }
    int64_t blocks = p->out / BLOCK;
    int64_t count = stretch(blocks, p->in * BLOCK / 2, SHORT_STRETCH);
#pragma omp parallel if (is_worth_threads(p))
    {
#pragma omp for schedule(static)
        for (int64_t i = 0; i < p->rows; i++) {
            chosen->round(p->x, i, p->in, x);
        }
#pragma omp for schedule(dynamic, 1)
        for (int64_t b = 0; b < blocks; b += count) {
            chosen->fours(x, w[0].data, w[1].data, w[2].data, b, end_of(b, count, blocks), p->bias, p->added, p->y);
        }
    }
    free(x.integers);
    return FINE;
}

/* part of n from column begin on */
static struct numbers from_column(struct numbers n, int64_t begin) {
    if (n.first) {
        n.first = (char *)n.first + begin * (n.wide ? 4 : 2);
    }
    return n;
}

/* Two blocks at a time in eight bits, which stay in the processor's cache while all rows are multiplied by them. */
static int many_by_fours(const struct product *p, const struct tensor *w, int64_t groups) {
    struct rounded x;
    int objection = begin_rounding(p, 0, &x);
    if (objection) {
        return objection;
    }
    int missing = 0;
    int64_t blocks = p->out / BLOCK;
#pragma omp parallel
    {
        uint8_t *codes = malloc((size_t)(2 * BLOCK * p->in));
        if (!codes) {
#pragma omp atomic write
            missing = 1;
        }
#pragma omp for schedule(static)
        for (int64_t i = 0; i < p->rows; i++) {
            chosen->round(p->x, i, p->in, x);
        }
#pragma omp for schedule(dynamic, 1)
        for (int64_t b = 0; b < blocks; b += 2) {
            int64_t count = end_of(b, 2, blocks) - b;
            float scales[2 * BLOCK];
            for (int64_t i = 0; codes && i < count; i++) {
                chosen->fours_as_eights(w[0].data, w[1].data, w[2].data, b + i, p->in, groups, codes + i * BLOCK * p->in,
                                        scales + i * BLOCK);
            }
            if (codes) {
                chosen->eights(x, codes, scales, 0, count, count * BLOCK, from_column(p->bias, b * BLOCK),
                               from_column(p->added, b * BLOCK), from_column(p->y, b * BLOCK));
            }
        }
        free(codes);
    }
    free(x.integers);
    return missing ? NO_MEMORY : FINE;
}

int multiply_fours(struct tensor *t) {
    struct product p;
    int objection = read_product(&t[0], &t[1], &t[5], &t[6], &p);
    if (objection) {
        return objection;
    }
    int64_t groups;
    objection = read_fours(&t[2], p.out, p.in, &groups);
    if (objection) {
        return objection;
    }
    return p.rows < MANY_ROWS ? few_by_fours(&p, &t[2], groups) : many_by_fours(&p, &t[2], groups);
}

/* Has memory that nothing was written to yet come in large pages, of which a processor finds each of its many addresses sooner. */
static void prefer_large_pages(void *data, int64_t bytes) {
    enum { LARGE = 1 << 21 };
    uintptr_t begin = ((uintptr_t)data + LARGE - 1) / LARGE * LARGE, end = ((uintptr_t)data + (uintptr_t)bytes) / LARGE * LARGE;
#ifdef MADV_HUGEPAGE
    if (begin < end) {
        /* Where the system has none, pages stay small. */
        (void)madvise((void *)begin, end - begin, MADV_HUGEPAGE);
    }
#endif
}

int round_eights(struct tensor *t) {
    struct numbers w;
    int objection = rows_of(&t[2], &w);
    if (objection) {
        return objection;
    }
    int64_t out = t[2].sizes[0], in = t[2].sizes[1];
    int64_t blocks = filled_up(out, BLOCK) / BLOCK;
    if (in < 1 || in > MOST_INPUTS) {
        return OF_WRONG_SHAPE;
    }
    objection = require_dense(&t[0], UINT8, blocks * BLOCK * filled_up(in, FOURS_GROUP));
    objection = objection ? objection : require_dense(&t[1], FLOAT32, blocks * BLOCK);
    if (objection) {
        return objection;
    }
    prefer_large_pages(t[0].data, blocks * BLOCK * filled_up(in, FOURS_GROUP));
#pragma omp parallel for schedule(dynamic, 4)
    for (int64_t b = 0; b < blocks; b++) {
        chosen->round_eights(w, b, out, in, t[0].data, t[1].data);
    }
    return FINE;
}

int round_fours(struct tensor *t) {
    struct numbers w;
    int objection = rows_of(&t[3], &w);
    if (objection) {
        return objection;
    }
    int64_t out = t[3].sizes[0], in = t[3].sizes[1];
    if (out % BLOCK || in % FOURS_GROUP || in < 1 || in > MOST_INPUTS) {
        return OF_WRONG_SHAPE;
    }
    objection = require_dense(&t[0], UINT8, out * in / 2);
    objection = objection ? objection : require_dense(&t[1], BFLOAT16, out * in / FOURS_GROUP);
    objection = objection ? objection : require_dense(&t[2], UINT8, out * in / FOURS_GROUP);
    if (objection) {
        return objection;
    }
    prefer_large_pages(t[0].data, out * in / 2);
#pragma omp parallel for schedule(dynamic, 4)
    for (int64_t b = 0; b < out / BLOCK; b++) {
        chosen->round_fours(w, b, in, t[0].data, t[1].data, t[2].data);
    }
    return FINE;
}

int unpack_fours(struct tensor *t) {
    struct numbers to;
    int objection = rows_of(&t[0], &to);
    if (objection) {
        return objection;
    }
    int64_t groups, out = t[0].sizes[0], in = t[0].sizes[1];
    objection = read_fours(&t[1], out, in, &groups);
    if (objection) {
        return objection;
    }
#pragma omp parallel for schedule(dynamic, 2)
    for (int64_t b = 0; b < out / BLOCK; b++) {
        chosen->unpack_fours(t[1].data, t[2].data, t[3].data, b, in, groups, to);
    }
    return FINE;
}
