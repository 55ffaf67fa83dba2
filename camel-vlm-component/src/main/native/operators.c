/* The kernels as operators of libtorch, by its C interface: no header of it, no C++, and no version to match beyond 2.7.
 *
 * An operator looks at everything that it is given before it reads a number. It cannot throw, so each returns 0, or the number of
 * what it objects to, which the program's text makes an exception of. It owns the tensors that it is given, and lets go of them.
 */
#include <math.h>
#include <stdlib.h>

#include "kernels.h"
#include "tensors.h"

extern int32_t aoti_torch_library_init_fragment(const char *ns, const char *file, uint32_t line, Handle *library);
extern int32_t aoti_torch_library_init_impl(const char *ns, const char *key, const char *file, uint32_t line, Handle *library);
extern int32_t aoti_torch_library_def(Handle library, const char *schema);
extern int32_t aoti_torch_library_impl(Handle library, const char *name, void (*operator)(Value *, uint64_t, uint64_t));

static const struct kernels *chosen;

/* As many rows take less time to multiply by weights of four bits once these are unpacked. */
enum { MANY_ROWS = 96 };

static int multiply_rows(struct tensor *t) {
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
    int64_t count = filled_up(stretch(p.out, p.in * 2), 16);
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
    size_t integers = (size_t)(r->rows * r->columns);
    size_t groups = (size_t)(r->rows * (r->columns / r->group));
    size_t aligned = (integers + 63) / 64 * 64;
    r->integers = malloc(aligned + groups * (sizeof *r->scales + sizeof *r->sums) + 1);
    if (!r->integers) {
        return NO_MEMORY;
    }
    r->scales = (float *)(void *)((char *)r->integers + aligned);
    r->sums = (int32_t *)(void *)(r->scales + groups);
    return FINE;
}

