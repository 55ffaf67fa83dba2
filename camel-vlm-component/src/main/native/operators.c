/* The kernels as operators of libtorch, by its C interface: no header of it, no C++, and no version to match beyond 2.7.
 *
 * An operator looks at everything that it is given before it reads a number. It cannot throw, so each returns 0, or the number of
 * what it objects to, which the program's text makes an exception of. It owns the tensors that it is given, and lets go of them.
 */
#include <string.h>

#include "operators.h"

extern int32_t aoti_torch_library_init_fragment(const char *ns, const char *file, uint32_t line, Handle *library);
extern int32_t aoti_torch_library_init_impl(const char *ns, const char *key, const char *file, uint32_t line, Handle *library);
extern int32_t aoti_torch_library_def(Handle library, const char *schema);
extern int32_t aoti_torch_library_impl(Handle library, const char *name, void (*operator)(Value *, uint64_t, uint64_t));

const struct kernels *chosen;

enum { MOST_TENSORS = 8 };

static int read_tensors(const Value *stack, int count, struct tensor *t) {
    int objection = FINE;
    for (int i = 0; i < count; i++) {
        int one = read_tensor(stack[i], &t[i]);
        objection = objection ? objection : one;
    }
    return objection;
}

static void end(Value *stack, int count, int objection) {
    for (int i = 0; i < count; i++) {
        aoti_torch_delete_tensor_object((Handle)(uintptr_t)stack[i]);
    }
    stack[0] = (Value)objection;
}

static double number_of(Value value) {
    double number;
    memcpy(&number, &value, sizeof number);
    return number;
}

#define OPERATOR(name, count) \
    static void operator_##name(Value *stack, uint64_t arguments, uint64_t results) { \
        (void)arguments; \
        (void)results; \
        struct tensor t[MOST_TENSORS]; \
        int objection = read_tensors(stack, count, t); \
        end(stack, count, objection ? objection : name(t)); \
    }

/* One whose tensors a number follows. */
#define OPERATOR_WITH_NUMBER(name, count) \
    static void operator_##name(Value *stack, uint64_t arguments, uint64_t results) { \
        (void)arguments; \
        (void)results; \
        struct tensor t[MOST_TENSORS]; \
        int objection = read_tensors(stack, count, t); \
        end(stack, count, objection ? objection : name(t, number_of(stack[count]))); \
    }

OPERATOR(multiply_rows, 5)
OPERATOR(multiply_eights, 6)
OPERATOR(multiply_fours, 7)
OPERATOR(round_eights, 3)
OPERATOR(round_fours, 4)
OPERATOR(unpack_fours, 4)
OPERATOR(attend, 6)
OPERATOR_WITH_NUMBER(norm, 3)
OPERATOR_WITH_NUMBER(turn, 8)
OPERATOR(gate, 3)

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
    {"norm", "norm(Tensor(a!) y, Tensor x, Tensor weight, float epsilon) -> int", operator_norm},
    {"turn",
     "turn(Tensor(a!) qkv, Tensor(b!) keys, Tensor(c!) values, Tensor q_norm, Tensor k_norm, Tensor cos, Tensor sin, Tensor places, "
     "float epsilon) -> int",
     operator_turn},
    {"gate", "gate(Tensor(a!) y, Tensor gate, Tensor up) -> int", operator_gate},
};

/* What the library is, so that a caller can tell whether it is the one that it was built with. */
#define EXPORTED __attribute__((visibility("default")))

EXPORTED int32_t vlm_revision(void) { return 2; }

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
