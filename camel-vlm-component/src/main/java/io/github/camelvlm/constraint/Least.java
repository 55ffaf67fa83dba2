package io.github.camelvlm.constraint;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * The least of something from each node to the end of its rule, as the smallest numbers that agree with each other. For
 * nodes within a counted repetition it is that to the end of one time.
 */
abstract class Least {
    /** From where there is no way. */
    static final int NEVER = 1 << 30;
    /** What is more counts as this. */
    static final int FAR = 1 << 29;

    final Nfa nfa;

    Least(Nfa nfa) {
        this.nfa = nfa;
    }

    /** From a node of bytes, given that of other nodes. */
    abstract int ofBytes(int node, IntUnaryOperator of);

    /** @return that of a rule that is called */
    abstract int ofCall(int rule);

    /** @return that of one thing and what follows it */
    abstract int ofSequence(int one, int after);

    /** @return that of several times of a repetition, given that of one time */
    abstract int ofTimes(int loop, int times, int once);

    /** Nodes beside those of its edges that a node of bytes depends on come later in this order. */
    int[] solve() {
        int nodes = nfa.size();
        int[][] users = users();
        int[] least = new int[nodes];
        Arrays.fill(least, NEVER);
        int[] queue = new int[nodes + 1];
        boolean[] queued = new boolean[nodes];
        int head = 0;
        int tail = 0;
        for (int node = 0; node < nodes; node++) {
            queue[tail++] = node;
            queued[node] = true;
        }
        while (head != tail) {
            int node = queue[head];
            head = head == nodes ? 0 : head + 1;
            queued[node] = false;
            int value = of(node, least);
            if (value < least[node]) {
                least[node] = value;
                for (int user : users[node]) {
                    if (!queued[user]) {
                        queued[user] = true;
                        queue[tail] = user;
                        tail = tail == nodes ? 0 : tail + 1;
                    }
                }
            }
        }
        return least;
    }

    private int of(int node, int[] least) {
        int[] values = nfa.values[node];
        return switch (nfa.kind[node]) {
            case Nfa.BYTES -> ofBytes(node, other -> least[other]);
            case Nfa.SPLIT -> {
                int best = NEVER;
                for (int target : values) {
                    best = Math.min(best, least[target]);
                }
                yield best;
            }
            case Nfa.CALL -> {
                int after = least[values[1]];
                int rule = least[nfa.start[values[0]]];
                int called = rule == NEVER || after == NEVER ? NEVER : ofSequence(ofCall(rule), after);
                yield values[2] == 1 ? Math.min(called, after) : called;
            }
            case Nfa.LOOP -> {
                int once = least[values[2]];
                int after = least[values[3]];
                yield after == NEVER || values[0] > 0 && once == NEVER
                        ? NEVER
                        : ofSequence(values[0] == 0 ? 0 : ofTimes(node, values[0], once), after);
            }
            default -> 0;
        };
    }

    private int[][] users() {
        int[] count = new int[nfa.size()];
        forEachUse((node, used) -> count[used]++);
        int[][] users = new int[nfa.size()][];
        for (int node = 0; node < users.length; node++) {
            users[node] = count[node] == 0 ? NONE : new int[count[node]];
        }
        forEachUse((node, used) -> users[used][--count[used]] = node);
        return users;
    }

    private static final int[] NONE = new int[0];

    private interface Use {
        void of(int node, int used);
    }

    private void forEachUse(Use use) {
        for (int node = 0; node < nfa.size(); node++) {
            int[] values = nfa.values[node];
            switch (nfa.kind[node]) {
                case Nfa.BYTES -> {
                    for (int i = 2; i < values.length; i += 3) {
                        use.of(node, values[i]);
                    }
                }
                case Nfa.SPLIT -> {
                    for (int target : values) {
                        use.of(node, target);
                    }
                }
                case Nfa.CALL -> {
                    use.of(node, nfa.start[values[0]]);
                    use.of(node, values[1]);
                }
                case Nfa.LOOP -> {
                    use.of(node, values[2]);
                    use.of(node, values[3]);
                }
                default -> {}
            }
        }
    }
}
