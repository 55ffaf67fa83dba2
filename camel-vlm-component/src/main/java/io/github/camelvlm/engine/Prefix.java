package io.github.camelvlm.engine;

import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.PromptPicture;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Tokens whose keys and values the KV cache holds, and what tells whether another prompt begins with the same.
 *
 * @param slot where they are held; the first {@code ids.length} places of it count
 * @param ids the tokens
 * @param pictures the pictures among them
 * @param adapter the key of the adapter that their keys and values were computed with
 */
record Prefix(KvCache.Slot slot, int[] ids, List<Picture> pictures, long adapter) {

    /**
     * A picture: its image tokens are equal for all pictures, so its content is told by a digest.
     *
     * @param time the temporal position of its tokens: the same frames may follow each other faster in another video
     */
    record Picture(int firstToken, String digest, long time) {
        static Picture of(CompiledPrompt prompt, PromptPicture picture) {
            return new Picture(
                    picture.firstToken(), picture.digest(), prompt.positions().positions()[0][picture.firstToken()]);
        }
    }

    /** What the cache holds of a sequence now. */
    static Prefix of(Sequence sequence) {
        int[] ids = new int[sequence.cached()];
        Arrays.setAll(ids, sequence::id);
        return new Prefix(sequence.slot(), ids, pictures(sequence), sequence.adapter());
    }

    /** The same in another slot. */
    Prefix in(KvCache.Slot other) {
        return new Prefix(other, ids, pictures, adapter);
    }

    private static List<Picture> pictures(Sequence sequence) {
        CompiledPrompt prompt = sequence.prompt();
        return prompt.pictures().stream()
                .map(picture -> Picture.of(prompt, picture))
                .toList();
    }

    /** How many tokens of a sequence's prompt are held here; never those whose logits are wanted, as the last one's are. */
    int sharedWith(Sequence sequence) {
        if (sequence.adapter() != adapter) {
            return 0;
        }
        int[] prompt = sequence.prompt().ids();
        int shared = Arrays.mismatch(prompt, ids);
        shared = shared < 0 ? prompt.length : shared;
        shared = Math.min(shared, sequence.firstWanted());
        List<Picture> others = pictures(sequence);
        for (int i = 0; i < others.size() && others.get(i).firstToken() < shared; i++) {
            if (i >= pictures.size() || !Objects.equals(others.get(i), pictures.get(i))) {
                return others.get(i).firstToken();
            }
        }
        return shared;
    }

    /** Whether everything held here is held by another one too. */
    boolean isCoveredBy(Prefix other) {
        return adapter == other.adapter
                && ids.length <= other.ids.length
                && Arrays.equals(ids, 0, ids.length, other.ids, 0, ids.length)
                && pictures.size() <= other.pictures.size()
                && pictures.equals(other.pictures.subList(0, pictures.size()));
    }
}
