package io.github.camelvlm.engine;

import io.github.camelvlm.chat.InvalidRequestException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Texts as tokens, of which only those count that tell them apart: each text up to the first token that no other one has in
 * its place, be that its end.
 */
final class ChoiceTree {
    private final int[] ends;
    /** Per text its tokens; one that ends is followed by {@link #END}. */
    private final List<List<Integer>> texts;
    /** What may follow each beginning that several texts share. */
    private final Map<List<Integer>, Set<Integer>> followers = new LinkedHashMap<>();

    private static final int END = -1;

    /**
     * @param tokens the tokens of each text
     * @param ends the ids of the tokens that end a turn
     * @throws InvalidRequestException if two texts are the same tokens
     */
    ChoiceTree(List<int[]> tokens, Set<Integer> ends) {
        this.ends = ends.stream().mapToInt(Integer::intValue).sorted().toArray();
        Map<List<Integer>, Integer> beginnings = new HashMap<>();
        List<List<Integer>> whole = new ArrayList<>();
        for (int[] text : tokens) {
            List<Integer> ids = new ArrayList<>();
            Arrays.stream(text).forEach(ids::add);
            ids.add(END);
            whole.add(ids);
            for (int i = 1; i <= ids.size(); i++) {
                beginnings.merge(ids.subList(0, i), 1, Integer::sum);
            }
        }
        texts = whole.stream().map(ids -> apart(ids, beginnings)).toList();
        for (List<Integer> text : texts) {
            for (int i = 0; i < text.size(); i++) {
                followers
                        .computeIfAbsent(text.subList(0, i), beginning -> new LinkedHashSet<>())
                        .add(text.get(i));
            }
        }
    }

    private static List<Integer> apart(List<Integer> ids, Map<List<Integer>, Integer> beginnings) {
        for (int i = 1; i <= ids.size(); i++) {
            if (beginnings.get(ids.subList(0, i)) == 1) {
                return List.copyOf(ids.subList(0, i));
            }
        }
        throw new InvalidRequestException("choices", "hold the same text twice: leave one out");
    }

    /** The beginnings, without those that another one goes on from: what must be computed to judge all texts. */
    List<int[]> paths() {
        Set<List<Integer>> paths = new LinkedHashSet<>(followers.keySet());
        for (List<Integer> beginning : followers.keySet()) {
            for (int i = 0; i < beginning.size(); i++) {
                paths.remove(beginning.subList(0, i));
            }
        }
        return paths.stream()
                .map(path -> path.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    /** The tokens to be judged after each token of a path, and before its first one. */
    List<int[]> targets(int[] path) {
        List<int[]> targets = new ArrayList<>();
        for (int i = 0; i <= path.length; i++) {
            targets.add(followers(path, i).stream()
                    .flatMapToInt(id -> id == END ? Arrays.stream(ends) : Arrays.stream(new int[] {id}))
                    .toArray());
        }
        return targets;
    }

    private Set<Integer> followers(int[] path, int length) {
        return followers.get(Arrays.stream(path, 0, length).boxed().toList());
    }

    /** The tokens of a text that count. */
    int length(int text) {
        return texts.get(text).size();
    }

    /**
     * The probabilities of the texts, which together are 1.
     *
     * @param logprobs per {@link #paths path}, those of its {@link #targets}, one after the other
     */
    List<Double> probabilities(List<double[]> logprobs) {
        Map<List<Integer>, Map<Integer, Double>> told = new HashMap<>();
        List<int[]> paths = paths();
        for (int p = 0; p < paths.size(); p++) {
            int at = 0;
            for (int i = 0; i <= paths.get(p).length; i++) {
                Map<Integer, Double> here = new HashMap<>();
                for (int id : followers(paths.get(p), i)) {
                    int count = id == END ? ends.length : 1;
                    here.put(id, logOfSum(Arrays.copyOfRange(logprobs.get(p), at, at + count)));
                    at += count;
                }
                told.put(Arrays.stream(paths.get(p), 0, i).boxed().toList(), here);
            }
        }
        double[] sums = texts.stream()
                .mapToDouble(text -> {
                    double sum = 0;
                    for (int i = 0; i < text.size(); i++) {
                        sum += told.get(text.subList(0, i)).get(text.get(i));
                    }
                    return sum;
                })
                .toArray();
        double all = logOfSum(sums);
        return Arrays.stream(sums).mapToObj(sum -> Math.exp(sum - all)).toList();
    }

    private static double logOfSum(double[] logs) {
        double most = Arrays.stream(logs).max().orElseThrow();
        return most
                + Math.log(Arrays.stream(logs).map(log -> Math.exp(log - most)).sum());
    }
}
