package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.CodePoints;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What a {@link Grammar} is as nodes of bytes. Each rule has nodes of its own, from {@link #start} to an {@link #END}.
 * A node within a counted repetition carries the number of times that are done; outside of those it is 0.
 */
final class Nfa {
    /** Its values: lowest byte, highest byte, next node; for each of its edges. */
    static final byte BYTES = 0;
    /** Its values: the nodes that it stands for. */
    static final byte SPLIT = 1;
    /** Its values: the rule, the node after it, 1 where the rule may be skipped since it may be empty. */
    static final byte CALL = 2;
    /** Its values: fewest times, most times, first node of what is repeated, the node after it. */
    static final byte LOOP = 3;
    /** Ends one of the times of a repetition. Its value: the {@link #LOOP}. */
    static final byte NEXT = 4;
    /** The end of a rule. */
    static final byte END = 5;

    /** What each node is. */
    final byte[] kind;
    /** The values of each node. */
    final int[][] values;
    /** The first node of each rule. */
    final int[] start;
    /** The {@link #LOOP} that a node's count belongs to, or -1. */
    final int[] loop;
    /** The characters of which one leads from this node to itself again, where that is all that they do; else null. */
    final CodePoints[] run;
    /** Those of the {@link #run} nodes of which each time counts for their {@link #loop}. */
    final BitSet counted;
    /** The class of each byte: those of one class are alike for every node. */
    final int[] byteClass = new int[256];
    /** A byte of each class. */
    final int[] byteOf;

    private final long bytes;

    Nfa(byte[] kind, int[][] values, int[] start, int[] loop, CodePoints[] run, BitSet counted) {
        this.kind = kind;
        this.values = values;
        this.start = start;
        this.loop = loop;
        this.run = run;
        this.counted = counted;
        bytes = Arrays.stream(values).mapToLong(node -> 50 + 4L * node.length).sum();
        boolean[] boundary = new boolean[257];
        for (int node = 0; node < kind.length; node++) {
            if (kind[node] == BYTES) {
                int[] edges = values[node];
                for (int i = 0; i < edges.length; i += 3) {
                    boundary[edges[i]] = true;
                    boundary[edges[i + 1] + 1] = true;
                }
            }
        }
        int[] first = new int[256];
        int classes = 0;
        for (int value = 0; value < 256; value++) {
            if (value == 0 || boundary[value]) {
                first[classes++] = value;
            }
            byteClass[value] = classes - 1;
        }
        byteOf = Arrays.copyOf(first, classes);
    }

    /** About the memory that the nodes take, with what others tell of each. */
    long bytes() {
        return bytes;
    }

    int size() {
        return kind.length;
    }

    /** Marks the classes of the bytes that may follow at a node. */
    void markClasses(int node, boolean[] classes) {
        int[] edges = values[node];
        for (int edge = 0; edge < edges.length; edge += 3) {
            Arrays.fill(classes, byteClass[edges[edge]], byteClass[edges[edge + 1]] + 1, true);
        }
    }
}
