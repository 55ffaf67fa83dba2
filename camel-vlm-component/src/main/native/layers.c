/* What a decoder's layer does between its products, on tensors. */
#include <math.h>
#include <stdlib.h>

#include "operators.h"

/* To wake a thread takes longer than to compute so many numbers. */
enum { FEW_NUMBERS = 32768 };

/* Attention of one token for each of some sequences: y [sequences, heads * size], q [sequences, heads, size], keys and values [key heads,
 * tokens, size], starts and lengths [sequences]: where each begins among the tokens, and how many it has. */
int attend(struct tensor *t) {
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

/* y [rows, columns] = x, each row by the root of the mean of its squares, times weight [columns] */
int norm(struct tensor *t, double epsilon) {
    struct numbers y, x;
    int objection = rows_of(&t[0], &y);
    objection = objection ? objection : rows_of(&t[1], &x);
    if (objection) {
        return objection;
    }
    int64_t rows = t[1].sizes[0], columns = t[1].sizes[1];
    if (t[0].sizes[0] != rows || t[0].sizes[1] != columns) {
        return OF_WRONG_SHAPE;
    }
    if (t[0].dtype != t[1].dtype) {
        return OF_WRONG_TYPE;
    }
    objection = require_dense(&t[2], t[1].dtype, columns);
    if (objection) {
        return objection;
    }
    struct numbers weight = {t[2].data, columns, x.wide};
#pragma omp parallel for if (rows > 1 && rows * columns > FEW_NUMBERS)
    for (int64_t i = 0; i < rows; i++) {
        chosen->norm(x, i, columns, weight, (float)epsilon, y);
    }
    return FINE;
}

/* Turns the heads of queries and keys in qkv [tokens, heads + 2 * key heads, size], normed before if q_norm and k_norm [size] are not
 * empty, by cos and sin [tokens, size / 2]; and writes keys and values to their places [tokens] in the cache, [key heads, places, size]. */
int turn(struct tensor *t, double epsilon) {
    const struct tensor *qkv = &t[0], *keys = &t[1], *values = &t[2];
    if (qkv->dimensions != 3 || keys->dimensions != 3 || values->dimensions != 3) {
        return OF_WRONG_SHAPE;
    }
    int64_t tokens = qkv->sizes[0], all = qkv->sizes[1], size = qkv->sizes[2];
    int64_t key_heads = keys->sizes[0], most = keys->sizes[1];
    if (size < 32 || size % 32 || all <= 2 * key_heads || keys->sizes[2] != size) {
        return OF_WRONG_SHAPE;
    }
    if (qkv->dtype != BFLOAT16) {
        return OF_WRONG_TYPE;
    }
    if (qkv->strides[2] != 1 || qkv->strides[1] != size || (tokens > 1 && qkv->strides[0] < all * size)) {
        return NOT_ROW_BY_ROW;
    }
    int objection = require_dense(keys, BFLOAT16, key_heads * most * size);
    objection = objection ? objection : require_dense(values, BFLOAT16, key_heads * most * size);
    for (int i = 3; i < 5; i++) {
        objection = objection || is_empty(&t[i]) ? objection : require_dense(&t[i], BFLOAT16, size);
    }
    for (int i = 5; i < 7; i++) {
        objection = objection ? objection : require_dense(&t[i], BFLOAT16, tokens * size / 2);
    }
    objection = objection ? objection : require_dense(&t[7], INT64, tokens);
    if (objection) {
        return objection;
    }
    const int64_t *places = t[7].data;
    for (int64_t i = 0; i < tokens; i++) {
        if (places[i] < 0 || places[i] >= most) {
            return OF_WRONG_SHAPE;
        }
    }
    struct heads heads = {all - 2 * key_heads,
                          key_heads,
                          size,
                          is_empty(&t[3]) ? NULL : t[3].data,
                          is_empty(&t[4]) ? NULL : t[4].data,
                          (float)epsilon,
                          keys->data,
                          values->data,
                          most};
#pragma omp parallel for if (tokens > 1 && tokens * all * size > FEW_NUMBERS)
    for (int64_t i = 0; i < tokens; i++) {
        chosen->turn((uint16_t *)qkv->data + i * qkv->strides[0], (const uint16_t *)t[5].data + i * size / 2,
                     (const uint16_t *)t[6].data + i * size / 2, places[i], heads);
    }
    return FINE;
}

/* y [rows, columns] = silu(gate) * up */
int gate(struct tensor *t) {
    struct numbers n[3];
    for (int i = 0; i < 3; i++) {
        int objection = rows_of(&t[i], &n[i]);
        if (objection) {
            return objection;
        }
        if (t[i].dtype != t[0].dtype) {
            return OF_WRONG_TYPE;
        }
        if (t[i].sizes[0] != t[0].sizes[0] || t[i].sizes[1] != t[0].sizes[1]) {
            return OF_WRONG_SHAPE;
        }
    }
    int64_t rows = t[0].sizes[0], columns = t[0].sizes[1];
#pragma omp parallel for if (rows > 1 && rows * columns > FEW_NUMBERS)
    for (int64_t i = 0; i < rows; i++) {
        chosen->gate(n[1], n[2], i, columns, n[0]);
    }
    return FINE;
}