static int multiply_eights(struct tensor *t) {
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
    int64_t count = filled_up(stretch(blocks, columns * BLOCK), 2);
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
    int64_t count = stretch(blocks, p->in * BLOCK / 2);
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

static int multiply_fours(struct tensor *t) {
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

static int round_eights(struct tensor *t) {
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
#pragma omp parallel for schedule(dynamic, 4)
    for (int64_t b = 0; b < blocks; b++) {
        chosen->round_eights(w, b, out, in, t[0].data, t[1].data);
    }
    return FINE;
}

static int round_fours(struct tensor *t) {
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
#pragma omp parallel for schedule(dynamic, 4)
    for (int64_t b = 0; b < out / BLOCK; b++) {
        chosen->round_fours(w, b, in, t[0].data, t[1].data, t[2].data);
    }
    return FINE;
}

static int unpack_fours(struct tensor *t) {
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

/* Attention of one token for each of some sequences: y [sequences, heads * size], q [sequences, heads, size], keys and values [key heads,
 * tokens, size], starts and lengths [sequences]: where each begins among the tokens, and how many it has. */
static int attend(struct tensor *t) {
    if (t[1].dimensions != 3 || t[2].dimensions != 3 || t[3].dimensions != 3) {
        return OF_WRONG_SHAPE;
    }
    int64_t sequences = t[1].sizes[0], heads = t[1].sizes[1], size = t[1].sizes[2];
    int64_t key_heads = t[2].sizes[0], tokens = t[2].sizes[1];
    if (key_heads < 1 || heads % key_heads || size % 32 || size < 32 || t[2].sizes[2] != size || t[0].dimensions != 2
        || t[0].sizes[0] != sequences) {
        return OF_WRONG_SHAPE;
    }
    int objection = require_dense(&t[0], BFLOAT16, sequences * heads * size);
    objection = objection ? objection : require_dense(&t[2], BFLOAT16, key_heads * tokens * size);
    objection = objection ? objection : require_dense(&t[3], BFLOAT16, key_heads * tokens * size);
    objection = objection ? objection : require_dense(&t[4], INT32, sequences);
    objection = objection ? objection : require_dense(&t[5], INT32, sequences);
    if (objection) {
        return objection;
    }
    if (t[1].dtype != BFLOAT16) {
        return OF_WRONG_TYPE;
    }
    if (t[1].strides[2] != 1 || t[1].strides[1] != size || (sequences > 1 && t[1].strides[0] < heads * size)) {
        return NOT_ROW_BY_ROW;
    }
    const int32_t *starts = t[4].data, *lengths = t[5].data;
    int64_t longest = 0;
    for (int64_t i = 0; i < sequences; i++) {
        if (starts[i] < 0 || lengths[i] < 1 || starts[i] > tokens || lengths[i] > tokens - starts[i]) {
            return OF_WRONG_SHAPE;
        }
        longest = lengths[i] > longest ? lengths[i] : longest;
    }
    int missing = 0;
    int64_t group = heads / key_heads;
    float by = (float)(1 / (0.69314718055994531 * sqrt((double)size)));
#pragma omp parallel if (sequences * longest > 16)
    {
        float *scratch = malloc((size_t)(chosen->queries * filled_up(longest, BLOCK)) * sizeof *scratch + 1);
        if (!scratch) {
#pragma omp atomic write
            missing = 1;
        }
#pragma omp for schedule(dynamic, 1)
        for (int64_t i = 0; i < sequences * key_heads; i++) {
            int64_t s = i / key_heads, h = i % key_heads;
            const uint16_t *q = (const uint16_t *)t[1].data + s * t[1].strides[0] + h * group * size;
            int64_t place = (h * tokens + starts[s]) * size;
            if (scratch) {
                chosen->attend(q, (const uint16_t *)t[2].data + place, (const uint16_t *)t[3].data + place, group, lengths[s], size, by,
                               scratch, (uint16_t *)t[0].data + (s * heads + h * group) * size);
            }
        }
        free(scratch);
    }
    return missing ? NO_MEMORY : FINE;
}

enum { MOST_TENSORS = 7 };

static void call(Value *stack, int count, int (*operator)(struct tensor *)) {
    struct tensor t[MOST_TENSORS];
    int objection = FINE;
    for (int i = 0; i < count; i++) {
        int one = read_tensor(stack[i], &t[i]);
        objection = objection ? objection : one;
    }
    if (!objection) {
        objection = operator(t);
    }
    for (int i = 0; i < count; i++) {
        aoti_torch_delete_tensor_object((Handle)(uintptr_t)stack[i]);
    }
    stack[0] = (Value)objection;
}

#define OPERATOR(name, count) \
    static void operator_##name(Value *stack, uint64_t arguments, uint64_t results) { \
        (void)arguments; \
        (void)results; \
        call(stack, count, name); \
    }

OPERATOR(multiply_rows, 5)
OPERATOR(multiply_eights, 6)
OPERATOR(multiply_fours, 7)
OPERATOR(round_eights, 3)
OPERATOR(round_fours, 4)
OPERATOR(unpack_fours, 4)
OPERATOR(attend, 6)

static const struct {
    const char *name, *schema;
    void (*operator)(Value *, uint64_t, uint64_t);
} operators[] = {
    {"rows", "rows(Tensor(a!) y, Tensor x, Tensor w, Tensor bias, Tensor added) -> int", operator_multiply_rows},
    {"eights", "eights(Tensor(a!) y, Tensor x, Tensor codes, Tensor scales, Tensor bias, Tensor added) -> int",
     operator_multiply_eights},
    {"fours", "fours(Tensor(a!) y, Tensor x, Tensor codes, Tensor scales, Tensor zeros, Tensor bias, Tensor added) -> int",
     operator_multiply_fours},
    {"round_eights", "round_eights(Tensor(a!) codes, Tensor(b!) scales, Tensor w) -> int", operator_round_eights},
    {"round_fours", "round_fours(Tensor(a!) codes, Tensor(b!) scales, Tensor(c!) zeros, Tensor w) -> int", operator_round_fours},
    {"unpack_fours", "unpack_fours(Tensor(a!) w, Tensor codes, Tensor scales, Tensor zeros) -> int", operator_unpack_fours},
    {"attend", "attend(Tensor(a!) y, Tensor q, Tensor keys, Tensor values, Tensor starts, Tensor lengths) -> int", operator_attend},
};

/* What the library is, so that a caller can tell whether it is the one that it was built with. */
#define EXPORTED __attribute__((visibility("default")))

EXPORTED int32_t vlm_revision(void) { return 1; }

/* The name of the set of kernels for this processor; NULL if there is none. */
EXPORTED const char *vlm_instructions(void) {
    const struct kernels *here = kernels_here();
    return here ? here->name : NULL;
}

/* Has the operators use the set of this name from now on. No product may be on its way. -> 0, or 1 if the processor does not run it */
EXPORTED int32_t vlm_use(const char *name) {
    const struct kernels *set = kernels_named(name);
    chosen = set ? set : chosen;
    return set ? 0 : 1;
}

/* Tells libtorch the operators, once in a process. -> 0, or 1 if the processor has no kernels, or 2 if libtorch refuses them */
EXPORTED int32_t vlm_register(void) {
    Handle library, implementation;
    chosen = kernels_here();
    if (!chosen) {
        return 1;
    }
    if (aoti_torch_library_init_fragment("vlm", "operators.c", 1, &library)) {
        return 2;
    }
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (aoti_torch_library_def(library, operators[i].schema)) {
            return 2;
        }
    }
    if (aoti_torch_library_init_impl("vlm", "CPU", "operators.c", 2, &implementation)) {
        return 2;
    }
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (aoti_torch_library_impl(implementation, operators[i].name, operators[i].operator)) {
            return 2;
        }
    }
    return 0;
}
